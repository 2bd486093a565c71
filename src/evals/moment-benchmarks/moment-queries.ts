/** Charades-STA and ActivityNet Captions as questions "when?"; dense captions as questions "what, and when?". */
import { readContent, readMomentAnnotations } from "../../data/index.ts";
import { readDenseTruth } from "../dense-captioning/index.ts";
import { videoFinder } from "./benchmark-folder.ts";
import type { MomentItem, OpenMomentBenchmark } from "./moment-benchmark.ts";

type Read = Pick<OpenMomentBenchmark, "items" | "problems">;

/** A question a query of the annotations. */
export function momentQuestions(truth: string, folder: string, durations?: string): Read {
  const { queries, problems } = readMomentAnnotations(truth, durations === undefined ? {} : { durations });
  const filesOf = videoFinder(folder);
  const items = queries.map((query): MomentItem => {
    const { id, video } = query;
    return { id, video, files: filesOf(video), groups: {}, subject: { kind: "moment", query } };
  });
  return { items, problems };
}

/** A question a video of the annotations. YouCook2's own file: its validation videos, unless another subset is named. */
export function captionQuestions(truth: string, folder: string, subset?: string): Read {
  const content = readContent(truth);
  const hasSubsets = content.kind === "object" && "database" in content.value;
  const chosen = subset ?? (hasSubsets ? "validation" : undefined);
  const { videos, problems } = readDenseTruth(truth, chosen === undefined ? {} : { subset: chosen });
  const filesOf = videoFinder(folder);
  const items = videos.map((each): MomentItem => {
    const { video } = each;
    return { id: video, video, files: filesOf(video), groups: {}, subject: { kind: "captions", truth: each } };
  });
  return { items, problems };
}
