/**
 * The scores of the transfer with their intervals, one plot a row on a shared percent axis.
 */
import type { Arm, TransferRow } from "../evals/index.ts";
import { percent, points } from "./format-number.ts";
import { html, type Markup } from "./html.ts";
import { intervalFigure, intervalLegend, intervalPlot, type Lane } from "./interval-plot.ts";

export const armNames: Readonly<Record<Arm, string>> = { baseline: "Baseline", control: "Control", t3: "T3" };
export const arms: readonly Arm[] = ["baseline", "control", "t3"];

const shapes: Readonly<Record<Arm, Lane["shape"]>> = { baseline: "open circle", control: "square", t3: "full circle" };

/** The rows as a figure of label, plot and gain; the axis stands below. */
export function intervalChart(rows: readonly TransferRow[]): Markup {
  const drawn = rows.map(
    (row, i) => html`<div class="interval-row${opening(row, rows[i - 1])}">
<span class="interval-label">${capitalised(row.label)}</span>
${intervalPlot(
  describe(row),
  arms.map((arm) => ({ ...row[arm], style: arm, shape: shapes[arm], value: row[arm].accuracy })),
  row.chance,
)}
<span class="interval-gain">${points(row.gain.value)}</span>
</div>`,
  );
  return intervalFigure("T3 − baseline", drawn);
}

/** What the marks mean. */
export function armLegend(): Markup {
  return intervalLegend(arms.map((arm) => ({ name: armNames[arm], style: arm, shape: shapes[arm] })));
}

/** The first total is ruled off; the first static task stands a little apart. */
function opening(row: TransferRow, before: TransferRow | undefined): string {
  if (row.total) return before?.total ? "" : " interval-total";
  return before && before.kind !== row.kind ? " interval-group" : "";
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
