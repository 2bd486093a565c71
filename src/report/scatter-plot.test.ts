/** Oracles: the values that went in, read back from the coordinates; the line through two points. */
import { expect, test } from "vitest";
import { pearson, Rng } from "../core/math/index.ts";
import { correlationText, type ScatterPoint, scatterPlot } from "./scatter-plot.ts";

const plot = (points: readonly ScatterPoint[]) =>
  scatterPlot({ title: "Text against video", xTitle: "Text", yTitle: "Video", points }).markup;

const random = new Rng("scatter");
const points = Array.from({ length: 12 }, (_, i): ScatterPoint => {
  const [x, y] = [random.uniform(30, 95), random.uniform(40, 62)];
  return { label: `m${i}`, x, y, style: "t3", yInterval: [y - 2, y + 3] };
});

const number = (text: string | undefined) => Number(text);

function circles(markup: string): { x: number; y: number }[] {
  return [...markup.matchAll(/cx="([\d.]+)%" cy="([\d.]+)%"/g)].map(([, x, y]) => ({ x: number(x), y: number(y) }));
}

/** Is `drawn` an affine picture of `given`, up to the digits of the coordinates? */
function expectAffine(drawn: readonly number[], given: readonly number[]): void {
  const [a, b] = [given.indexOf(Math.min(...given)), given.indexOf(Math.max(...given))];
  const scale = ((drawn[b] as number) - (drawn[a] as number)) / ((given[b] as number) - (given[a] as number));
  given.forEach((value, i) => {
    expect(drawn[i] as number).toBeCloseTo((drawn[a] as number) + scale * (value - (given[a] as number)), 1);
  });
}

test("points lie where their values say, larger values to the right and above, inside the plot", () => {
  const drawn = circles(plot(points));
  expectAffine(
    drawn.map(({ x }) => x),
    points.map(({ x }) => x),
  );
  expectAffine(
    drawn.map(({ y }) => -y),
    points.map(({ y }) => y),
  );
  for (const { x, y } of drawn) expect(Math.min(x, y, 100 - x, 100 - y)).toBeGreaterThan(0);
});

test("the line passes through every point of a perfect correlation, and ends with them", () => {
  const markup = plot([1, 3, 4, 9].map((x) => ({ label: `p${x}`, x, y: 20 - 2 * x })));
  const [x1, y1, x2, y2] = (
    /class="fit" x1="([\d.]+)%" y1="([\d.]+)%" x2="([\d.]+)%" y2="([\d.]+)%"/.exec(markup) ?? []
  )
    .slice(1)
    .map(Number) as [number, number, number, number];
  const drawn = circles(markup);
  expect([x1, x2]).toEqual([drawn[0]?.x, drawn[3]?.x]);
  for (const { x, y } of drawn) expect(y).toBeCloseTo(y1 + ((y2 - y1) * (x - x1)) / (x2 - x1), 1);
});

test("whiskers end where the intervals end", () => {
  const markup = plot(points);
  const ends = [...markup.matchAll(/class="whisker t3" x1="[\d.]+%" x2="[\d.]+%" y1="([\d.]+)%" y2="([\d.]+)%"/g)];
  expectAffine(
    ends.flatMap(([, low, high]) => [-number(low), -number(high)]),
    points.flatMap(({ yInterval }) => [...(yInterval as [number, number])]),
  );
});

test("labels keep a line's distance, however close their points are; a label alone stays at its point", () => {
  const crowd = Array.from({ length: 8 }, (_, i) => ({ label: `m${i}`, x: 10 + i / 100, y: 5 + i / 50 }));
  const far = { label: "far", x: 60, y: 4 };
  const markup = plot([...crowd, far]);
  const tops = [...markup.matchAll(/class="label" x="[\d.]+%" y="([\d.]+)%" dx="9" dy="(\d+)"/g)]
    .map(([, y, dy]) => (320 * number(y)) / 100 + number(dy))
    .sort((a, b) => a - b);
  expect(tops).toHaveLength(crowd.length);
  expect(markup).toMatch(/dx="-9" dy="4" text-anchor="end">far</);
  for (let i = 1; i < tops.length; i++) expect((tops[i] as number) - (tops[i - 1] as number)).toBeGreaterThan(14);
});

test("the caption states r, interval, p and n, and what the paper found", () => {
  const { markup } = scatterPlot({ title: "T", xTitle: "x", yTitle: "y", points, reference: "the paper: 0.89" });
  const correlation = pearson(
    points.map(({ x }) => x),
    points.map(({ y }) => y),
  );
  expect(markup).toContain(`T: ${correlationText(correlation)}; the paper: 0.89.</figcaption>`);
  expect(correlationText({ n: 12, r: 0.887, p: 1.16e-4, low: 0.64, high: 0.97 })).toBe(
    "Pearson r 0.89 (95 % interval 0.64 to 0.97), p 1.2e-4, n = 12",
  );
  expect(correlationText({ n: 3, r: -0.5, p: 2 / 3, low: null, high: null })).toBe("Pearson r −0.50, p 0.67, n = 3");
  expect(correlationText({ n: 4, r: -0.001, p: 0, low: -1, high: 1 })).toMatch(
    /r 0\.00 .*−1\.00 to 1\.00\), p < 1e-15/,
  );
  expect(correlationText({ n: 5, r: null, p: null, low: null, high: null })).toMatch(/no correlation/);
});

test("points that are not finite are left out; fewer than two are a sentence; labels are escaped", () => {
  expect(circles(plot([...points, { label: "lost", x: Number.NaN, y: 1 }]))).toHaveLength(points.length);
  expect(plot([{ label: "one", x: 1, y: 1 }])).toMatch(/^<p class="note">Too few points/);
  expect(plot([...points, { label: "<b>", x: 50, y: 50 }])).not.toContain("<b>");
});

test("points in one column have no line and no r", () => {
  const markup = plot([1, 2, 3].map((y) => ({ label: `p${y}`, x: 4, y })));
  expect(markup).not.toContain('class="fit"');
  expect(markup).toContain("no correlation can be computed, n = 3");
});
