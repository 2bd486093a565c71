/** The plots of the page, as options of Observable Plot. Colours are those of tokens.css. */
import * as Plot from "@observablehq/plot";
import { type Stage, smoothed, thinned } from "./events.ts";
import type { ProbeRow, TextVideo, TransferRow } from "./results.ts";

/** Loss by step: every batch faintly, its running mean, validation as dots. */
export function lossPlot({ steps, validations }: Stage): Plot.PlotOptions {
  const points = thinned(steps);
  const lossOf = ({ step, values }: Stage["validations"][0]) => ({ step, loss: values.loss ?? Number.NaN });
  const validated = validations.map(lossOf).filter(({ loss }) => Number.isFinite(loss));
  return {
    height: 270,
    marginLeft: 48,
    marginBottom: 40,
    x: { label: "step", nice: true, ticks: 8, tickFormat: "d" },
    y: { label: "loss", grid: true, nice: true, zero: true },
    marks: [
      Plot.ruleY([0], { stroke: "var(--line-strong)" }),
      Plot.lineY(points, { x: "step", y: "loss", stroke: "var(--run-1)", strokeOpacity: 0.3, strokeWidth: 1 }),
      Plot.lineY(smoothed(points), { x: "step", y: "loss", stroke: "var(--run-1)", strokeWidth: 2 }),
      Plot.dot(validated, { x: "step", y: "loss", fill: "var(--accent)", r: 3.5 }),
    ],
  };
}

const arms = [
  { key: "baseline", name: "before", tone: "var(--ink-3)" },
  { key: "control", name: "control", tone: "var(--run-1)" },
  { key: "t3", name: "after T3", tone: "var(--accent)" },
] as const;

export const armLegend = arms.map(({ name, tone }) => ({ name, tone }));

/** Accuracy by task before and after, with intervals; a tick at chance. */
export function transferPlot(rows: readonly TransferRow[]): Plot.PlotOptions {
  const scored = rows.flatMap((row) =>
    arms.flatMap(({ key, tone }, i) => {
      const score = row[key];
      if (!score || score.accuracy === null) return [];
      const { accuracy, low, high } = score;
      return [{ task: nameOf(row), accuracy, low: low ?? accuracy, high: high ?? accuracy, tone, dy: (i - 1) * 6 }];
    }),
  );
  const chance = rows.flatMap((row) => (row.chance === null ? [] : [{ task: nameOf(row), chance: row.chance }]));
  const byOffset = [...new Set(scored.map(({ dy }) => dy))];
  return {
    height: 34 * rows.length + 58,
    marginLeft: 148,
    marginTop: 8,
    marginBottom: 40,
    x: { domain: [0, 100], label: "percent right", grid: true, ticks: 6 },
    y: { label: null, domain: rows.map(nameOf), tickSize: 0 },
    marks: [
      Plot.tickX(chance, { x: "chance", y: "task", stroke: "var(--line-strong)", strokeWidth: 2, inset: 3 }),
      ...byOffset.flatMap((dy) => {
        const own = scored.filter((each) => each.dy === dy);
        return [
          Plot.link(own, {
            x1: "low",
            x2: "high",
            y1: "task",
            y2: "task",
            stroke: "tone",
            strokeOpacity: 0.6,
            strokeWidth: 2,
            dy,
          }),
          Plot.dot(own, { x: "accuracy", y: "task", fill: "tone", r: 4, dy }),
        ];
      }),
    ],
  };
}

function nameOf({ label, total, kind }: TransferRow): string {
  return total ? `all ${kind}` : label;
}

const parts = [
  { key: "lostInEncoder", name: "encoder", tone: "var(--run-1)" },
  { key: "lostInDecoder", name: "decoder", tone: "var(--accent)" },
  { key: "lostInInterface", name: "interface", tone: "var(--run-2)" },
] as const;

export const partLegend = parts.map(({ name, tone }) => ({ name, tone }));

/** Where accuracy is lost, in points, by task; a loss below 0 is a gain over the weaker part. */
export function probePlot(rows: readonly ProbeRow[]): Plot.PlotOptions {
  const shown = rows.filter(({ level }) => level !== "aspect");
  const lost = shown.flatMap((row) =>
    parts.flatMap(({ key, tone }) => {
      const { value } = row[key];
      return value === null ? [] : [{ task: row.label, value, tone }];
    }),
  );
  const gained = shown.map((row) => parts.reduce((sum, { key }) => sum + Math.min(0, row[key].value ?? 0), 0));
  const least = Math.min(-30, ...gained.map((value) => 10 * Math.floor(value / 10)));
  return {
    height: 34 * shown.length + 58,
    marginLeft: 92,
    marginTop: 8,
    marginBottom: 40,
    x: { label: "points lost", grid: true, domain: [least, 105], ticks: 7 },
    y: { label: null, domain: shown.map(({ label }) => label), tickSize: 0, padding: 0.35 },
    marks: [
      Plot.barX(lost, { x: "value", y: "task", fill: "tone", fillOpacity: 0.85, inset: 0.5, rx: 2 }),
      Plot.ruleX([0], { stroke: "var(--ink-3)" }),
    ],
  };
}

/** Accuracy on text against accuracy on video, a point a model. */
export function correlationPlot({ points }: TextVideo): Plot.PlotOptions {
  return {
    height: 330,
    marginLeft: 48,
    marginBottom: 40,
    // Room for the labels of points at the rim.
    inset: 24,
    insetLeft: 48,
    x: { label: "percent right on held-out text", grid: true, nice: true },
    y: { label: "percent right on video", grid: true, nice: true },
    marks: [
      Plot.linearRegressionY(points, {
        x: "x",
        y: "y",
        stroke: "var(--run-1)",
        fill: "var(--run-1)",
        fillOpacity: 0.1,
        clip: "frame",
      }),
      Plot.dot(points, { x: "x", y: "y", fill: "var(--run-1)", r: 4 }),
      Plot.text(points, { x: "x", y: "y", text: "label", dy: -10, fill: "var(--ink-2)" }),
    ],
  };
}
