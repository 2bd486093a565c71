/**
 * CLIP's contrastive loss on batches of images with their texts: each image is to find its text among the batch's, each text
 * its image (Radford et al. 2021, arXiv:2103.00020).
 */
import { type ClipConfig, clipTraining, endRows } from "../nn/models/index.ts";
import { bucketLength, type Lengths } from "./buckets.ts";
import type { Objective } from "./objective.ts";

/** Pixels (channels, size, size), and the ids of a text with its end token. */
export type ImageTextPair = Readonly<{ pixels: Float32Array; ids: readonly number[] }>;

export type ClipObjectiveOptions = Readonly<{
  name?: string;
  trainable?: (name: string) => boolean;
  /** Lengths that texts are padded to, at most the configuration's. Default: multiples of 8. */
  lengths?: Lengths;
  /** Behind the end token; nothing attends to it. Default 0. */
  padId?: number;
}>;

/** An objective whose batch is a list of pairs; every text other than its own counts as wrong, so they should differ. */
export function clipObjective(
  config: ClipConfig,
  options: ClipObjectiveOptions = {},
): Objective<readonly ImageTextPair[], Readonly<{ pairs: number; length: number }>> {
  const { name = "clip", trainable: own = () => true, lengths = 8, padId = 0 } = options;
  const longest = config.text_config.max_position_embeddings;
  return {
    name,
    shape: (pairs) => {
      const length = Math.max(...pairs.map(({ ids }) => ids.length));
      if (length > longest) throw new RangeError(`Expected texts of at most ${longest} ids, got ${length}.`);
      return { pairs: pairs.length, length: Math.min(bucketLength(length, lengths), longest) };
    },
    build: (shape, { trainable = () => true, fixed }) =>
      clipTraining(config, shape, {
        trainable: (parameter) => own(parameter) && trainable(parameter),
        ...(fixed && { fixed }),
      }),
    feeds: (pairs, { length }) => {
      const rows = pairs.map(({ ids }) => [...ids, ...new Array<number>(length - ids.length).fill(padId)]);
      const size = pairs[0]?.pixels.length ?? 0;
      const pixels = new Float32Array(pairs.length * size);
      pairs.forEach((pair, i) => {
        if (pair.pixels.length !== size) {
          throw new RangeError(
            `Expected images of ${size} numbers as the first, got ${pair.pixels.length} in pair ${i}.`,
          );
        }
        pixels.set(pair.pixels, i * size);
      });
      return {
        pixel_values: pixels,
        input_ids: Int32Array.from(rows.flat()),
        end_rows: endRows(config.text_config, rows),
      };
    },
    tokens: (pairs) => pairs.reduce((sum, { ids }) => sum + ids.length, 0),
  };
}
