/** `zoetrope score qvhighlights`: the official report of a submission, moments and highlights. */
import { readHighlightPredictions, readHighlightTruth } from "../data/index.ts";
import { blindQvHighlights, firstWindowFaults, formatQvHighlights, scoreQvHighlights } from "../evals/index.ts";
import { printJson, printText } from "./context.ts";
import { seedNumber } from "./flags.ts";

export type QvHighlightsFlags = Readonly<{ truth?: string; seed: string; json?: boolean }>;

export const qvHighlightsExample =
  "  $ zoetrope score qvhighlights preds.jsonl --truth highlight_val_release.jsonl --json";

/** Score a submission and print it. */
export function scoreQvHighlightsFile(predictions: string, flags: QvHighlightsFlags): void {
  const seed = seedNumber("--seed", flags.seed);
  if (flags.truth === undefined)
    throw new Error("Expected --truth to name QVHighlights' annotations, got none. Pass highlight_val_release.jsonl.");
  const truth = readHighlightTruth(flags.truth);
  const predicted = readHighlightPredictions(predictions);
  const score = scoreQvHighlights(truth.rows, predicted.rows, { seed });
  const scored = new Map([...truth.rows].filter(([qid]) => predicted.rows.has(qid)));
  const blind = blindQvHighlights(scored);
  const faults = score.retrieval === null ? [] : firstWindowFaults(scored, predicted.rows);
  const problems = [...truth.problems, ...predicted.problems];
  if (!flags.json) {
    printText(formatQvHighlights({ score, blind, faults, problems }));
    return;
  }
  const { brief, n, of, coverage, intervals, missingAsMisses, retrieval } = score;
  printJson({
    command: "score",
    benchmark: "qvhighlights",
    predictions,
    truth: flags.truth,
    summary: { ...brief, n, of, coverage },
    intervals,
    blind,
    faults,
    missingAsMisses,
    retrieval,
    problems: [...problems, ...score.problems],
  });
}
