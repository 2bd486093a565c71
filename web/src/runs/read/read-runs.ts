/** Dropped files, told by their content: runs, annotations, or neither. */
import { detectLog, figuresOf } from "zoetrope/evals/runs/format";
import { isTruth, readForeign } from "./foreign.ts";
import { type ReadRun, readRunLog } from "./run-log.ts";
import type { DroppedFile, ReadRuns, StudioRun } from "./studio-run.ts";
import { readTempCompass } from "./tempcompass.ts";

/** Of the intervals on the page; reports take 1000. */
const resamples = 400;

export function readRuns(files: readonly DroppedFile[]): ReadRuns {
  const problems: { file: string; reason: string }[] = [];
  const texts = files.filter(({ name }) => !name.endsWith(".csv"));
  const truths = texts.filter((file) => isTruth(file, files));
  const runs: StudioRun[] = [];
  for (const file of texts) {
    if (truths.includes(file)) continue;
    try {
      const run = readOne(file, truths, files);
      const outcomes = run.samples.map(({ outcome }) => outcome);
      runs.push({ ...run, id: file.name, figures: figuresOf(outcomes, { resamples }) });
    } catch (error) {
      // Readers name the file where it lies in memory; the page names it already.
      const reason = (error as Error).message.replaceAll("/dropped/", "").replace(`${file.name}: `, "");
      problems.push({ file: file.name, reason });
    }
  }
  return { runs, truths: truths.map(({ name }) => name), problems };
}

function readOne(file: DroppedFile, truths: readonly DroppedFile[], all: readonly DroppedFile[]): ReadRun {
  if (file.text.trim() === "") throw new Error("Expected a log, got an empty file. Drop one with samples.");
  const format = detectLog(file.text);
  if (format === "zoetrope") return readRunLog(file);
  if (format === "tempcompass") return readTempCompass(file);
  return readForeign(file, truths, all);
}
