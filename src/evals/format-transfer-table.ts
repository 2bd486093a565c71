/**
 * The transfer table as aligned text for a terminal: one line a row where that fits, else the intervals on a second line.
 */
import type { Difference } from "../core/metrics/index.ts";
import type { Score } from "./score.ts";
import type { TransferRow, TransferTable } from "./transfer-table.ts";

export type TableFormat = Readonly<{
  /** Columns of the terminal; at least 100 are used. */
  width?: number;
  /** ANSI colours; for terminals only. */
  colour?: boolean;
}>;

type Paint = "bold" | "dim" | "green" | "red";
type Cell = Readonly<{ text: string; paint?: Paint | undefined }>;
type Layout = Readonly<{ head: readonly (readonly Cell[])[]; rows: readonly (readonly (readonly Cell[])[])[] }>;

const codes: Readonly<Record<Paint, number>> = { bold: 1, dim: 2, green: 32, red: 31 };
const arms = ["baseline", "control", "T3", "T3 - baseline", "T3 - control"];

/** Text without a final line end. Differences whose interval leaves out zero are green (above) or red (below). */
export function formatTransferTable(table: TransferTable, { width = 100, colour = false }: TableFormat = {}): string {
  const wide = {
    head: [titles("task", "n", "unparsed", "chance", ...arms)],
    rows: table.rows.map((row) => [wideLine(row)]),
  };
  const below = titles("  n", "chance", ...arms.map(() => "[95 %]")).map((cell): Cell => ({ ...cell, paint: "dim" }));
  const narrow = { head: [titles("task", "unparsed", ...arms), below], rows: table.rows.map(narrowLines) };
  const layout = widthOf(columnsOf(wide)) <= width ? wide : narrow;
  const columns = columnsOf(layout);
  const rule = paint("─".repeat(widthOf(columns)), "dim", colour);
  const line = (cells: readonly Cell[]) =>
    cells
      .map(({ text, paint: style }, i) => paint(pad(text, columns, i), style, colour))
      .join("  ")
      .trimEnd();
  const body = layout.rows.flatMap((lines, i) => {
    const [row, before] = [table.rows[i] as TransferRow, table.rows[i - 1]];
    const opens = before?.total !== row.total || (before.kind !== row.kind && !row.total);
    return [...(opens ? [rule] : []), ...lines.map(line)];
  });
  const notes = notesOf(table).flatMap((note) => wrap(note, Math.max(100, width)));
  return [...layout.head.map(line), ...body, rule, ...notes].join("\n");
}

function wideLine(row: TransferRow): Cell[] {
  const style = row.total ? "bold" : undefined;
  const both = ([top, bottom]: readonly Cell[]): Cell => ({
    text: [top?.text, bottom?.text].filter(Boolean).join(" "),
    paint: top?.paint ?? style,
  });
  const lead = [row.label, String(row.t3.n), unparsedOf(row), percent(row.chance)];
  return [...lead.map((text): Cell => ({ text, paint: style })), ...figures(row).map(both)];
}

function narrowLines(row: TransferRow): Cell[][] {
  const style = row.total ? "bold" : undefined;
  const cells = figures(row);
  const top = cells.map(([cell]): Cell => ({ text: cell?.text ?? "", paint: cell?.paint ?? style }));
  const bottom = cells.map(([, cell]): Cell => ({ text: cell?.text ?? "", paint: cell?.paint ?? "dim" }));
  return [
    [{ text: row.label, paint: style }, { text: unparsedOf(row), paint: style }, ...top],
    [{ text: `  ${row.t3.n}`, paint: "dim" }, { text: percent(row.chance), paint: "dim" }, ...bottom],
  ];
}

/** For each arm and difference: the figure and, if there is one, its interval. */
function figures(row: TransferRow): Cell[][] {
  return [
    ...[row.baseline, row.control, row.t3].map(scoreCells),
    differenceCells(row.gain),
    differenceCells(row.gainOverControl),
  ];
}

function scoreCells({ accuracy, low, high }: Score): Cell[] {
  return accuracy === null
    ? [{ text: "-" }]
    : [{ text: percent(accuracy) }, { text: `[${percent(low)} ${percent(high)}]` }];
}

function differenceCells({ value, low, high }: Difference): Cell[] {
  if (value === null || low === null || high === null) return [{ text: "-" }];
  const style = low > 0 ? "green" : high < 0 ? "red" : undefined;
  return [
    { text: points(value), paint: style },
    { text: `[${points(low)} ${points(high)}]`, paint: style },
  ];
}

function unparsedOf(row: TransferRow): string {
  return [row.baseline, row.control, row.t3].map(({ unparsed }) => unparsed).join("/");
}

function notesOf({ rows, seeds, videos, questions, perSeed }: TransferTable): string[] {
  const asked = (arm: "baseline" | "t3") => rows.reduce((sum, row) => sum + (row.total ? row[arm].n : 0), 0);
  const each = perSeed.map(
    ({ seed, temporal }) =>
      `seed ${seed}: ${[temporal.baseline, temporal.control, temporal.t3].map(percent).join(" / ")}`,
  );
  return [
    `Percent right of n answers; unparsed replies (baseline/control/T3) count as wrong. [95 % interval, resampled by ${
      seeds === 1 ? "video" : "video and seed"
    }]; differences are paired, in points. ${questions} questions on ${videos} videos, ${seeds} ${
      seeds === 1 ? "seed" : "seeds"
    }${asked("baseline") < asked("t3") ? `; n is that of T3, the baseline is one run (${asked("baseline")} answers)` : ""}.`,
    ...(seeds > 1 ? [`Temporal, baseline / control / T3: ${each.join("; ")}.`] : []),
  ];
}

function titles(...texts: readonly string[]): Cell[] {
  return texts.map((text) => ({ text, paint: "bold" }));
}

function columnsOf({ head, rows }: Layout): number[] {
  const lines = [...head, ...rows.flat()];
  return (head[0] ?? []).map((_, i) => Math.max(...lines.map((cells) => cells[i]?.text.length ?? 0)));
}

function widthOf(columns: readonly number[]): number {
  return columns.reduce((sum, column) => sum + column + 2, -2);
}

function pad(text: string, columns: readonly number[], i: number): string {
  return i === 0 ? text.padEnd(columns[i] as number) : text.padStart(columns[i] as number);
}

function paint(text: string, style: Paint | undefined, colour: boolean): string {
  return colour && style && text.trim() !== "" ? `\x1b[${codes[style]}m${text}\x1b[0m` : text;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function percent(value: number | null): string {
  return value === null ? "-" : value.toFixed(1);
}

function points(value: number): string {
  const text = value.toFixed(1);
  return Number(text) === 0 ? "0.0" : value > 0 ? `+${text}` : text;
}
