/**
 * Runs in the layouts of other tools, line by line: lmms-eval's sample logs, submissions to QVHighlights, VTimeLLM's logs, CSV.
 */
import type { RunConfig, RunRow, RunTask } from "../format/index.ts";
import { csvLines } from "./csv.ts";
import { lmmsEvalLine } from "./lmms-eval.ts";
import { qvHighlightsLine } from "./qvhighlights.ts";
import { vtimellmLine } from "./vtimellm.ts";

export const exportFormats = ["lmms-eval", "qvhighlights", "vtimellm", "csv"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Tasks that a layout has a place for. */
const tasksOf: Readonly<Record<ExportFormat, readonly RunTask[]>> = {
  "lmms-eval": ["choice", "grounding"],
  qvhighlights: ["highlights", "grounding"],
  vtimellm: ["grounding", "captions"],
  csv: ["choice", "grounding", "highlights", "captions"],
};

/** Samples that the layout has no place for, with the reason; told one by one. */
export type OnSkipped = (id: string, reason: string) => void;

/** The text of a run in a layout, a line at a time with its end. Throws RangeError where the layout is for other tasks. */
export function* exportLines(
  { config, rows }: Readonly<{ config: RunConfig; rows: Iterable<RunRow> }>,
  format: ExportFormat,
  onSkipped: OnSkipped = () => {},
): Generator<string, void, void> {
  if (!tasksOf[format].includes(config.task))
    throw new RangeError(
      `Expected a run of ${tasksOf[format].join(" or ")} for ${format}, got ${config.task}. Choose another --to.`,
    );
  if (format === "csv") {
    yield* csvLines(rows);
    return;
  }
  const line = { "lmms-eval": lmmsEvalLine, qvhighlights: qvHighlightsLine, vtimellm: vtimellmLine }[format];
  for (const row of rows) {
    const value = line(row);
    if (typeof value === "string") onSkipped(row.doc.id, value);
    else yield `${JSON.stringify(value)}\n`;
  }
}
