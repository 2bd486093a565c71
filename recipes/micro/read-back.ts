/**
 * What eyes say, word by word: is the embedding nearest to a visual token that of the keyword it should read like?
 */

import type { TensorData, Weights } from "../../src/nn/checkpoint/index.ts";
import { Graph } from "../../src/nn/graph/index.ts";
import {
  bindWeights,
  imageShape,
  type LlavaConfig,
  llavaProject,
  llavaShapes,
  llavaVisionFeatures,
  tokensPerImage,
} from "../../src/nn/models/index.ts";
import { compile } from "../../src/nn/runtime/index.ts";
import { type WordedPicture, wordTable } from "./align.ts";

const batch = 64;

/** For each picture, whether each of its visual tokens is nearest (Euclidean) to its own keyword among all words. */
export async function readBack(
  { config, weights }: Readonly<{ config: LlavaConfig; weights: Weights }>,
  pictures: readonly WordedPicture[],
): Promise<boolean[][]> {
  const graph = new Graph();
  const pixels = graph.input("pixel_values", imageShape(config, batch, "pixels"));
  const bound = bindWeights(graph, llavaShapes(config));
  graph.output("visual", llavaProject(config, bound, llavaVisionFeatures(config, bound, pixels)));
  const executable = await compile(graph);
  const parameters = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
  const table = weights.get(wordTable) as TensorData;
  const [tokens, width] = [tokensPerImage(config), table.shape[1] as number];
  const read: boolean[][] = [];
  try {
    for (let start = 0; start < pictures.length; start += batch) {
      const some = pictures.slice(start, start + batch);
      const input = new Float32Array(pixels.shape.reduce((a, b) => a * b, 1));
      for (const [i, picture] of some.entries()) input.set(picture.pixels, i * picture.pixels.length);
      const { visual } = await executable.run({ ...parameters, pixel_values: input });
      for (const [i, { words }] of some.entries()) {
        const rows = Array.from({ length: tokens }, (_, k) => {
          const at = (i * tokens + k) * width;
          return (visual as Float32Array).subarray(at, at + width);
        });
        read.push(rows.map((row, k) => nearest(row, table.data as Float32Array) === words[k]));
      }
    }
  } finally {
    await executable.dispose();
  }
  return read;
}

/** Row of the table with the smallest squared distance. */
function nearest(vector: Float32Array, table: Float32Array): number {
  const width = vector.length;
  let [best, least] = [-1, Number.POSITIVE_INFINITY];
  for (let row = 0; row < table.length / width; row++) {
    let distance = 0;
    for (let j = 0; j < width && distance < least; j++)
      distance += ((vector[j] as number) - (table[row * width + j] as number)) ** 2;
    if (distance < least) [best, least] = [row, distance];
  }
  return best;
}
