/** The table of a run as text. */

import type { BenchmarkTable } from "./benchmark-table.ts";
import type { ItemScore } from "./benchmarks/index.ts";
import { intervalText, percentText, signedText, textTable } from "./text-table.ts";

/** Text without a final line end. */
export function formatBenchmarkTable({ profile, rows, coverage }: BenchmarkTable): string {
  const columns = (score: ItemScore) => [
    percentText(score.accuracy),
    intervalText(score.low, score.high),
    String(score.unparsed),
  ];
  const looks = rows.map(({ look, profile: first, default: ours, videoMinusThis: gap }) => [
    look,
    ...columns(first.all),
    ...columns(ours.all),
    gap === null ? "" : signedText(gap.value),
    gap === null ? "" : intervalText(gap.low, gap.high),
    percentText(ours.all.chance),
    String(ours.all.n),
  ]);
  const head = [
    "shown",
    profile,
    "95 %",
    "unparsed",
    "default",
    "95 %",
    "unparsed",
    "video - this",
    "95 %",
    "chance",
    "n",
  ];
  const video = rows.find(({ look }) => look === "video");
  const present = Object.entries(video?.default.groups ?? {}).filter(([, scores]) => Object.keys(scores).length > 0);
  const groups = present.map(([grouping, scores]) => {
    const lines = Object.entries(scores).map(([group, ours]) => [
      group,
      ...columns(video?.profile.groups[grouping]?.[group] ?? ours),
      ...columns(ours),
      percentText(ours.chance),
      String(ours.n),
    ]);
    return textTable([grouping, profile, "95 %", "unparsed", "default", "95 %", "unparsed", "chance", "n"], lines);
  });
  const macro = video?.profile.macro ?? null;
  const unjudged = video?.profile.all.unjudged ?? 0;
  const share = coverage.of === 0 ? "-" : `${((100 * coverage.asked) / coverage.of).toFixed(1)} %`;
  return [
    `${coverage.asked} of ${coverage.of} items asked (${share}).`,
    "",
    textTable(head, looks),
    ...groups.flatMap((text) => ["", text]),
    "",
    ...(macro === null
      ? []
      : [`Mean over groups: ${percentText(macro)} (${profile}), ${percentText(video?.default.macro)} (default).`]),
    ...(unjudged === 0 ? [] : [`${unjudged} replies wait for a judge and count under ${profile} nowhere.`]),
    "Percent right of n; unparsed replies count as wrong. Intervals are 95 %, resampled by video; the gap is paired, in points.",
  ].join("\n");
}
