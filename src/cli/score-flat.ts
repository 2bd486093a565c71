/**
 * `zoetrope score` for predictions in one file: the scores of the profile's reader and of ours, by group.
 */
import { flatSummary, formatFlat, readFlatPredictions, scoreFlatReplies } from "../evals/index.ts";
import { printJson, printText } from "./context.ts";
import type { ScoreRequest } from "./score-request.ts";

/** Score a file of predictions and print it. */
export function scoreFlat({ benchmark, predictions, data, profile, seed, flags }: ScoreRequest): void {
  if (flags.judge !== undefined)
    throw new RangeError(`Expected no --judge: ${benchmark.title} has no judge. Leave it out.`);
  const open = benchmark.open(data, profile);
  const { replies, problems } = readFlatPredictions(predictions, open.items);
  const { groupings, macro } = open;
  const score = scoreFlatReplies(open.items, replies, { profile, groupings, macro, seed });
  const all = [...open.problems, ...problems];
  if (!flags.json) {
    printText(formatFlat(benchmark.title, score, all));
    return;
  }
  const asked = { command: "score", benchmark: benchmark.name, profile, predictions, data };
  printJson({ ...asked, summary: flatSummary(score), readers: score.readers, problems: all });
}
