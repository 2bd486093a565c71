/** Plots of a look inside: attention between groups of positions, a map a layer; and knock-outs, a small plot a kind of edge. */
import * as Plot from "@observablehq/plot";
import { type CurvePoint, curvePoints, flowCells, type Inside, type Look } from "./inside.ts";

const tones = ["var(--accent)", "var(--run-1)"];

/** Two maps in a row; the layers below each other. */
export function flowPlot(look: Look, width: number): Plot.PlotOptions {
  const names = look.groups.map(({ name }) => name);
  const columns = width < 560 ? 1 : Math.min(2, look.attention.length);
  const cells = flowCells(look).map((cell) => ({
    ...cell,
    fx: cell.layer % columns,
    fy: Math.floor(cell.layer / columns),
  }));
  const rows = Math.ceil(look.attention.length / columns);
  const titles = look.attention.map((_, layer) => ({
    ...{ fx: layer % columns, fy: Math.floor(layer / columns), title: `layer ${layer}` },
  }));
  return {
    height: rows * (names.length * 15 + 34) + 90,
    marginLeft: 72,
    marginTop: 24,
    marginBottom: 78,
    x: { domain: names, label: null, tickRotate: -55, tickSize: 0 },
    y: { domain: names, label: null, tickSize: 0 },
    fx: { axis: null, padding: 0.08 },
    fy: { axis: null, padding: 0.12 },
    // The square root, so that a few percent beside a whole are seen.
    opacity: { type: "sqrt", domain: [0, 1], range: [0.03, 1] },
    marks: [
      Plot.cell(cells, {
        x: "key",
        y: "query",
        fx: "fx",
        fy: "fy",
        fill: "var(--accent)",
        fillOpacity: "share",
        inset: 0.5,
      }),
      Plot.text(titles, { fx: "fx", fy: "fy", text: "title", frameAnchor: "top-right", fill: "var(--ink-2)", dy: 2 }),
    ],
  };
}

/** Change of the right answer's probability by layer; bands are intervals. */
export function knockOutPlot(inside: Inside, width: number): Plot.PlotOptions {
  const points = curvePoints(inside);
  const groups = groupsOf(points);
  const toneOf = ({ group }: CurvePoint) => tones[groups.indexOf(group)] ?? "var(--ink-3)";
  const columns = width < 480 ? 1 : width < 760 ? 2 : 3;
  const cuts = [...new Set(points.map(({ cut }) => cut))];
  const place = (cut: string) => ({ fx: cuts.indexOf(cut) % columns, fy: Math.floor(cuts.indexOf(cut) / columns) });
  const drawn = points.map((point) => ({ ...point, ...place(point.cut), tone: toneOf(point) }));
  const facets = { fx: "fx", fy: "fy", x: "centre", z: "group" } as const;
  return {
    height: Math.ceil(cuts.length / columns) * 116 + 50,
    marginLeft: 44,
    marginBottom: 34,
    marginTop: 20,
    x: { label: "layer", tickFormat: "d", ticks: layerTicks(points) },
    y: { label: null, grid: true, ticks: 4 },
    fx: { axis: null, padding: 0.12 },
    fy: { axis: null, padding: 0.3 },
    marks: [
      Plot.ruleY([0], { stroke: "var(--line-strong)" }),
      Plot.areaY(
        drawn.filter(({ low, high }) => low !== null && high !== null),
        { ...facets, y1: "low", y2: "high", fill: "tone", fillOpacity: 0.14 },
      ),
      Plot.lineY(drawn, { ...facets, y: "change", stroke: "tone", strokeWidth: 2 }),
      Plot.dot(drawn, { ...facets, y: "change", fill: "tone", r: 2.5 }),
      Plot.text(
        cuts.map((cut) => ({ cut, ...place(cut) })),
        { fx: "fx", fy: "fy", text: "cut", frameAnchor: "top-left", dy: -14, fill: "var(--ink-2)" },
      ),
    ],
  };
}

/** Whole layers, six of them at most: ticks between two layers would say one of them twice. */
function layerTicks(points: readonly CurvePoint[]): number[] {
  const last = Math.max(0, ...points.map(({ centre }) => centre));
  const step = Math.max(1, Math.ceil(last / 5));
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
}

/** The groups of questions with their colours. */
export function knockOutLegend(inside: Inside): Readonly<{ name: string; tone: string }>[] {
  return groupsOf(curvePoints(inside)).map((name, i) => ({ name, tone: tones[i] ?? "var(--ink-3)" }));
}

function groupsOf(points: readonly CurvePoint[]): string[] {
  return [...new Set(points.map(({ group }) => group))];
}
