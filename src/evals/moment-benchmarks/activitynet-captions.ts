/** ActivityNet Captions (arXiv 1705.00754): moments of given sentences, or all events of a video with their times. */
import { annotationsIn } from "./benchmark-folder.ts";
import type { MomentBenchmark } from "./moment-benchmark.ts";
import { captionQuestions, momentQuestions } from "./moment-queries.ts";

const about = {
  name: "activitynet-captions",
  title: "ActivityNet Captions",
  layout: `val_2.json                 { VIDEO: { duration, timestamps, sentences } } (or val_1.json, val.json)
ANY/FOLDER/VIDEO.mp4       for eval only; with or without "v_"; also .mkv, .webm, .mov, .avi`,
} as const;

export const activityNetCaptions: MomentBenchmark = {
  ...about,
  tasks: ["grounding", "captioning"],
  open(folder, { task, ...options }) {
    const truth = annotationsIn(folder, { ...about, names: ["val_2.json", "val_1.json", "val.json"] }, options.truth);
    const read = task === "captioning" ? captionQuestions(truth, folder) : momentQuestions(truth, folder);
    return { ...about, task, truth, groupings: [], ...read };
  },
};
