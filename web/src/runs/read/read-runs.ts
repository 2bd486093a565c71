/** Dropped files, told by their content: runs, annotations, or neither. */
import { figuresOf } from "zoetrope/evals/runs/format";
import { isLmmsEval, readLmmsEval } from "./lmms-eval.ts";
import { readPredictions, readTruth, type Truth } from "./moments.ts";
import { isRunLog, readRunLog } from "./run-log.ts";
import type { DroppedFile, ReadRuns, StudioRun } from "./studio-run.ts";
import { isTempCompass, readTempCompass } from "./tempcompass.ts";

/** Of the intervals on the page; reports take 1000. */
const resamples = 400;

export function readRuns(files: readonly DroppedFile[]): ReadRuns {
  const problems: { file: string; reason: string }[] = [];
  const truths: Truth[] = [];
  const rest: DroppedFile[] = [];
  for (const file of files) {
    if (file.name.endsWith(".csv")) continue;
    const isKnown = isRunLog(file.text) || isLmmsEval(file.text) || isTempCompass(file.text);
    const truth = isKnown ? null : readTruth(file, files);
    if (truth === null) rest.push(file);
    else truths.push(truth);
  }
  const runs: StudioRun[] = [];
  for (const file of rest) {
    try {
      const run = readOne(file, truths);
      const figures = figuresOf(
        run.samples.map(({ outcome }) => outcome),
        { resamples },
      );
      runs.push({ ...run, id: file.name, figures });
    } catch (error) {
      problems.push({ file: file.name, reason: (error as Error).message });
    }
  }
  return { runs, truths: truths.map(({ file }) => file), problems };
}

function readOne(file: DroppedFile, truths: readonly Truth[]): Omit<StudioRun, "id" | "figures"> {
  if (file.text.trim() === "") throw new Error("Expected a log, got an empty file. Drop one with samples.");
  if (isRunLog(file.text)) return readRunLog(file);
  if (isLmmsEval(file.text)) return readLmmsEval(file);
  if (isTempCompass(file.text)) return readTempCompass(file);
  return readPredictions(file, truths);
}
