import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { readSafetensors, saveCheckpoint, type TensorData, writeSafetensors } from "../checkpoint/index.ts";
import { interpret } from "../graph/index.ts";
import { goldenGraph } from "./golden-graph.ts";
import {
  initialWeights,
  loadModel,
  meetsThresholds,
  modelShapes,
  parseModelConfig,
  verifyCheckpoint,
} from "./index.ts";
import { tinyLlava } from "./tiny-models.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-verify-"));
afterAll(() => rmSync(folder, { recursive: true }));
const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../../../shared");

/** A tiny LLaVA with golden tensors from the float64 interpreter. */
function writeGolden(): void {
  const rng = new Rng("verify");
  const raw = tinyLlava();
  const shapes = modelShapes(parseModelConfig(raw, "test"));
  saveCheckpoint(folder, { config: raw, weights: initialWeights(shapes, rng, 0.3) });
  const ids = [4, ...new Array<number>(16).fill(3), 5, 6, 7];
  const name = "language_model.model.layers.0.self_attn.q_proj.weight";
  const inputs = new Map<string, TensorData>([
    ["input_ids", { shape: [1, ids.length], data: Int32Array.from(ids) }],
    ["labels", { shape: [1, ids.length], data: Int32Array.from(ids) }],
    ["pixel_values", { shape: [1, 3, 8, 8], data: Float32Array.from({ length: 192 }, () => rng.normal()) }],
  ]);
  const place = (key: string, shape: readonly number[]): [string, TensorData] => [
    key,
    { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) },
  ];
  const wanted = [
    place("logits", [1, ids.length, 29]),
    place("hidden.2", [1, ids.length, 12]),
    place("loss", [1]),
    place(`grad.${name}`, [24, 12]),
  ];
  const path = join(folder, "golden.safetensors");
  writeSafetensors(path, new Map([...inputs, ...wanted]));
  const { graph, feeds } = goldenGraph(loadModel(folder), readSafetensors(path));
  const values = interpret(graph, feeds);
  const golden = wanted.map(([key, { shape }]): [string, TensorData] => [
    key,
    { shape, data: Float32Array.from(values.get(key) ?? []) },
  ]);
  writeSafetensors(path, new Map([...inputs, ...golden]));
}

test("a checkpoint agrees with golden tensors of the float64 interpreter; a spoilt one does not", async () => {
  writeGolden();
  const figures = await verifyCheckpoint(folder);
  expect(meetsThresholds(figures)).toBe(true);
  expect(figures.maxGradientError).toBeLessThan(1e-3);
  expect(figures.generatedEqual).toBeNull();
  const golden = readSafetensors(join(folder, "golden.safetensors"));
  const spoilt = new Map([...golden.tensors.keys()].map((key) => [key, golden.read(key)]));
  const logits = spoilt.get("logits") as TensorData;
  spoilt.set("logits", { ...logits, data: (logits.data as Float32Array).map((v, i) => (i === 7 ? v + 0.01 : v)) });
  writeSafetensors(join(folder, "golden.safetensors"), spoilt);
  const after = await verifyCheckpoint(folder);
  expect(after.maxLogitError).toBeCloseTo(0.01, 4);
  expect(meetsThresholds(after)).toBe(false);
});

test("NaN anywhere fails", () => {
  const none = {
    maxLogitError: null,
    maxHiddenError: null,
    maxGradientError: null,
    lossError: null,
    generatedEqual: null,
  };
  expect(meetsThresholds(none)).toBe(true);
  expect(meetsThresholds({ ...none, lossError: Number.NaN })).toBe(false);
  expect(meetsThresholds({ ...none, generatedEqual: false })).toBe(false);
});

for (const name of ["llama", "qwen2", "qwen2_lora", "clip", "clip_vision", "llava_qwen2"]) {
  const path = join(shared, "parity", name);
  test.skipIf(!existsSync(path))(`${name} computes what transformers computes (needs ../shared/parity)`, async () => {
    const figures = await verifyCheckpoint(path);
    expect(meetsThresholds(figures), JSON.stringify(figures)).toBe(true);
    const golden = readSafetensors(join(path, "golden.safetensors")).tensors;
    expect(figures.maxLogitError === null).toBe(!golden.has("logits") && !golden.has("image_embeds"));
    expect(figures.generatedEqual).toBe(golden.has("generated") ? true : null);
  });
}

// Made by test/parity/reference.py, an independent implementation in PyTorch that agrees with the goldens above.
const goldens = resolve(import.meta.dirname, "../../../test/parity");
for (const name of [
  "siglip_vision",
  "llava_siglip",
  "llava_layers",
  "vtimellm",
  "qwen2_vl",
  "qwen2_5_vl",
  "llava_onevision",
  "llava_video",
  "longva",
]) {
  test(`${name} computes what the reference in PyTorch computes`, async () => {
    const figures = await verifyCheckpoint(join(goldens, name));
    expect(meetsThresholds(figures), JSON.stringify(figures)).toBe(true);
    const golden = readSafetensors(join(goldens, name, "golden.safetensors")).tensors;
    expect(figures.maxLogitError).not.toBeNull();
    expect(figures.maxGradientError === null).toBe(!golden.has("loss"));
    expect(figures.generatedEqual).toBe(golden.has("generated") ? true : null);
  });
}
