/** Charades-STA (arXiv 1705.02101): 3,720 queries about 1,334 videos of the test split. */
import { annotationsIn } from "./benchmark-folder.ts";
import type { MomentBenchmark } from "./moment-benchmark.ts";
import { momentQuestions } from "./moment-queries.ts";

const about = {
  name: "charades-sta",
  title: "Charades-STA",
  layout: `charades_sta_test.txt      lines "VIDEO START END##SENTENCE" (or NumPro's charades_test.json)
Charades_v1_test.csv       lengths of the videos (optional)
ANY/FOLDER/VIDEO.mp4       for eval only; also .mkv, .webm, .mov, .avi`,
} as const;

export const charadesSta: MomentBenchmark = {
  ...about,
  tasks: ["grounding"],
  open(folder, { task, durations, ...options }) {
    const names = ["charades_sta_test.txt", "charades_test.json"];
    const truth = annotationsIn(folder, { ...about, names }, options.truth);
    return { ...about, task, truth, groupings: [], ...momentQuestions(truth, folder, durations) };
  },
};
