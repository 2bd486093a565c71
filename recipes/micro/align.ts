/**
 * Projector alignment: every visual token of a picture is drawn to the embedding of one keyword of its caption.
 *
 * The decoder is frozen, its embedding table included, so a picture comes to read like a line of keywords. Compared with
 * describing pictures through the frozen decoder this keeps pictures and text together for whatever the decoder learns later,
 * which is what a transfer from text to video hangs on (docs/decisions/002-visual-words.md).
 */
import { Rng } from "../../src/core/math/index.ts";
import type { TensorData, Weights } from "../../src/nn/checkpoint/index.ts";
import { embedding, mul, reduceMean, reshape, scale, stopGradient, sub } from "../../src/nn/graph/index.ts";
import {
  type LlavaConfig,
  llavaProject,
  llavaShapes,
  llavaVisionFeatures,
  tokensPerImage,
} from "../../src/nn/models/index.ts";
import { lossObjective, type Objective } from "../../src/train/index.ts";
import type { Pictures } from "./pictures.ts";

/** Pixels (3, size, size) of a picture and the id of the keyword of each of its visual tokens. */
export type WordedPicture = Readonly<{ pixels: Float32Array; words: readonly number[] }>;

/** Name of the embedding table that visual tokens are drawn to. */
export const wordTable = "language_model.model.embed_tokens.weight";

/** Mean squared distance between visual tokens and keyword embeddings, in units of the table's mean square. */
export function alignObjective(
  config: LlavaConfig,
  tableMeanSquare: number,
): Objective<readonly WordedPicture[], number> {
  const { image_size, num_channels } = config.vision_config;
  const tokens = tokensPerImage(config);
  return lossObjective<readonly WordedPicture[], number>({
    name: "align",
    shapes: llavaShapes(config),
    shape: (pictures) => pictures.length,
    tokens: (pictures) => pictures.length,
    loss(weights, count) {
      const pixels = weights.graph.input("pixel_values", [count, num_channels, image_size, image_size]);
      const words = weights.graph.input("words", [count * tokens], "int32");
      const visual = llavaProject(config, weights, llavaVisionFeatures(config, weights, pixels));
      const wanted = stopGradient(embedding(weights.tensor(wordTable), words));
      const difference = sub(reshape(visual, wanted.shape), wanted);
      const error = reduceMean(mul(difference, difference), [0, 1]);
      return scale(error, 1 / tableMeanSquare);
    },
    feeds(pictures, count) {
      const size = num_channels * image_size * image_size;
      const pixels = new Float32Array(count * size);
      pictures.forEach((picture, i) => {
        pixels.set(picture.pixels, i * size);
      });
      return { pixel_values: pixels, words: Int32Array.from(pictures.flatMap(({ words }) => words)) };
    },
  });
}

/** Batches of pictures with the ids of their words, one a visual token. */
export function alignSource(
  pictures: Pictures,
  words: readonly (readonly number[])[],
  { seed, batch }: Readonly<{ seed: number | string; batch: number }>,
): (step: number) => WordedPicture[] {
  return (step) => {
    const rng = new Rng(`align/${seed}/${step}`);
    return Array.from({ length: batch }, () => {
      const index = rng.below(words.length);
      const pixels = new Float32Array(3 * pictures.size * pictures.size);
      pictures.writePixels(index, pixels, 0);
      return { pixels, words: words[index] as readonly number[] };
    });
  };
}

/** Of the embedding table: the unit of the objective. */
export function tableMeanSquare(weights: Weights): number {
  const { data } = weights.get(wordTable) as TensorData;
  return (data as Float32Array).reduce((sum, value) => sum + value * value, 0) / data.length;
}
