/** Oracle: the embeddings that the generator of the same checkpoint makes of the same frames. */
import { expect, test } from "vitest";
import { checkpointFolder, imagePixels, readImageProcessor } from "../chat/index.ts";
import { Rng } from "../core/math/index.ts";
import { rgbaImage } from "../media/image/index.ts";
import type { Frame } from "../media/video/index.ts";
import { type LlavaConfig, llavaEyes, loadModel, tokensPerImage, VisualEncoder } from "../nn/models/index.ts";
import { type FeatureKind, featureName, openFeatures } from "./features.ts";

const rng = new Rng("features");
const frames = Array.from({ length: 3 }, (_, index): Frame => {
  const image = rgbaImage(32, 32);
  for (let i = 0; i < image.data.length; i++) image.data[i] = i % 4 === 3 ? 255 : rng.below(256);
  return { image, time: index / 2, index };
});
const folder = checkpointFolder("micro");
const model = loadModel(folder);
const config = model.config as LlavaConfig;
const perFrame = tokensPerImage(config);
const width = config.text_config.hidden_size;
const states = config.text_config.num_hidden_layers + 1;

const open = (kind: FeatureKind) => openFeatures("micro", kind, { frames: 3, threads: 1 });

async function read(kind: FeatureKind) {
  const reader = open(kind);
  const grid = await reader.read(frames);
  await reader.dispose();
  return grid;
}

test("features behind the projector are what the decoder is given, frame by frame in order of time", async () => {
  const encoder = new VisualEncoder(llavaEyes(config), model, { threads: 1 });
  const processor = readImageProcessor(folder);
  const side = config.vision_config.image_size;
  const pixels = frames.map(({ image }) => imagePixels(image, processor));
  const embeddings = await encoder.encode(pixels, { width: side, height: side });
  await encoder.dispose();
  const found = await read({ from: "projector" });
  expect([found.length, found.width]).toEqual([3 * perFrame, width]);
  const expected = embeddings.flatMap((each) => [...each]);
  for (const [i, value] of expected.entries()) expect(Math.abs((found.data[i] as number) - value)).toBeLessThan(1e-4);
});

test("features of the vision tower have its width; the decoder's have a place for every token of the prompt", async () => {
  expect(await read({ from: "vision" })).toMatchObject({ width: config.vision_config.hidden_size });
  const embeddings = await read({ from: "llm-layer", layer: 0 });
  expect(embeddings.width).toBe(width);
  expect(embeddings.length).toBeGreaterThanOrEqual(3 * perFrame);
  const projected = await read({ from: "projector" });
  // Layer 0 is the embeddings: somewhere in the prompt the first frame's tokens stand as the projector gave them.
  const first = [...projected.data.subarray(0, width)];
  const rows = Array.from({ length: embeddings.length }, (_, t) =>
    embeddings.data.subarray(width * t, width * (t + 1)),
  );
  expect(rows.some((row) => row.every((value, i) => Math.abs(value - (first[i] as number)) < 1e-4))).toBe(true);
  const last = await read({ from: "llm-layer", layer: -1 });
  expect(await read({ from: "llm-layer", layer: states - 1 })).toEqual(last);
  expect(last).not.toEqual(embeddings);
});

test("models whose tokens cannot be read are refused in one sentence", () => {
  const openOther = (reference: string) => () => openFeatures(reference, { from: "projector" }, { frames: 8 });
  expect(openOther("scripted:replies.json")).toThrow(
    /local model to read visual tokens of, got "scripted:.*--arms video,captions/,
  );
  expect(openOther("nowhere")).toThrow(/Expected a model .* got "nowhere"/);
  expect(() => open({ from: "llm-layer", layer: 9 })).toThrow(/Expected a layer from -\d+ to \d+ of .* got 9/);
  expect(featureName({ from: "llm-layer", layer: -1 })).toBe("llm-layer -1");
});
