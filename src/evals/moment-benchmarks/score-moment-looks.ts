/** The scores of a run's looks from its logs, and how far each baseline stays behind the video. */
import type { Estimate } from "../../core/math/index.ts";
import type { Look } from "../look.ts";
import { logOfLook } from "../look-logs.ts";
import { compareOutcomes, type LogScore, type Outcome, outcomeOf, readRun, scoreLog } from "../runs/index.ts";
import { intervalText, percentText, signedText, textTable } from "../text-table.ts";

export type MomentLookScore = Readonly<{
  look: Look;
  /** The metric of the run's headline figure, and its mean in percent. */
  metric: string;
  value: Estimate;
  unparsed: number;
  score: LogScore;
  /** The video's value minus this one's in points, paired; null for the video itself. */
  videoMinusThis: Estimate | null;
}>;

/** Score every look; the video comes first. */
export function scoreMomentLooks(looks: readonly Look[], output: string, seed: number): MomentLookScore[] {
  let video: readonly Outcome[] = [];
  return looks.map((look) => {
    const path = logOfLook(output, look);
    const { config } = readRun(path);
    const outcomes = Array.from(readRun(path).rows, outcomeOf);
    if (look === "video") video = outcomes;
    const { metric } = config;
    const { a, difference, unparsed } = compareOutcomes(outcomes, video, { metric, seed });
    const score = scoreLog(config, readRun(path).rows, { seed });
    if (score === null)
      throw new Error(`Expected a run of moments in ${path}, got ${config.task}. Name another folder.`);
    return {
      look,
      metric,
      value: a,
      unparsed: unparsed.a,
      score,
      videoMinusThis: look === "video" ? null : difference,
    };
  });
}

/** A row a look; nothing where only the video was asked about. */
export function formatMomentLooks(scores: readonly MomentLookScore[]): string {
  if (scores.length < 2) return "";
  const rows = scores.map(({ look, value, unparsed, videoMinusThis }) => [
    look,
    percentText(value.value),
    intervalText(value.low, value.high),
    videoMinusThis === null ? "" : signedText(videoMinusThis.value),
    videoMinusThis === null ? "" : intervalText(videoMinusThis.low, videoMinusThis.high),
    String(unparsed),
    String(value.n),
  ]);
  const metric = scores[0]?.metric ?? "";
  return `${textTable(["shown", metric, "95 %", "video minus this", "95 %", "unparsed", "n"], rows)}\nPaired, over questions that both looks answered.`;
}
