import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { Graph, interpret } from "../graph/index.ts";
import { bindWeights, initialWeights, languageShapes, llavaProject } from "./index.ts";
import { tinyLlavaConfig } from "./tiny-models.fixture.ts";

const rng = new Rng("llava");

/** Projected rows of one image by stride and strategy, (tokens, 12), in float64. */
function project(stride: number, strategy: "default" | "full", features: Float32Array): number[][] {
  const config = tinyLlavaConfig({ mm_spatial_pool_stride: stride, vision_feature_select_strategy: strategy });
  const graph = new Graph();
  const shapes = languageShapes(config);
  const fed = graph.input("features", [1, features.length / 8, 8]);
  graph.output("rows", llavaProject(config, bindWeights(graph, shapes), fed));
  const weights = [...initialWeights(shapes, new Rng(3), 0.5)].map(([name, { data }]) => [name, data]);
  const rows = interpret(graph, { features, ...Object.fromEntries(weights) }).get("rows") as Float64Array;
  return Array.from({ length: rows.length / 12 }, (_, i) => [...rows.subarray(i * 12, (i + 1) * 12)]);
}

test("pooling averages squares of patches behind the projector (oracle: brute force over the 4x4 grid)", () => {
  const features = Float32Array.from({ length: 16 * 8 }, () => rng.normal());
  const whole = project(1, "default", features);
  const pooled = project(2, "default", features);
  expect(pooled).toHaveLength(4);
  pooled.forEach((row, square) => {
    const [y, x] = [2 * Math.floor(square / 2), 2 * (square % 2)];
    const members = [0, 1, 4, 5].map((offset) => whole[y * 4 + x + offset] as number[]);
    row.forEach((value, d) => {
      expect(value).toBeCloseTo(members.reduce((sum, member) => sum + (member[d] as number), 0) / 4, 6);
    });
  });
});

test("a side that the stride does not divide loses its last row and column, and a class token stays in front", () => {
  const features = Float32Array.from({ length: 17 * 8 }, () => rng.normal());
  const whole = project(1, "full", features);
  const pooled = project(3, "full", features);
  expect(pooled).toHaveLength(2);
  pooled[0]?.forEach((value, d) => {
    expect(value).toBeCloseTo(whole[0]?.[d] as number, 6);
  });
  const members = [0, 1, 2, 4, 5, 6, 8, 9, 10].map((patch) => whole[1 + patch] as number[]);
  pooled[1]?.forEach((value, d) => {
    expect(value).toBeCloseTo(members.reduce((sum, member) => sum + (member[d] as number), 0) / 9, 6);
  });
});
