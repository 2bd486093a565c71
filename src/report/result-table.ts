/** Every figure of the transfer table, with counts and intervals. */
import type { TransferRow, TransferTable } from "../evals/index.ts";
import { count, counted, percent, points } from "./format-number.ts";
import { type Content, html, type Markup } from "./html.ts";
import { armNames, arms, capitalised } from "./interval-chart.ts";

export function resultTable(table: TransferTable): Markup {
  const groups = [
    table.rows.filter((row) => row.kind === "temporal" && !row.total),
    table.rows.filter((row) => row.kind === "static" && !row.total),
    table.rows.filter((row) => row.total),
  ].filter((rows) => rows.length > 0);
  return html`<div class="scroll" role="region" aria-labelledby="table-title" tabindex="0">
<table>
<thead><tr><th scope="col">Task</th>${arms.map(
    (arm) => html`<th scope="col">${armNames[arm]}</th>`,
  )}<th scope="col">T3 − baseline</th><th scope="col">T3 − control</th><th scope="col">Chance</th><th scope="col">n</th><th scope="col">Unparsed</th></tr></thead>
${groups.map((rows) => html`<tbody${rows[0]?.total ? html` class="totals"` : null}>${rows.map(resultRow)}</tbody>`)}
</table>
</div>
<p class="note">${notes(table)}</p>
${table.seeds > 1 ? seedTable(table) : null}`;
}

function resultRow(row: TransferRow): Markup {
  const unparsed = arms.map((arm) => row[arm].unparsed).join(" / ");
  return html`<tr><th scope="row">${capitalised(row.label)}</th>
${arms.map((arm) => figure(percent(row[arm].accuracy), percent(row[arm].low), percent(row[arm].high)))}
${[row.gain, row.gainOverControl].map(({ value, low, high }) => figure(points(value), points(low), points(high), tone(low, high)))}
<td>${percent(row.chance)}</td><td>${count(row.t3.n)}</td><td>${unparsed}</td></tr>`;
}

function figure(value: string, low: string, high: string, style = ""): Markup {
  const interval: Content = low === "–" ? null : html`<span class="interval">${low} to ${high}</span>`;
  return html`<td class="${style}"><span class="value">${value}</span>${interval}</td>`;
}

/** Coloured only where the interval leaves out zero. */
function tone(low: number | null, high: number | null): string {
  if (low === null || high === null) return "";
  return low > 0 ? "better" : high < 0 ? "worse" : "";
}

function notes({ rows, seeds, questions, videos }: TransferTable): string {
  const asked = (arm: "baseline" | "t3") => rows.reduce((sum, row) => sum + (row.total ? row[arm].n : 0), 0);
  const once =
    asked("baseline") < asked("t3")
      ? ` n counts the answers of T3 over all seeds; the baseline is one run of ${count(asked("baseline"))} answers.`
      : "";
  const what = seeds > 1 ? "videos and seeds" : "videos; one seed says nothing about other seeds";
  return `${counted(questions, "question")} on ${counted(videos, "video")}. Replies that could not be read (unparsed: baseline / control / T3) count as wrong. Differences are paired by question, in points; coloured where the interval leaves out zero. Intervals are percentiles of a bootstrap over ${what}.${once}`;
}

function seedTable({ perSeed }: TransferTable): Markup {
  const names = arms.map((arm) => html`<th scope="col">${armNames[arm]}</th>`);
  const over = ["Temporal", "Static"].map((kind) => html`<th class="over" scope="colgroup" colspan="3">${kind}</th>`);
  const head = html`<tr><th class="over"></th>${over}</tr><tr><th scope="col">Seed</th>${names}${names}</tr>`;
  const row = (scores: TransferTable["perSeed"][number]) =>
    html`<tr><th scope="row">${scores.seed}</th>${(["temporal", "static"] as const).map((kind) =>
      arms.map((arm) => html`<td>${percent(scores[kind][arm])}</td>`),
    )}</tr>`;
  return html`<h3>Seed by seed</h3><div class="scroll" role="region" aria-label="Scores by seed" tabindex="0"><table class="compact"><thead>${head}</thead><tbody>${perSeed.map(row)}</tbody></table></div>`;
}
