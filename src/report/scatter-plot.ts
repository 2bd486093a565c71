/**
 * A scatter plot as SVG: labelled points with their intervals, the least-squares line, and Pearson's r with its p value in the
 * caption.
 *
 * The drawing stretches with the page like the line chart: everything is placed in percent of the plot. Labels stand to the
 * right of their point, or to the left in the right half; one that would stand on another moves down, on a leader line.
 */
import { type Correlation, pearson, regressionLine } from "../core/math/index.ts";
import { type Content, html, type Markup } from "./html.ts";
import { position, type Scale, ticks } from "./scale.ts";

/** One point; `style` names its colour class. An interval is drawn where it is given, in the units of its axis. */
export type ScatterPoint = Readonly<{
  label: string;
  x: number;
  y: number;
  style?: string;
  xInterval?: readonly [low: number, high: number];
  yInterval?: readonly [low: number, high: number];
}>;

export type ScatterPlot = Readonly<{
  title: string;
  xTitle: string;
  yTitle: string;
  points: readonly ScatterPoint[];
  height?: number;
  /** A second correlation to print beside this one: the paper's. */
  reference?: string;
}>;

/** Least distance between labels, in pixels. */
const labelHeight = 15;
/** What a character of a label takes at most, in percent of the plot; the plot's width in pixels is not known here. */
const characterWidth = 1.2;

/** The plot with its caption, or a sentence where there is nothing to draw. Points that are not finite are left out. */
export function scatterPlot({ title, xTitle, yTitle, points, height = 320, reference }: ScatterPlot): Markup {
  const drawn = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  if (drawn.length < 2) return html`<p class="note">Too few points for ${title}: ${drawn.length}.</p>`;
  const x = padded(drawn.flatMap((point) => [point.x, ...(point.xInterval ?? [])]));
  const y = padded(drawn.flatMap((point) => [point.y, ...(point.yInterval ?? [])]));
  const [xs, ys] = [drawn.map((point) => point.x), drawn.map((point) => point.y)];
  const correlation = pearson(xs, ys);
  const lowered = labelOffsets(drawn, x, y, height);
  return html`<figure class="chart scatter"><svg class="plot" role="img" aria-label="${title}: ${correlationText(correlation)}." width="100%" height="${height}">
${grid(x, y)}
<text class="axis-title" x="100%" y="100%" dy="38" text-anchor="end">${xTitle}</text>
<text class="axis-title" x="-40" y="0" dy="-12">${yTitle}</text>
${fitted(drawn, x, y)}
${drawn.map((point, i) => mark(point, x, y, lowered[i] as number))}
</svg>
<figcaption class="scatter-caption">${title}: ${correlationText(correlation)}${reference === undefined ? null : `; ${reference}`}.</figcaption></figure>`;
}

/** "Pearson r 0.89 (95 % interval 0.65 to 0.97), p 1.2e-4, n = 12" */
export function correlationText({ n, r, p, low, high }: Correlation): string {
  if (r === null) return `no correlation can be computed, n = ${n}`;
  const interval = low === null || high === null ? "" : ` (95 % interval ${signed(low)} to ${signed(high)})`;
  return `Pearson r ${signed(r)}${interval}${p === null ? "" : `, p ${pValue(p)}`}, n = ${n}`;
}

/** Two digits: "0.043", "1.2e-4"; "< 1e-15" where doubles end. */
function pValue(p: number): string {
  if (p < 1e-15) return "< 1e-15";
  return p < 1e-3 ? p.toExponential(1) : p.toPrecision(2);
}

function signed(value: number): string {
  return value
    .toFixed(2)
    .replace(/^-(?=.*[1-9])/, "−")
    .replace(/^-/, "");
}

/** The range of the values and a twelfth of it on either side. */
function padded(values: readonly number[]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = high > low ? (high - low) / 12 : 1;
  return { low: low - margin, high: high + margin };
}

function grid(x: Scale, y: Scale): Content {
  const rows = ticks(y, 5).map((value) => {
    const at = percent(100 - position(y, value));
    return html`<line class="grid" x1="0" x2="100%" y1="${at}" y2="${at}"/><text class="tick" x="-8" y="${at}" dy="4" text-anchor="end">${value}</text>`;
  });
  const columns = ticks(x, 6).map((value) => {
    const at = percent(position(x, value));
    return html`<line class="grid" x1="${at}" x2="${at}" y1="0" y2="100%"/><text class="tick" x="${at}" y="100%" dy="18" text-anchor="middle">${value}</text>`;
  });
  return [rows, columns];
}

/** The regression line across the points' own range of x: beyond it nothing is known. */
function fitted(points: readonly ScatterPoint[], x: Scale, y: Scale): Content {
  const xs = points.map((point) => point.x);
  const line = regressionLine(
    xs,
    points.map((point) => point.y),
  );
  if (line === null) return null;
  const ends = [Math.min(...xs), Math.max(...xs)].map((at) => [
    percent(position(x, at)),
    percent(100 - position(y, line.slope * at + line.intercept)),
  ]);
  return html`<line class="fit" x1="${ends[0]?.[0]}" y1="${ends[0]?.[1]}" x2="${ends[1]?.[0]}" y2="${ends[1]?.[1]}"/>`;
}

function mark(point: ScatterPoint, x: Scale, y: Scale, lowered: number): Markup {
  const [left, top] = [position(x, point.x), 100 - position(y, point.y)];
  const style = point.style ?? "baseline";
  const whiskers: Content = [
    point.xInterval &&
      html`<line class="whisker ${style}" x1="${percent(position(x, point.xInterval[0]))}" x2="${percent(position(x, point.xInterval[1]))}" y1="${percent(top)}" y2="${percent(top)}"/>`,
    point.yInterval &&
      html`<line class="whisker ${style}" x1="${percent(left)}" x2="${percent(left)}" y1="${percent(100 - position(y, point.yInterval[0]))}" y2="${percent(100 - position(y, point.yInterval[1]))}"/>`,
  ];
  const [dx, anchor] = isLeftward(point, x) ? [-9, "end"] : [9, "start"];
  const leader =
    lowered === 0
      ? null
      : html`<svg x="${percent(left)}" y="${percent(top)}" overflow="visible" width="1" height="1"><line class="leader" x1="0" y1="0" x2="${dx}" y2="${lowered}"/></svg>`;
  return html`${whiskers}${leader}<circle class="mark ${style}" cx="${percent(left)}" cy="${percent(top)}" r="5"><title>${point.label}: ${point.x}, ${point.y}</title></circle><text class="label" x="${percent(left)}" y="${percent(top)}" dx="${dx}" dy="${4 + lowered}" text-anchor="${anchor}">${point.label}</text>`;
}

function isLeftward(point: ScatterPoint, x: Scale): boolean {
  return position(x, point.x) > 50;
}

type Box = Readonly<{ left: number; right: number; top: number }>;

/** How many pixels each label moves down so that none stands on another or on a point, from the top of the plot on. */
function labelOffsets(points: readonly ScatterPoint[], x: Scale, y: Scale, height: number): number[] {
  const offsets = new Array<number>(points.length).fill(0);
  const dot = characterWidth / 2;
  const boxes = points.map((point, i) => {
    const [at, width] = [position(x, point.x), characterWidth * point.label.length];
    const [left, right] = isLeftward(point, x) ? [at - width - dot, at - dot] : [at + dot, at + width + dot];
    return { i, left, right, top: (height * (100 - position(y, point.y))) / 100 };
  });
  const placed: Box[] = points.map((point, i) => {
    const at = position(x, point.x);
    return { left: at - dot, right: at + dot, top: boxes[i]?.top as number };
  });
  for (const { i, ...box } of [...boxes].sort((a, b) => a.top - b.top)) {
    let top = box.top;
    for (;;) {
      const inTheWay = placed.filter((other) => overlap(other, { ...box, top }));
      if (inTheWay.length === 0) break;
      top = Math.max(...inTheWay.map((other) => other.top)) + labelHeight;
    }
    offsets[i] = Math.round(top - box.top);
    placed.push({ ...box, top });
  }
  return offsets;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && Math.abs(a.top - b.top) < labelHeight;
}

function percent(value: number): string {
  return `${value.toFixed(2)}%`;
}
