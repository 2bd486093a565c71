/** QVHighlights' scores as text: the official report's figures with intervals, retrieval by threshold, what was odd. */
import { retrievalThresholds } from "../../core/metrics/index.ts";
import type { Problem } from "../../data/index.ts";
import { intervalText, percentText, problemLines, textTable } from "../text-table.ts";
import type { FaultRow } from "./fault-table.ts";
import { formatFaults } from "./format-grounding.ts";
import type { QvHighlightsRange, QvHighlightsScore } from "./score-qvhighlights.ts";

export type QvHighlightsReport = Readonly<{
  score: QvHighlightsScore;
  /** The brief figures of blind answers to the scored queries. */
  blind: Readonly<Record<string, number | null>>;
  /** Of the first windows; none where there are no windows. */
  faults: readonly FaultRow[];
  /** Those of the files, in front of the submission's own. */
  problems: readonly Problem[];
}>;

/** Text without a final line end. */
export function formatQvHighlights({ score, blind, faults, problems }: QvHighlightsReport): string {
  const { n, of, brief, intervals, missingAsMisses, retrieval } = score;
  const count = (value: number) => value.toLocaleString("en-US");
  const isWhole = n === of;
  const rows = Object.entries(brief).flatMap(([key, value]) => {
    if (value === null) return [];
    const { low = null, high = null } = intervals[key] ?? {};
    const official = [key, figure(value), intervalText(low, high), figure(blind[key] ?? null)];
    return [[...official, ...(isWhole ? [] : [figure(missingAsMisses[key] ?? null)])]];
  });
  const head = ["", "official", "95 %", "blind", ...(isWhole ? [] : ["missing = miss"])];
  const covered = of === 0 ? "-" : `${percentText((100 * n) / of)} %`;
  return [
    `QVHighlights: ${count(n)} of ${count(of)} queries have a prediction (${covered}); scores are over those.`,
    "",
    rows.length === 0 ? "No windows and no saliency scores to measure." : textTable(head, rows),
    ...(retrieval === null ? [] : ["", byThreshold(retrieval), "", formatFaults(faults)]),
    "",
    "Intervals are 95 %, resampled by video. Blind: one window for all queries and the mean rating of clips at a place, both",
    "fitted on the truth.",
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
