/** Oracles: the values that went in, read back from the coordinates. */
import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { escapeHtml, html } from "./html.ts";
import { intervalChart } from "./interval-chart.ts";
import { lineChart } from "./line-chart.ts";
import { sampleReport } from "./sample-report.fixture.ts";
import { position, ticks } from "./scale.ts";

test("ticks are evenly spaced round numbers inside the axis, neither few nor many", () => {
  const rng = new Rng("ticks");
  for (let i = 0; i < 300; i++) {
    const low = rng.uniform(-5, 5);
    const high = low + 10 ** rng.uniform(-3, 5);
    const values = ticks({ low, high }, 5);
    expect(values.length).toBeGreaterThanOrEqual(2);
    expect(values.length).toBeLessThanOrEqual(6);
    const step = (values[1] as number) - (values[0] as number);
    expect([1, 2, 5]).toContain(Math.round(step / 10 ** Math.floor(Math.log10(step * 1.001))));
    for (const value of values) {
      expect(position({ low, high }, value)).toBeGreaterThanOrEqual(-1e-6);
      expect(position({ low, high }, value)).toBeLessThanOrEqual(100 + 1e-6);
    }
  }
});

test("values are escaped, markup is not, nothing is nothing", () => {
  const attack = `<img src=x onerror="a('b')"> & more`;
  expect(escapeHtml(attack)).not.toMatch(/[<>"']/);
  const { markup } = html`<p title="${attack}">${[attack, html`<b>${1}</b>`, null, undefined]}</p>`;
  expect(markup).toBe(`<p title="${escapeHtml(attack)}">${escapeHtml(attack)}<b>1</b></p>`);
});

const chart = (values: readonly number[]) =>
  lineChart({
    title: "Losses",
    xTitle: "Step",
    yTitle: "Loss",
    series: [{ name: "a", style: "t3", points: values.map((y, x) => ({ x, y })) }],
  }).markup;

function pathOf(markup: string, name: string): (readonly [number, number])[] {
  const data = new RegExp(`class="${name} t3" d="M([^"]*)"`).exec(markup)?.[1] ?? "";
  return data.split("L").map((pair) => pair.split(" ").map(Number) as [number, number]);
}

test("a line's raw path spans the axis and keeps the order of its values", () => {
  const values = [3, 1, 2, 5, 4];
  const path = pathOf(chart(values), "raw");
  expect(path.map(([x]) => x)).toEqual([0, 250, 500, 750, 1000]);
  const heights = path.map(([, y]) => 1000 - y);
  values.forEach((value, i) => {
    expect((heights[i] as number) / (heights[0] as number)).toBeCloseTo(value / 3, 2);
  });
});

test("smoothing leaves a constant and calms noise; long lines are thinned", () => {
  expect(new Set(pathOf(chart(Array(50).fill(2)), "line").map(([, y]) => y)).size).toBe(1);
  const rng = new Rng("noise");
  const markup = chart(Array.from({ length: 5000 }, () => rng.uniform(1, 2)));
  const spread = (path: readonly (readonly [number, number])[]) =>
    Math.max(...path.map(([, y]) => y)) - Math.min(...path.map(([, y]) => y));
  expect(pathOf(markup, "raw").length).toBeLessThanOrEqual(300);
  expect(spread(pathOf(markup, "line"))).toBeLessThan(0.8 * spread(pathOf(markup, "raw")));
});

test("lines with NaN lose the point, lines without points become a sentence", () => {
  expect(pathOf(chart([1, Number.NaN, 3]), "raw").length).toBe(2);
  expect(chart([])).toMatch(/^<p/);
});

test("whiskers end where the intervals end", async () => {
  const { table } = await sampleReport({ videos: 24, seeds: [1] });
  const { markup } = intervalChart(table.rows);
  const drawn = [...markup.matchAll(/class="whisker (\w+)" x1="([\d.]+)%" x2="([\d.]+)%"/g)].map((match) => [
    match[1],
    Number(match[2]),
    Number(match[3]),
  ]);
  const expected = table.rows.flatMap((row) =>
    (["baseline", "control", "t3"] as const).map((arm) => [
      arm,
      Number(row[arm].low?.toFixed(2)),
      Number(row[arm].high?.toFixed(2)),
    ]),
  );
  expect(drawn).toEqual(expected);
});
