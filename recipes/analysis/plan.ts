/**
 * How large the analyses are, and which pieces of work they consist of.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { temporalTasks } from "../../src/tasks/index.ts";
import { fineTunedFile } from "../transfer/fine-tuned.ts";
import { frameIds, type ModelId, modelIds } from "./mixtures.ts";
import { otherCounts } from "./more-frames.ts";
import type { Piece } from "./overall-progress.ts";

export type Sizes = Readonly<{
  seeds: readonly number[];
  /** Training steps of every model. */
  steps: number;
  /** Questions a task and seed. */
  perTask: number;
}>;

export const fullSizes = { seeds: 2, steps: 80, perTask: 24 } as const;
export const quickSizes = { seeds: 1, steps: 10, perTask: 8 } as const;

/** Measured on two quiet cores: seconds a training, of that for compiling; a step of 32 rows; a question; a video. */
const cost = { compile: 8, step: 0.65, open: 1, question: 0.03, video: 0.05 } as const;

export const keyOf = (seed: number, id: ModelId, what: string) => `${seed}/${id}/${what}`;
export const videosKey = (seed: number) => `${seed}/videos`;

/** Logs of a model: name and number of questions. */
export function logsOf(id: ModelId, { perTask, questions }: { perTask: number; questions: number }) {
  const temporal = temporalTasks.length * perTask;
  const frames = (frameIds as readonly ModelId[]).includes(id) ? otherCounts : [];
  return [
    { what: "video", questions },
    { what: "text", questions: temporal },
    ...frames.map((count) => ({ what: `frames-${count}`, questions: temporal })),
  ];
}

/** Everything that is to be done in a folder, with what is done there already. `questions` are those about a seed's videos. */
export function piecesOf(
  folder: string,
  sizes: Sizes,
  { questions, videos }: { questions: number; videos: number },
): Piece[] {
  return sizes.seeds.flatMap((seed) => {
    const of = join(folder, `seed-${seed}`);
    const models = modelIds.flatMap((id): Piece[] => {
      const asked = logsOf(id, { perTask: sizes.perTask, questions }).map((log) => ({
        key: keyOf(seed, id, log.what),
        seconds: cost.open + cost.question * log.questions,
        done: isAnswered(join(of, `${id}-${log.what}.jsonl`), log.questions),
      }));
      if (id === "baseline") return asked;
      const seconds = cost.compile + cost.step * sizes.steps;
      return [{ key: keyOf(seed, id, "train"), seconds, done: existsSync(join(of, id, fineTunedFile)) }, ...asked];
    });
    return [{ key: videosKey(seed), seconds: cost.video * videos, done: false }, ...models];
  });
}

/** Does a log hold an answer to each question, below its first line? */
function isAnswered(path: string, questions: number): boolean {
  return existsSync(path) && readFileSync(path, "utf8").split("\n").length === questions + 2;
}
