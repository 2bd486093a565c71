/**
 * Figures by layer as SVG: a line with a point a layer, and the interval behind it where there is one. Values may be negative.
 *
 * It stretches with the page as line-chart.ts does: paths in an inner drawing without a fixed aspect, the rest in percent.
 */
import { type Content, html, type Markup } from "./html.ts";
import { position, type Scale, ticks } from "./scale.ts";

export type LayerPoint = Readonly<{ x: number; y: number; low?: number | null; high?: number | null }>;
/** `tone` is a custom property of the stylesheet: t3, control, better, worse, baseline. */
export type LayerLine = Readonly<{ name: string; tone: string; points: readonly LayerPoint[]; dashed?: boolean }>;

export type LayerChart = Readonly<{
  title: string;
  xTitle: string;
  yTitle: string;
  lines: readonly LayerLine[];
  y: Scale;
  /** A line right across, at chance say. */
  level?: number;
  height?: number;
}>;

/** The chart; values beyond the scale are drawn at its edge. */
export function layerChart({ title, xTitle, yTitle, lines, y, level, height = 200 }: LayerChart): Markup {
  const places = lines.flatMap(({ points }) => points.map((point) => point.x));
  const x = { low: Math.min(...places), high: Math.max(...places) };
  const atX = (value: number) => position(x, value);
  const atY = (value: number) => 100 - position(y, Math.min(y.high, Math.max(y.low, value)));
  const path = (points: readonly (readonly [number, number])[]) =>
    `M${points.map(([px, py]) => `${(10 * atX(px)).toFixed(1)} ${(10 * atY(py)).toFixed(1)}`).join("L")}`;
  const bands = lines.map(({ tone, points }) => {
    const known = points.filter(({ low, high }) => low != null && high != null);
    if (known.length < 2) return null;
    const there = known.map((point) => [point.x, point.high as number] as const);
    const back = known.toReversed().map((point) => [point.x, point.low as number] as const);
    return html`<path d="${path([...there, ...back])}Z" style="fill:var(--${tone});opacity:.13"/>`;
  });
  const drawn = lines.map(
    ({ tone, points, dashed }) =>
      html`<path class="line" d="${path(points.map((point) => [point.x, point.y] as const))}" style="stroke:var(--${tone})${dashed ? ";stroke-dasharray:4 3" : ""}"/>`,
  );
  const dots = lines.map(({ name, tone, points }) =>
    points.map(
      (point) =>
        html`<circle cx="${atX(point.x).toFixed(2)}%" cy="${atY(point.y).toFixed(2)}%" r="3" style="fill:var(--${tone})"><title>${name}, layer ${point.x}: ${point.y.toFixed(2)}</title></circle>`,
    ),
  );
  const said = lines.map(({ name, points }) => `${name} ${points.map((point) => point.y.toFixed(1)).join(", ")}`);
  const across =
    level === undefined
      ? null
      : html`<line class="chance" x1="0" x2="100%" y1="${atY(level).toFixed(2)}%" y2="${atY(level).toFixed(2)}%"/>`;
  return html`<svg class="plot layer-chart" role="img" aria-label="${title}: ${said.join("; ")}." width="100%" height="${height}">
${grid(y, atY)}${xAxis(x, atX)}${across}
<text class="axis-title" x="100%" y="100%" dy="36" text-anchor="end">${xTitle}</text>
<text class="axis-title" x="-36" y="0" dy="-10">${yTitle}</text>
<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%">${bands}${drawn}</svg>${dots}
</svg>`;
}

/** Names of the lines with their colours. */
export function layerLegend(lines: readonly Pick<LayerLine, "name" | "tone">[]): Markup {
  return html`<ul class="legend">${lines.map(
    ({ name, tone }) =>
      html`<li><svg class="plot" width="18" height="10" aria-hidden="true"><line x1="0" x2="18" y1="5" y2="5" style="stroke:var(--${tone});stroke-width:2"/></svg>${name}</li>`,
  )}</ul>`;
}

/** A scale that holds every value, with 0 in it. */
export function scaleOf(values: readonly number[]): Scale {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  return low === high ? { low: -1, high: 1 } : { low, high };
}

function grid(scale: Scale, at: (value: number) => number): Content {
  return ticks(scale, 4).map((value) => {
    const y = at(value).toFixed(2);
    return html`<line class="${value === 0 ? "axis" : "grid"}" x1="0" x2="100%" y1="${y}%" y2="${y}%"/><text class="tick" x="-8" y="${y}%" dy="4" text-anchor="end">${String(value).replace("-", "−")}</text>`;
  });
}

function xAxis(scale: Scale, at: (value: number) => number): Content {
  return [...new Set(ticks(scale, 6).map(Math.round))].map(
    (value) =>
      html`<text class="tick" x="${at(value).toFixed(2)}%" y="100%" dy="18" text-anchor="middle">${value}</text>`,
  );
}
