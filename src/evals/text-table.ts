/** Plain tables for a terminal, and the figures in them. */
import type { Problem } from "./benchmarks/index.ts";

/** Lines with aligned columns, the first column to the left, the others to the right; a rule under the head. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (cells: readonly string[]) =>
    widths
      .map((width, i) => (i === 0 ? (cells[i] ?? "").padEnd(width) : (cells[i] ?? "").padStart(width)))
      .join("  ")
      .trimEnd();
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [line(head), rule, ...rows.map(line)].join("\n");
}

/** "45.6", "-" of nothing. */
export function percentText(value: number | null | undefined): string {
  return value === null || value === undefined ? "-" : value.toFixed(1);
}

/** "[43.1 48.2]", "" where there is none. */
export function intervalText(low: number | null, high: number | null): string {
  return low === null || high === null ? "" : `[${percentText(low)} ${percentText(high)}]`;
}

/** "+2.1", "-0.4", "0.0", "-" of nothing. */
export function signedText(value: number | null | undefined): string {
  if (value === null || value === undefined) return "-";
  const text = value.toFixed(1);
  if (Number(text) === 0) return "0.0";
  return value > 0 ? `+${text}` : text;
}

/** A line a problem with its first names; nothing where there is none. */
export function problemLines(problems: readonly Problem[], shown = 5): string[] {
  return problems.map(({ what, count, names }) => {
    const more = count > Math.min(shown, names.length) ? ", ..." : "";
    return `${count} ${what}: ${names.slice(0, shown).join(", ")}${more}`;
  });
}
