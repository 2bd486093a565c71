/** Benchmarks: their data, prompts, readers and scores. A new one gets a file here and a line in `benchmarks`. */
import type { Benchmark } from "./benchmark.ts";
import { mlvu } from "./mlvu.ts";
import { tempCompass } from "./tempcompass.ts";
import { tvbench } from "./tvbench.ts";
import { videoMme } from "./video-mme.ts";
import { worldCompassBenchmark } from "./world-compass.ts";

export { rawRows } from "./annotation-rows.ts";
export {
  type Benchmark,
  type BenchmarkItem,
  type Judging,
  type MakeOptions,
  type OpenBenchmark,
  type Problem,
  problem,
  type Reader,
  type Reading,
} from "./benchmark.ts";
export { readFlatPredictions } from "./flat-predictions.ts";
export { roundToTenth } from "./python-round.ts";
export { type ReadRepliesOptions, readReplies, readReply } from "./read-replies.ts";
export { type GroupScores, type ItemScore, type ItemScores, type ReadItem, scoreItems } from "./score-items.ts";
export { type TempCompassLikeOptions, tempCompassItem, tempCompassLike } from "./tempcompass.ts";
export {
  fineAspects,
  questionId,
  readTempCompass,
  type TempCompassQuestion,
  type TempCompassTask,
  tempCompassAspects,
  tempCompassTasks,
} from "./tempcompass-data.ts";
export { judgedCaption } from "./tempcompass-judge.ts";
export { readJudgements, readPredictions } from "./tempcompass-predictions.ts";
export { judgeSystem } from "./tempcompass-prompts.table.ts";
export {
  scoreTempCompass,
  type TaskScore,
  type TempCompassScheme,
  type TempCompassScore,
  tempCompassSchemes,
  tempCompassSummary,
} from "./tempcompass-score.ts";

export { writePredictions } from "./write-predictions.ts";

/** Every benchmark that `eval`, `score` and `data check` know. */
export const benchmarks: readonly Benchmark[] = [tempCompass, videoMme, mlvu, tvbench, worldCompassBenchmark];

/** A benchmark by its name. Throws RangeError with the names that there are. */
export function benchmarkNamed(name: string): Benchmark {
  const found = benchmarks.find((each) => each.name === name);
  if (found) return found;
  throw new RangeError(`Expected a benchmark (${benchmarks.map((each) => each.name).join(", ")}), got "${name}".`);
}
