/** QVHighlights (arXiv 2107.09609): ranked windows of a query, or the saliency of every clip of two seconds. */
import { readHighlightTruth } from "../../data/index.ts";
import { annotationsIn, videoFinder } from "./benchmark-folder.ts";
import type { MomentBenchmark, MomentItem } from "./moment-benchmark.ts";

const about = {
  name: "qvhighlights",
  title: "QVHighlights",
  layout: `highlight_val_release.jsonl   rows { qid, query, vid, duration, relevant_windows, relevant_clip_ids, saliency_scores }
ANY/FOLDER/VID.mp4            for eval only, VID as YOUTUBE_START_END; also .mkv, .webm, .mov, .avi`,
} as const;

export const qvHighlights: MomentBenchmark = {
  ...about,
  tasks: ["grounding", "highlights"],
  open(folder, { task, ...options }) {
    const truth = annotationsIn(folder, { ...about, names: ["highlight_val_release.jsonl"] }, options.truth);
    const { rows, problems } = readHighlightTruth(truth);
    const filesOf = videoFinder(folder);
    const kind = task === "highlights" ? "saliency" : "windows";
    const items = [...rows.values()].map((each): MomentItem => {
      const { qid: id, vid: video } = each;
      return { id, video, files: filesOf(video), groups: {}, subject: { kind, truth: each } };
    });
    return { ...about, task, truth, groupings: [], items, problems };
  },
};
