/**
 * A line chart as SVG: a smoothed line over its faint raw values.
 *
 * The drawing stretches with the page while text and strokes keep their size: paths live in an inner drawing of 1000 x 1000
 * units without a fixed aspect, everything else is placed in percent.
 */
import { type Content, html, type Markup } from "./html.ts";
import { position, type Scale, ticks } from "./scale.ts";

/** One line; `style` names its colour class. Points in ascending x. */
export type Series = Readonly<{ name: string; style: string; points: readonly Readonly<{ x: number; y: number }>[] }>;

export type LineChart = Readonly<{
  title: string;
  xTitle: string;
  yTitle: string;
  series: readonly Series[];
  height?: number;
}>;

/** Raw values beyond this many points a line are averaged in groups: more cannot be seen. */
const drawnPoints = 300;

/** The chart, or a sentence where there is nothing to draw. Values that are not finite are left out. */
export function lineChart({ title, xTitle, yTitle, series, height = 260 }: LineChart): Markup {
  const lines = series.map((line) => {
    const raw = thin(line.points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)));
    return { ...line, raw, smooth: smooth(raw) };
  });
  const all = lines.flatMap(({ raw }) => raw);
  if (all.length < 2) return html`<p class="note">No ${title.toLowerCase()} were recorded.</p>`;
  const x = { low: Math.min(...all.map((p) => p.x)), high: Math.max(...all.map((p) => p.x)) };
  const y = { low: Math.min(0, ...all.map((p) => p.y)), high: 1.03 * Math.max(...all.map((p) => p.y)) };
  const path = (points: readonly { x: number; y: number }[], name: string) =>
    html`<path class="${name}" d="${pathData(points, x, y)}"/>`;
  const drawing: Content = [
    lines.map(({ raw, style }) => path(raw, `raw ${style}`)),
    lines.map((line) => path(line.smooth, `line ${line.style}`)),
  ];
  return html`<svg class="plot" role="img" aria-label="${describe(title, lines)}" width="100%" height="${height}">
${yAxis(y)}${xAxis(x)}
<text class="axis-title" x="100%" y="100%" dy="38" text-anchor="end">${xTitle}</text>
<text class="axis-title" x="-40" y="0" dy="-12">${yTitle}</text>
<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%">${drawing}</svg>
</svg>`;
}

/** Horizontal lines with their values at the left. */
function yAxis(scale: Scale): Content {
  const values = ticks(scale, 5);
  const digits = Math.max(...values.map((value) => String(value).split(".")[1]?.length ?? 0));
  return values.map((value) => {
    const y = fixed(100 - position(scale, value));
    return html`<line class="grid" x1="0" x2="100%" y1="${y}%" y2="${y}%"/><text class="tick" x="-8" y="${y}%" dy="4" text-anchor="end">${value.toFixed(digits)}</text>`;
  });
}

function xAxis(scale: Scale): Content {
  return ticks(scale, 5).map((value) => {
    const x = fixed(position(scale, value));
    return html`<line class="axis" x1="${x}%" x2="${x}%" y1="100%" y2="100%"/><text class="tick" x="${x}%" y="100%" dy="18" text-anchor="middle">${value.toLocaleString("en-US")}</text>`;
  });
}

function describe(title: string, lines: readonly Series[]): string {
  const ends = lines.map(
    ({ name, points }) => `${name} from ${points[0]?.y.toFixed(2)} to ${points.at(-1)?.y.toFixed(2)}`,
  );
  return `${title}: ${ends.join("; ")}.`;
}

function pathData(points: readonly { x: number; y: number }[], x: Scale, y: Scale): string {
  const at = (p: { x: number; y: number }) =>
    `${(10 * position(x, p.x)).toFixed(1)} ${(1000 - 10 * position(y, p.y)).toFixed(1)}`;
  return `M${points.map(at).join("L")}`;
}

function thin<P extends { x: number; y: number }>(points: readonly P[]): { x: number; y: number }[] {
  const group = Math.ceil(points.length / drawnPoints);
  return Array.from({ length: Math.ceil(points.length / group) || 0 }, (_, i) => {
    const part = points.slice(i * group, (i + 1) * group);
    const average = (key: "x" | "y") => part.reduce((sum, point) => sum + point[key], 0) / part.length;
    return { x: average("x"), y: average("y") };
  });
}

/** Mean over a window of about a twelfth of the line, centred, and narrower towards both ends so that it hardly lags. */
function smooth(points: readonly { x: number; y: number }[]): { x: number; y: number }[] {
  const reach = Math.round(points.length / 24);
  return points.map(({ x }, i) => {
    const near = Math.max(Math.ceil(reach / 3), Math.min(reach, i, points.length - 1 - i));
    const part = points.slice(Math.max(0, i - near), i + near + 1);
    return { x, y: part.reduce((sum, point) => sum + point.y, 0) / part.length };
  });
}

function fixed(percent: number): string {
  return percent.toFixed(2);
}
