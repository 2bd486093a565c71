/**
 * What the trainings of a LLaVA checkpoint in a worker thread share: the folder that they begin from, and where their events go.
 */
import { join } from "node:path";
import { type LlavaConfig, type LoadedModel, loadModel } from "../src/nn/models/index.ts";
import { loadTokenizer, type Tokenizer } from "../src/nn/tokenizer/index.ts";
import { appendEvent, readEvents, type TrainingEvent } from "../src/train/index.ts";
import { modelFilesOf } from "./model-files.ts";

export type WorkerContext<Event = TrainingEvent> = Readonly<{ emit(event: Event): void; signal: AbortSignal }>;

export type LlavaCheckpoint = Omit<LoadedModel, "config"> &
  Readonly<{
    config: LlavaConfig;
    tokenizer: Tokenizer;
    /** What lies beside the weights of every checkpoint made from this one. */
    files: ReadonlyMap<string, string>;
  }>;

/** Throws where the folder holds another kind of model. */
export function loadLlava(folder: string): LlavaCheckpoint {
  const { config, ...loaded } = loadModel(folder);
  if (config.model_type !== "llava")
    throw new Error(`Expected a LLaVA checkpoint in ${folder}, got ${config.model_type}.`);
  const tokenizer = loadTokenizer(folder);
  return { ...loaded, config, tokenizer, files: modelFilesOf(folder, tokenizer) };
}

/** Events of a training, kept in its folder and passed on; `losses` are those of this call and of earlier ones. */
export function eventsIn(folder: string, emit: (event: TrainingEvent) => void) {
  const path = join(folder, "events.jsonl");
  return {
    onEvent(event: TrainingEvent): void {
      appendEvent(path, event);
      emit(event);
    },
    losses: (): number[] => readEvents(path).flatMap(({ type, loss }) => (type === "step" ? [Number(loss)] : [])),
  };
}
