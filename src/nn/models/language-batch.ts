/**
 * The numbers of a batch: sequences of ids, labels and images laid out as the graph of language-model.ts is fed.
 */
import type { Feeds } from "../runtime/index.ts";
import { type BatchShape, imageShape, type LanguageConfig } from "./language-model.ts";
import { tokensPerImage } from "./llava-config.ts";

/** One sequence. Each image token run takes the next of the images, tokensPerImage positions an image. */
export type Sequence = Readonly<{
  ids: ArrayLike<number>;
  /** As long as the ids; the label of a position is its own id where it counts, else -100. Shifted here, not by the caller. */
  labels: ArrayLike<number>;
  /** Weight of each position's label; 1 when absent. */
  weights?: ArrayLike<number>;
  /** Pixels (channels, size, size) or vision features of each image, in order. */
  images?: readonly Float32Array[];
}>;

/** A label that does not count, as in PyTorch and transformers. */
export const ignoredLabel = -100;

/** Feeds of a batch. Throws a RangeError when it does not fit the shape or images and image tokens disagree. */
export function languageFeeds(config: LanguageConfig, shape: BatchShape, sequences: readonly Sequence[]): Feeds {
  const { batch: B, length: T } = shape;
  const longest = Math.max(0, ...sequences.map(({ ids }) => ids.length));
  if (sequences.length > B || longest > T) {
    throw new RangeError(`Expected at most ${B} sequences of ${T} ids, got ${sequences.length} of up to ${longest}.`);
  }
  const ids = new Int32Array(B * T);
  sequences.forEach((sequence, b) => {
    ids.set(Array.from(sequence.ids), b * T);
  });
  return { input_ids: ids, ...targetFeeds(shape, sequences), ...imageFeeds(config, shape, sequences) };
}

function targetFeeds({ batch, length, lossRows: counted }: BatchShape, sequences: readonly Sequence[]): Feeds {
  const rows = counted ?? length;
  const targets = new Int32Array(batch * rows).fill(ignoredLabel);
  const lossRows = new Int32Array(batch * rows);
  const weights = new Float32Array(batch * rows);
  sequences.forEach((sequence, b) => {
    let count = 0;
    // What stands at t + 1 is predicted at t.
    for (let t = 0; t + 1 < sequence.ids.length; t++) {
      const label = sequence.labels[t + 1] as number;
      if (label === ignoredLabel) continue;
      const row = counted === undefined ? t : count;
      count++;
      if (row >= rows) continue;
      targets[b * rows + row] = label;
      lossRows[b * rows + row] = t;
      weights[b * rows + row] = sequence.weights?.[t + 1] ?? 1;
    }
    if (count > rows) {
      throw new RangeError(
        `Expected at most ${rows} labels that count, got ${count} in sequence ${b}. Raise lossRows.`,
      );
    }
  });
  return { targets, loss_rows: lossRows, loss_weights: weights };
}

function imageFeeds(config: LanguageConfig, shape: BatchShape, sequences: readonly Sequence[]): Feeds {
  if (config.model_type !== "llava") return {};
  const { batch: B, length: T, images = 0, imageInput = "pixels" } = shape;
  const perImage = tokensPerImage(config);
  const size = imageShape(config, 1, imageInput).reduce((a, b) => a * b, 1);
  const values = new Float32Array(images * size);
  const featureAt = new Int32Array(B * T).fill(-1);
  const positionOf = new Int32Array(images * perImage).fill(B * T);
  let [image, row] = [0, 0];
  sequences.forEach((sequence, b) => {
    for (const pixels of sequence.images ?? []) {
      if (image >= images) throw new RangeError(`Expected at most ${images} images in a batch, got more.`);
      if (pixels.length !== size) {
        throw new RangeError(`Expected images of ${size} numbers (${imageInput}), got ${pixels.length}.`);
      }
      values.set(pixels, size * image++);
    }
    for (let t = 0; t < sequence.ids.length; t++) {
      if (sequence.ids[t] !== config.image_token_index) continue;
      featureAt[b * T + t] = row;
      if (row < positionOf.length) positionOf[row] = b * T + t;
      row++;
    }
    if (row !== image * perImage) {
      const expected = `${image * perImage} image tokens for ${image} images (${perImage} an image)`;
      throw new RangeError(`Expected ${expected}, got ${row} up to sequence ${b}. Repeat <image> for each feature.`);
    }
  });
  if (images === 0) return {};
  const name = imageInput === "pixels" ? "pixel_values" : "image_features";
  return { [name]: values, feature_at: featureAt, position_of: positionOf };
}
