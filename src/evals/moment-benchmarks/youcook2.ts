/** YouCook2 (arXiv 1703.09788): the steps of cooking videos with their times. */
import { annotationsIn } from "./benchmark-folder.ts";
import type { MomentBenchmark } from "./moment-benchmark.ts";
import { captionQuestions } from "./moment-queries.ts";

const about = {
  name: "youcook2",
  title: "YouCook2",
  layout: `youcookii_annotations_trainval.json   YouCook2's own file; its validation videos, unless --subset names others
raw_videos/validation/RECIPE/VIDEO.mp4   for eval only, or in any folder; also .mkv, .webm, .mov, .avi`,
} as const;

export const youCook2: MomentBenchmark = {
  ...about,
  tasks: ["captioning"],
  open(folder, { task, subset, ...options }) {
    const names = ["youcookii_annotations_trainval.json"];
    const truth = annotationsIn(folder, { ...about, names }, options.truth);
    return { ...about, task, truth, groupings: [], ...captionQuestions(truth, folder, subset) };
  },
};
