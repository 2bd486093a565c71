/**
 * The diagnosis as text for a terminal: accuracies of the arms, the gap decomposition, the paper's figures beside ours.
 */

import { paperTasks } from "../synthesis/index.ts";
import { type Figure, type GapRow, type PaperRow, paperRow } from "./gap.ts";
import { paperFigures } from "./paper-figures.table.ts";
import type { ProbeResult } from "./run-probe.ts";

/** Two tables and their notes, without a final line end. */
export function formatProbe({ rows, model, decoder, features, mode, captionLayout, seeds }: ProbeResult): string {
  const present = new Set(rows.filter(({ level }) => level === "task").map(({ label }) => label));
  const perSeed = Math.max(1, seeds.length);
  const arms = table(
    ["", "n", "chance", "full model", "decoder on captions", "LSTM probe", "linear probe"],
    rows.map((row) => [
      row.label,
      String(Math.max(row.full.n, row.decoder.n, row.probe.n / perSeed, row.linear.n / perSeed)),
      number(row.chance),
      ...[row.full, row.decoder, row.probe, row.linear].map(interval),
    ]),
    rows,
  );
  const asked = rows.filter(({ full, decoder: text }) => full.n + text.n > 0);
  const readings = table(
    ["", "full: right", "compat", "unparsed", "decoder: right", "compat", "unparsed"],
    asked.map((row) => [
      row.label,
      ...[row.full, row.decoder].flatMap((arm) => [
        number(arm.value),
        number(arm.compat),
        arm.n === 0 ? "-" : `${arm.unparsed} of ${arm.n}`,
      ]),
    ]),
    asked,
  );
  const summarised = rows.filter(({ level }) => level !== "aspect");
  const gaps = table(
    ["", "full model", "lost in encoder", "lost in decoder", "lost in interface"],
    [
      ...summarised.map((row) => [
        row.label,
        number(row.full.value),
        ...[row.lostInEncoder, row.lostInDecoder, row.lostInInterface].map(interval),
      ]),
      ...paperFigures.flatMap(({ name, arms: reported }) =>
        paperTasks.filter((task) => present.has(task)).map((task) => paperCells(paperRow(name, task, reported[task]))),
      ),
    ],
    [...summarised, ...paperFigures.map(() => ({ level: "paper" })).slice(0, 1)],
  );
  const notes = [
    "Percent right of n questions, [95 % interval, resampled by video and seed]; a task is the mean over its aspects, all the",
    "mean over tasks. Unparsed replies count as wrong; compat is T3's own reading of the same replies, defects included.",
    "encoder: 100 - probe; decoder: probe - decoder; interface: min(probe, decoder) - full. Nothing is clipped. Of the paper:",
    "Fig. 3 of arXiv 2410.06166, whose probe, decoder and full model stand behind the same differences.",
    `${model}${decoder === model ? "" : `, captions read by ${decoder}`}; tokens: ${features}; probes: ${mode}, ${seeds.length === 0 ? "none" : `seeds ${seeds.join(", ")}`}${captionLayout === null ? "" : `; captions as ${captionLayout === "t3" ? "T3's prompt" : "bare lines (the model lacks words of T3's prompt)"}`}.`,
  ];
  return [
    arms,
    "",
    ...(asked.length === 0 ? [] : ["How the replies were read", readings, ""]),
    "Where accuracy is lost, in points",
    gaps,
    "",
    ...notes,
  ].join("\n");
}

/** The headline figures under flat names: taskArm, and lostInX of the mean over tasks. */
export function probeSummary(rows: readonly GapRow[]): Record<string, number | null> {
  const summary: Record<string, number | null> = {};
  for (const row of rows.filter(({ level }) => level !== "aspect")) {
    const name = row.label.charAt(0).toLowerCase() + row.label.slice(1);
    for (const arm of ["full", "decoder", "probe", "linear"] as const) {
      summary[`${name}${arm.charAt(0).toUpperCase()}${arm.slice(1)}`] = row[arm].value;
    }
    for (const loss of ["lostInEncoder", "lostInDecoder", "lostInInterface"] as const) {
      summary[`${name}${loss.charAt(0).toUpperCase()}${loss.slice(1)}`] = row[loss].value;
    }
  }
  return summary;
}

function paperCells(row: PaperRow): string[] {
  const { name, task, full, lostInEncoder, lostInDecoder, lostInInterface } = row;
  return [`${task}, ${name} (T3)`, number(full), number(lostInEncoder), number(lostInDecoder), number(lostInInterface)];
}

/** Columns aligned; a rule before every change of level. */
function table(
  head: readonly string[],
  lines: readonly (readonly string[])[],
  levels: readonly Readonly<{ level: string }>[],
): string {
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((cells) => cells[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number)))
      .join("  ");
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  const body = lines.flatMap((cells, i) => {
    const opens = levels[i] !== undefined && levels[i]?.level !== levels[i - 1]?.level;
    return opens ? [rule, line(cells)] : [line(cells)];
  });
  return [line(head), ...body].join("\n");
}

function interval({ value, low, high }: Figure): string {
  return value === null ? "-" : `${number(value)} [${number(low)} ${number(high)}]`;
}

function number(value: number | null): string {
  if (value === null) return "-";
  const text = value.toFixed(1);
  return text === "-0.0" ? "0.0" : text;
}
