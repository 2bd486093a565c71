/** Benchmarks of moments asked of a model: data, questions, how frames are shown, logs, scores. */
import { activityNetCaptions } from "./activitynet-captions.ts";
import { charadesSta } from "./charades-sta.ts";
import type { MomentBenchmark } from "./moment-benchmark.ts";
import { qvHighlights } from "./qvhighlights.ts";
import { youCook2 } from "./youcook2.ts";

export {
  type MomentBenchmark,
  type MomentItem,
  type MomentSubject,
  type MomentTask,
  momentTasks,
  type OpenMomentBenchmark,
  taskOf,
} from "./moment-benchmark.ts";
export {
  type MomentManner,
  type MomentMannerOptions,
  momentManner,
  momentPrompts,
} from "./moment-manner.ts";
export { estimateMoments, momentLooks, type RunMomentsOptions, runMoments } from "./run-moments.ts";
export { formatMomentLooks, type MomentLookScore, scoreMomentLooks } from "./score-moment-looks.ts";

/** Every benchmark of moments that `eval`, `score` and `data check` know. */
export const evaluatedMoments: readonly MomentBenchmark[] = [charadesSta, activityNetCaptions, qvHighlights, youCook2];
