/** Oracles: the embeddings that the generator of the same checkpoint makes, and its own forward pass layer by layer. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imagePixels } from "../chat/index.ts";
import { noiseFrames, tinyParts, writeTinyLlava } from "../chat/tiny-llava.fixture.ts";
import { Generator } from "../nn/models/index.ts";
import { featureName, openFeatures } from "./features.ts";

let folder: string;
beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), "zoetrope-features-")), "tiny");
  writeTinyLlava(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const frames = noiseFrames(3, "features");
const open = (kind: Parameters<typeof openFeatures>[1]) => openFeatures(folder, kind, { frames: 3, threads: 1 });

async function read(kind: Parameters<typeof openFeatures>[1]) {
  const reader = open(kind);
  const grid = await reader.read(frames);
  await reader.dispose();
  return grid;
}

test("features behind the projector are what the decoder is given, frame by frame in order of time", async () => {
  const { config, weights, preprocessor } = tinyParts();
  const generator = new Generator(config, weights, { threads: 1 });
  const embeddings = await generator.encodeImages(frames.map(({ image }) => imagePixels(image, preprocessor)));
  await generator.dispose();
  const { length, width, data } = await read({ from: "projector" });
  // Two by two patches a frame, decoder width 12.
  expect([length, width]).toEqual([3 * 4, 12]);
  const expected = embeddings.flatMap((each) => [...each]);
  for (const [i, value] of expected.entries()) expect(data[i]).toBeCloseTo(value, 5);
});

test("features of the vision tower have its width; the decoder's have a place for every token of the prompt", async () => {
  expect(await read({ from: "vision" })).toMatchObject({ length: 12, width: 8 });
  const embeddings = await read({ from: "llm-layer", layer: 0 });
  expect(embeddings.width).toBe(12);
  expect(embeddings.length).toBeGreaterThanOrEqual(12);
  const projected = await read({ from: "projector" });
  // Layer 0 is the embeddings: somewhere in the prompt the first frame's tokens stand as the projector gave them.
  const rows = Array.from({ length: embeddings.length }, (_, t) => [...embeddings.data.subarray(12 * t, 12 * t + 12)]);
  const first = [...projected.data.subarray(0, 12)];
  expect(rows.some((row) => row.every((value, i) => Math.abs(value - (first[i] as number)) < 1e-5))).toBe(true);
  const last = await read({ from: "llm-layer", layer: -1 });
  expect(await read({ from: "llm-layer", layer: 2 })).toEqual(last);
  expect(last).not.toEqual(embeddings);
});

test("models whose tokens cannot be read are refused in one sentence", () => {
  const openOther = (reference: string) => () => openFeatures(reference, { from: "projector" }, { frames: 8 });
  expect(openOther("scripted:replies.json")).toThrow(
    /local model to read visual tokens of, got "scripted:.*--arms video,captions/,
  );
  expect(openOther("nowhere")).toThrow(/Expected a model .* got "nowhere"/);
  expect(() => open({ from: "llm-layer", layer: 9 })).toThrow(/Expected a layer from -3 to 2 of .* got 9/);
  expect(featureName({ from: "llm-layer", layer: -1 })).toBe("llm-layer -1");
});
