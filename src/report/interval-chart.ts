/**
 * Scores with their intervals as SVG, one plot a row on a shared percent axis: a mark and a whisker for each arm, and a
 * dashed line at the level of chance. Arms differ in shape as well as in colour.
 */
import type { Arm, Score, TransferRow } from "../evals/index.ts";
import { percent, points } from "./format-number.ts";
import { type Content, html, type Markup } from "./html.ts";

export const armNames: Readonly<Record<Arm, string>> = { baseline: "Baseline", control: "Control", t3: "T3" };
export const arms: readonly Arm[] = ["baseline", "control", "t3"];

const laneHeight = 12;
const rowHeight = laneHeight * (arms.length + 1);
const axis = [0, 25, 50, 75, 100];

/** The rows as a figure of label, plot and gain; the axis stands below. */
export function intervalChart(rows: readonly TransferRow[]): Markup {
  return html`<div class="intervals">
<div class="interval-row interval-head" aria-hidden="true"><span></span><span></span><span class="interval-gain">T3 − baseline</span></div>
${rows.map(
  (row, i) => html`<div class="interval-row${opening(row, rows[i - 1])}">
<span class="interval-label">${capitalised(row.label)}</span>
${rowPlot(row)}
<span class="interval-gain">${points(row.gain.value)}</span>
</div>`,
)}
<div class="interval-row interval-axis" aria-hidden="true"><span></span>
<svg class="plot" width="100%" height="20">${axis.map(
    (value) =>
      html`<text class="tick" x="${value}%" y="14" text-anchor="middle">${value}${value === 100 ? " %" : ""}</text>`,
  )}</svg><span></span></div>
</div>`;
}

/** What the marks mean. */
export function armLegend(): Markup {
  const key = (arm: Arm) =>
    html`<li><svg class="plot" width="22" height="12" aria-hidden="true"><line class="whisker ${arm}" x1="0" x2="22" y1="6" y2="6"/>${mark(arm, "50%", 6)}</svg>${armNames[arm]}</li>`;
  return html`<ul class="legend">${arms.map(key)}<li><svg class="plot" width="6" height="14" aria-hidden="true"><line class="chance" x1="3" x2="3" y1="0" y2="14"/></svg>Chance</li></ul>`;
}

/** The first total is ruled off; the first static task stands a little apart. */
function opening(row: TransferRow, before: TransferRow | undefined): string {
  if (row.total) return before?.total ? "" : " interval-total";
  return before && before.kind !== row.kind ? " interval-group" : "";
}

function rowPlot(row: TransferRow): Markup {
  const grid = axis.map((value) => html`<line class="grid" x1="${value}%" x2="${value}%" y1="0" y2="100%"/>`);
  const chance =
    row.chance === null
      ? null
      : html`<line class="chance" x1="${row.chance.toFixed(2)}%" x2="${row.chance.toFixed(2)}%" y1="4" y2="${rowHeight - 4}"/>`;
  const lanes = arms.map((arm, i) => lane(arm, row[arm], laneHeight * (i + 1)));
  return html`<svg class="plot" role="img" aria-label="${describe(row)}" width="100%" height="${rowHeight}">${grid}${chance}${lanes}</svg>`;
}

function lane(arm: Arm, { accuracy, low, high }: Score, y: number): Content {
  if (accuracy === null || low === null || high === null) return null;
  return html`<line class="whisker ${arm}" x1="${low.toFixed(2)}%" x2="${high.toFixed(2)}%" y1="${y}" y2="${y}"/>${mark(arm, `${accuracy.toFixed(2)}%`, y)}`;
}

/** Baseline: an open circle. Control: a square. T3: a full circle. */
function mark(arm: Arm, x: string, y: number): Markup {
  if (arm !== "control") return html`<circle class="mark ${arm}" cx="${x}" cy="${y}" r="${arm === "t3" ? 5 : 4}"/>`;
  return html`<svg x="${x}" y="${y}" overflow="visible" width="1" height="1"><rect class="mark control" x="-4" y="-4" width="8" height="8"/></svg>`;
}

function describe(row: TransferRow): string {
  const score = (arm: Arm) => {
    const { accuracy, low, high } = row[arm];
    return `${armNames[arm]} ${percent(accuracy)} %, interval ${percent(low)} to ${percent(high)}`;
  };
  return `${capitalised(row.label)}: ${arms.map(score).join("; ")}; chance ${percent(row.chance)} %.`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
