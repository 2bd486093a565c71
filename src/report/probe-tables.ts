/** The tables of the probing report: arms, losses, the paper's figures beside ours. */
import { type Figure, type GapRow, paperFigures, paperRow } from "../probes/index.ts";
import { paperTasks } from "../synthesis/index.ts";
import { count, percent, points } from "./format-number.ts";
import { html, type Markup } from "./html.ts";

type Level = GapRow["level"];

/** Every arm of every aspect and task, with what could not be read and T3's own reading. */
export function armTable(rows: readonly GapRow[]): Markup {
  const head = [
    "",
    "Full model",
    "Compat",
    "Decoder",
    "Compat",
    "LSTM probe",
    "Linear probe",
    "Chance",
    "Videos",
    "Unparsed",
  ];
  const line = (row: GapRow) => html`<tr><th scope="row">${rowName(row)}</th>
${figure(row.full, percent)}<td>${percent(row.full.compat)}</td>${figure(row.decoder, percent)}<td>${percent(row.decoder.compat)}</td>
${figure(row.probe, percent)}${figure(row.linear, percent)}<td>${percent(row.chance)}</td><td>${count(row.videos)}</td>
<td>${row.full.unparsed} / ${row.decoder.unparsed}</td></tr>`;
  return html`${scroll("All figures", head, bodies(rows, ["aspect", "task", "all"], line))}
<p class="note">Percent right. Unparsed replies (full model / decoder) count as wrong. Compat is T3's own reading of the same replies, its
defects included. A task is the mean over its aspects.</p>`;
}

/** The three losses of every aspect and task, in points. */
export function gapTable(rows: readonly GapRow[]): Markup {
  const head = ["", "Full model, %", "Lost in encoder", "Lost in decoder", "Lost in interface"];
  const line = (row: GapRow) => html`<tr><th scope="row">${rowName(row)}</th>${figure(row.full, percent)}
${[row.lostInEncoder, row.lostInDecoder, row.lostInInterface].map((loss) => figure(loss, points))}</tr>`;
  return scroll("Where accuracy is lost", head, bodies(rows, ["task", "all", "aspect"], line));
}

/** Arms and losses of ours and of the models in the paper, task by task. */
export function paperTable(rows: readonly GapRow[], model: string): Markup {
  const head = [
    "Task",
    "Model",
    "Full model",
    "Decoder",
    "Probe",
    "Lost in encoder",
    "Lost in decoder",
    "Lost in interface",
  ];
  const groups = paperTasks.flatMap((task) => {
    const ours = rows.find(({ level, label }) => level === "task" && label === task);
    if (!ours) return [];
    const own = html`<tr><th scope="row">${task}</th><td>${model}</td>${[ours.full, ours.decoder, ours.probe].map(
      ({ value }) => html`<td>${percent(value)}</td>`,
    )}${[ours.lostInEncoder, ours.lostInDecoder, ours.lostInInterface].map(({ value }) => html`<td>${points(value)}</td>`)}</tr>`;
    const theirs = paperFigures.map(({ name, arms }) => {
      const row = paperRow(name, task, arms[task]);
      const losses = [row.lostInEncoder, row.lostInDecoder, row.lostInInterface].map(points);
      return html`<tr><th scope="row"></th><td>${name}</td>${[row.full, row.decoder, row.probe].map(
        (value) => html`<td>${percent(value)}</td>`,
      )}${losses.map((loss) => html`<td>${loss}</td>`)}</tr>`;
    });
    return [html`<tbody>${own}${theirs}</tbody>`];
  });
  return scroll("The paper's figures", head, groups);
}

function bodies(rows: readonly GapRow[], levels: readonly Level[], line: (row: GapRow) => Markup): Markup[] {
  return levels
    .map((level) => rows.filter((row) => row.level === level))
    .filter((group) => group.length > 0)
    .map((group) => html`<tbody${group[0]?.level === "all" ? html` class="totals"` : null}>${group.map(line)}</tbody>`);
}

/** Aspects keep the names that the command line takes. */
export function rowName({ label, level }: GapRow): string {
  return level === "all" ? "Mean over tasks" : label;
}

function figure({ value, low, high }: Figure, print: (value: number | null) => string): Markup {
  const interval = value === null ? null : html`<span class="interval">${print(low)} to ${print(high)}</span>`;
  return html`<td><span class="value">${print(value)}</span>${interval}</td>`;
}

function scroll(label: string, head: readonly string[], groups: readonly Markup[]): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>${groups}</table></div>`;
}
