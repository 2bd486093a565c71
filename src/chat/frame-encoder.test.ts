import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { rgbaImage } from "../media/image/index.ts";
import type { Frame } from "../media/video/index.ts";
import {
  eyesOf,
  type GenerativeConfig,
  initialWeights,
  modelShapes,
  parseModelConfig,
  VisualEncoder,
} from "../nn/models/index.ts";
import { frameEncoder } from "./frame-encoder.ts";
import { parseImageProcessor } from "./image-processor.ts";

const text = { vocab_size: 9, hidden_size: 8, intermediate_size: 8, num_hidden_layers: 1, num_attention_heads: 1 };
const config = parseModelConfig(
  {
    model_type: "qwen2_5_vl",
    ...text,
    rope_scaling: { type: "mrope", mrope_section: [2, 1, 1] },
    vision_config: {
      depth: 1,
      num_heads: 1,
      patch_size: 4,
      hidden_size: 8,
      intermediate_size: 8,
      tokens_per_second: 2,
    },
  },
  "test",
) as GenerativeConfig;
const shapes = modelShapes(config);
const model = { weights: initialWeights(shapes, new Rng(1), 0.3), shapes };
const processor = parseImageProcessor({
  image_processor_type: "Qwen2VLImageProcessor",
  patch_size: 4,
  max_pixels: 384,
});

function frames(times: readonly number[]): Frame[] {
  const rng = new Rng("frames");
  return times.map((time, index) => {
    const image = rgbaImage(24, 16);
    for (let i = 0; i < image.data.length; i++) image.data[i] = rng.below(256);
    return { image, time, index };
  });
}

function open() {
  const eyes = eyesOf(config);
  if (eyes === null) throw new TypeError("Expected eyes.");
  const encoder = new VisualEncoder(eyes, model, { threads: 1 });
  return { encoder, frames: frameEncoder(encoder, processor) };
}

test("time is that of the container: pairs of frames stand where their first frame's second says (by hand)", () => {
  const { frames: encoder } = open();
  // 24x16 pixels are 3 x 2 squares of 8.
  const grid = (times: readonly number[]) => encoder.grid(frames(times));
  expect(grid([0, 0.5, 1, 1.5, 2, 2.5])).toEqual({ times: [0, 2, 4], rows: 2, columns: 3 });
  expect(grid([10, 10.5, 11, 11.5])?.times).toEqual([0, 2]);
  // A gap in the video is a gap in time; a clock that is a microsecond short does not lose a position.
  expect(grid([0, 0.5, 7, 7.5])?.times).toEqual([0, 14]);
  expect(grid([0, 0.5, 0.999999, 1.5])?.times).toEqual([0, 2]);
  expect(grid([0, 0.4, 0.8])?.times).toEqual([0, 1]);
});

test("a pair of frames is encoded once, whichever videos it is part of", async () => {
  const { encoder, frames: reader } = open();
  const sizes: number[] = [];
  const encode = encoder.encode.bind(encoder);
  encoder.encode = async (units, ...rest) => {
    sizes.push(units.length);
    return encode(units, ...rest);
  };
  const four = frames([0, 1, 2, 3]);
  const [whole] = await reader.encode([four]);
  const [first, second, other] = await reader.encode([four.slice(0, 2), four.slice(2), four.slice(1, 3)]);
  expect(sizes).toEqual([2, 1]);
  expect(Float32Array.from([...(first ?? []), ...(second ?? [])])).toEqual(whole);
  expect(other).toHaveLength(6 * 8);
  await encoder.dispose();
});
