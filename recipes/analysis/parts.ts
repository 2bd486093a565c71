/**
 * Which modules matter (T3, Fig. 6a), and the gain from more frames (Fig. 6b).
 */
import type { FrameRow, ModelRow, ModuleRow } from "../../src/report/index.ts";
import { sampledFrames } from "../../src/world/index.ts";
import type { TrainedModules } from "../transfer/fine-tune.ts";
import { frameIds, moduleIds, names, trainingOf } from "./mixtures.ts";
import { otherCounts } from "./more-frames.ts";
import { paperFrames, paperModules } from "./paper.table.ts";
import type { ModelAnswers, SeedAnswers } from "./run-seed.ts";
import { differenceOf, inGroup, runsOf, scoreOf } from "./scores.ts";

/** `parameters` says how many a part of the decoder has. */
export function moduleRows(
  seeds: readonly SeedAnswers[],
  rows: readonly ModelRow[],
  parameters: (modules: TrainedModules) => number,
): ModuleRow[] {
  const answers = (id: (typeof moduleIds)[number]) => runsOf(seeds, id, ({ video }) => video);
  const over = (base: (typeof moduleIds)[number], id: (typeof moduleIds)[number]) =>
    id === base ? null : differenceOf(answers(base), answers(id));
  return moduleIds.map((id) => ({
    ...(rows.find((row) => row.id === id) as ModelRow),
    parameters: parameters(trainingOf(id)?.modules ?? "all"),
    overAll: over("t3", id),
    overMlp: over("mlpOnly", id),
    paper: paperModules[id],
  }));
}

/** Gains are paired: the same model, the same questions about the same videos. */
export function frameRows(seeds: readonly SeedAnswers[]): FrameRow[] {
  const counts = [...otherCounts, sampledFrames].sort((a, b) => a - b);
  return frameIds.map((id) => {
    const at = (count: number) => runsOf(seeds, id, (answers) => atCount(answers, count));
    const gain = (from: number, to: number) => ({ from, to, difference: differenceOf(at(from), at(to)) });
    const [least, most] = [counts[0] as number, counts.at(-1) as number];
    return {
      id,
      name: names[id],
      byCount: counts.map((frames) => ({ frames, score: scoreOf(at(frames), "temporal", id) })),
      gains: [gain(least, sampledFrames), gain(sampledFrames, most), gain(least, most)],
      paper: paperFrames[id],
    };
  });
}

function atCount({ video, frames }: ModelAnswers, count: number) {
  if (count === sampledFrames) return video.filter(({ sample }) => inGroup.temporal(sample));
  return [...frames].find(([each]) => each === count)?.[1] ?? [];
}
