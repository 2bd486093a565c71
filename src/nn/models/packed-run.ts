/**
 * Rows of a training set laid out as one run of a decoder: one behind the other in one sequence, each with positions from 0,
 * blind to the others.
 */
import type { Feeds } from "../runtime/index.ts";
import type { DecoderConfig } from "./decoder-config.ts";
import type { RunShape } from "./decoder-segments.ts";
import { decoderOf, type GenerativeConfig } from "./generative-config.ts";
import { ignoredLabel } from "./language-batch.ts";
import { rotaryFeeds } from "./mrope.ts";
import { embedPrompts, type Prompt } from "./prompt-embeddings.ts";

/** A prompt with the label of each position: its own id where it counts, else -100. Shifted here, not by the caller. */
export type TrainingRow = Prompt & Readonly<{ labels: ArrayLike<number> }>;

/** Targets of a row: its labels but the first, which nothing predicts. */
export function countTargets({ labels }: Pick<TrainingRow, "labels">): number {
  let count = 0;
  for (let t = 1; t < labels.length; t++) if (labels[t] !== ignoredLabel) count++;
  return count;
}

/**
 * Feeds of a run: x, rotary_cosines, rotary_sines, row_of, loss_rows, targets, loss_weights. Each target weighs `weight`.
 * Throws a RangeError when rows or targets do not fit the shape.
 */
export function runFeeds(
  config: GenerativeConfig,
  table: Float32Array,
  { rows, shape, weight }: Readonly<{ rows: readonly TrainingRow[]; shape: RunShape; weight: number }>,
): Feeds {
  const { length, lossRows } = shape;
  const { decoder } = decoderOf(config);
  const used = rows.reduce((sum, { ids }) => sum + ids.length, 0);
  const counted = rows.reduce((sum, row) => sum + countTargets(row), 0);
  if (used > length || counted > lossRows) {
    throw new RangeError(`Expected rows of ${length} ids and ${lossRows} targets, got ${used} and ${counted}.`);
  }
  const x = new Float32Array(length * decoder.hidden_size);
  const rowOf = new Int32Array(length).fill(-1);
  const places = new Int32Array(lossRows);
  const targets = new Int32Array(lossRows).fill(ignoredLabel);
  const weights = new Float32Array(lossRows);
  let [start, target] = [0, 0];
  for (const [r, row] of rows.entries()) {
    x.set(
      embedPrompts(config, table, { prompts: [row], batch: 1, length: row.ids.length }),
      start * decoder.hidden_size,
    );
    rowOf.fill(r, start, start + row.ids.length);
    for (let t = 1; t < row.ids.length; t++) {
      const label = row.labels[t] as number;
      if (label === ignoredLabel) continue;
      // What stands at t is predicted at t - 1.
      places[target] = start + t - 1;
      targets[target] = label;
      weights[target++] = weight;
    }
    start += row.ids.length;
  }
  return { x, ...rotaryOf(decoder, rows, length), row_of: rowOf, loss_rows: places, targets, loss_weights: weights };
}

/** Cosines and sines of every place, zeros in the padding: (length, head_dim / 2) each. */
function rotaryOf(decoder: DecoderConfig, rows: readonly TrainingRow[], length: number): Feeds {
  const half = decoder.head_dim / 2;
  // A decoder that counts one kind of position counts the first of three.
  const config = { ...decoder, mrope_section: decoder.mrope_section ?? [half] };
  const [cosines, sines] = [new Float32Array(length * half), new Float32Array(length * half)];
  let start = 0;
  for (const row of rows) {
    const { rotary_cosines, rotary_sines } = rotaryFeeds(config, { prompts: [row], batch: 1, length: row.ids.length });
    cosines.set(rotary_cosines as Float32Array, start * half);
    sines.set(rotary_sines as Float32Array, start * half);
    start += row.ids.length;
  }
  return { rotary_cosines: cosines, rotary_sines: sines };
}
