/**
 * Vision features of every picture, computed once: in instruction tuning the vision tower does not change any more.
 */
import type { Weights } from "../../src/nn/checkpoint/index.ts";
import { Graph } from "../../src/nn/graph/index.ts";
import {
  bindWeights,
  imageShape,
  type LlavaConfig,
  llavaShapes,
  llavaVisionFeatures,
} from "../../src/nn/models/index.ts";
import { compile } from "../../src/nn/runtime/index.ts";
import type { Pictures } from "./pictures.ts";
import type { Look } from "./sources.ts";

const batch = 256;

export async function computeLooks(config: LlavaConfig, weights: Weights, pictures: Pictures): Promise<Look> {
  const graph = new Graph();
  const shape = imageShape(config, batch, "pixels");
  const pixels = graph.input("pixel_values", shape);
  graph.output("features", llavaVisionFeatures(config, bindWeights(graph, llavaShapes(config)), pixels));
  const executable = await compile(graph);
  const parameters = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
  const count = pictures.glimpses.length;
  const one = imageShape(config, 1, "features").reduce((a, b) => a * b, 1);
  const size = shape.reduce((a, b) => a * b, 1) / batch;
  const all = new Float32Array(count * one);
  const input = new Float32Array(batch * size);
  for (let start = 0; start < count; start += batch) {
    const rows = Math.min(batch, count - start);
    for (let i = 0; i < rows; i++) pictures.writePixels(start + i, input, i * size);
    const { features } = await executable.run({ ...parameters, pixel_values: input });
    all.set((features as Float32Array).subarray(0, rows * one), start * one);
  }
  await executable.dispose();
  return (glimpse, rng) => {
    const index = pictures.showing(glimpse, rng);
    return index === undefined ? undefined : all.subarray(index * one, (index + 1) * one);
  };
}
