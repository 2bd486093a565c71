/** Oracle: test/parity/reference.py, and positions written out by hand. */
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { readSafetensors } from "../checkpoint/index.ts";
import { Graph, interpret } from "../graph/index.ts";
import { eyesOf, mropePositions, readModelConfig, visualRows } from "./index.ts";
import { cutTubes } from "./qwen2-vl.ts";
import type { QwenVlConfig } from "./qwen2-vl-config.ts";

const parity = resolve(import.meta.dirname, "../../../test/parity");
const models = ["qwen2_vl", "qwen2_5_vl"];

test.each(models)("%s: frames are cut into the rows that transformers' processor makes", (name) => {
  const golden = readSafetensors(join(parity, name, "golden.safetensors"));
  const config = readModelConfig(join(parity, name)).config as QwenVlConfig;
  const video = golden.read("video");
  const graph = new Graph();
  graph.output("rows", cutTubes(config, graph.input("video", video.shape)));
  const rows = interpret(graph, { video: video.data }).get("rows");
  expect(Float32Array.from(rows ?? [])).toEqual(golden.read("pixel_values_videos").data);
});

test.each(models)("%s: positions of time, height and width are the reference's", (name) => {
  const golden = readSafetensors(join(parity, name, "golden.safetensors"));
  const config = readModelConfig(join(parity, name)).config as QwenVlConfig;
  const ids = Array.from(golden.read("input_ids").data);
  const [units = 0, rows = 0, columns = 0] = golden.read("video_grid_thw").data;
  const seconds = golden.tensors.has("second_per_grid_ts") ? (golden.read("second_per_grid_ts").data[0] as number) : 1;
  const size = { width: columns * config.vision_config.patch_size, height: rows * config.vision_config.patch_size };
  const starts = Array.from({ length: units }, (_, i) => i * seconds);
  const eyes = eyesOf(config);
  const grid = eyes?.grid?.(starts, size);
  const { kinds } = mropePositions(ids, config.video_token_id, grid ? [grid] : []);
  expect(kinds.flat()).toEqual(Array.from(golden.read("position_ids").data));
  expect(eyes && visualRows(eyes, 2 * units, size)).toBe(ids.filter((id) => id === config.video_token_id).length);
});

test("text goes on behind the largest position of a video, and two videos do not overlap (by hand)", () => {
  const grids = [
    { times: [0, 3], rows: 1, columns: 2 },
    { times: [0], rows: 2, columns: 1 },
  ];
  const { kinds, next } = mropePositions([7, 9, 9, 9, 9, 8, 9, 9, 7], 9, grids);
  expect(kinds).toEqual([
    [0, 1, 1, 4, 4, 5, 6, 6, 8],
    [0, 1, 1, 1, 1, 5, 6, 7, 8],
    [0, 1, 2, 1, 2, 5, 6, 6, 8],
  ]);
  expect(next).toBe(9);
});

test("an odd number of frames shows the last one twice", () => {
  const eyes = eyesOf(readModelConfig(join(parity, "qwen2_vl")).config as QwenVlConfig);
  expect(eyes?.lookAt(3)).toEqual([0, 1, 2, 2]);
  expect(eyes?.lookAt(1)).toEqual([0, 0]);
});
