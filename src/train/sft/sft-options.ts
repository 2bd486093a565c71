/**
 * What a fine-tuning is told, what it tells meanwhile, and what it tells in the end. All of it is plain data.
 */
import type { ConversationFormat } from "../../data/index.ts";
import type { TrainingEvent } from "../training-event.ts";
import type { LoraChoice } from "./trained-parts.ts";

export type SftOptions = Readonly<{
  /** A shipped model, a checkpoint folder or an adapter's. */
  model: string;
  /** The training file; its pictures and videos lie below `media` (default: the current folder). */
  data: string;
  format?: ConversationFormat;
  media?: string;
  /** Becomes the adapter or the checkpoint. */
  folder: string;
  /** What is trained; null: the whole decoder. */
  lora: LoraChoice | null;
  length: Readonly<{ steps: number }> | Readonly<{ epochs: number }>;
  /** Rows that may share a run, and how many such batches an update learns from. */
  batch: number;
  accumulate: number;
  /** Tokens of a run at most, longer rows excepted; 0: a run for each row. */
  packedTokens: number;
  rate: number;
  /** Share of the steps in which the rate rises. */
  warmup: number;
  weightDecay: number;
  /** Longer rows are left out; null: those that are longer than the model's positions. */
  maxLength: number | null;
  /** Of each video. */
  frames: number;
  /** Layers that are computed together, where memory matters more than time. */
  segmentLayers?: number;
  seed: number;
  /** Go on from what the folder holds; without it a folder that holds something is refused. */
  resume: boolean;
  threads?: number;
}>;

export type SftEvent =
  | TrainingEvent
  | Readonly<{ type: "rows"; done: number; total: number }>
  | Readonly<{ type: "note"; text: string }>;

export type SftResult = Readonly<{
  folder: string;
  /** Learnt from, and left out because they were too long. */
  rows: number;
  leftOut: number;
  steps: number;
  trainedParameters: number;
  /** Mean over the rows. */
  tokensPerRow: number;
  /** Of the first and the last step; null where there was none. */
  firstLoss: number | null;
  lastLoss: number | null;
  /** Of the last steps. */
  tokensPerSecond: number | null;
  /** In this and earlier calls, looking at pictures excepted. */
  seconds: number;
  peakMemoryMiB: number;
}>;
