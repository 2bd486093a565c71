/** QVHighlights' scores as text: the official report's figures with intervals, retrieval by threshold, what was odd. */
import { retrievalThresholds } from "../../core/metrics/index.ts";
import type { Problem } from "../../data/index.ts";
import { intervalText, percentText, problemLines, textTable } from "../text-table.ts";
import type { QvHighlightsRange, QvHighlightsScore } from "./score-qvhighlights.ts";

/** Text without a final line end. `problems` are those of the files, in front of the submission's own. */
export function formatQvHighlights(score: QvHighlightsScore, problems: readonly Problem[]): string {
  const { n, of, brief, intervals, missingAsMisses, retrieval } = score;
  const count = (value: number) => value.toLocaleString("en-US");
  const isWhole = n === of;
  const rows = Object.entries(brief).flatMap(([key, value]) => {
    if (value === null) return [];
    const { low = null, high = null } = intervals[key] ?? {};
    return [[key, figure(value), intervalText(low, high), ...(isWhole ? [] : [figure(missingAsMisses[key] ?? null)])]];
  });
  const head = ["", "official", "95 %", ...(isWhole ? [] : ["missing = miss"])];
  const covered = of === 0 ? "-" : `${percentText((100 * n) / of)} %`;
  return [
    `QVHighlights: ${count(n)} of ${count(of)} queries have a prediction (${covered}); scores are over those.`,
    "",
    rows.length === 0 ? "No windows and no saliency scores to measure." : textTable(head, rows),
    ...(retrieval === null ? [] : ["", byThreshold(retrieval)]),
    "",
    "Intervals are 95 %, resampled by video.",
    ...problemLines([...problems, ...score.problems]).map((line) => `! ${line}`),
  ].join("\n");
}

function byThreshold(retrieval: NonNullable<QvHighlightsScore["retrieval"]>): string {
  const ranges = Object.keys(retrieval) as QvHighlightsRange[];
  const keys = [...retrievalThresholds.map(String), "average"];
  const rows = (["MR-mAP", "MR-R1"] as const).flatMap((metric) =>
    ranges.map((range) => [
      `${range} ${metric}`,
      ...keys.map((key) => (key in retrieval[range][metric] ? figure(retrieval[range][metric][key] ?? null) : "")),
    ]),
  );
  return textTable(["", ...keys], rows);
}

function figure(value: number | null): string {
  return value === null ? "-" : value.toFixed(2);
}
