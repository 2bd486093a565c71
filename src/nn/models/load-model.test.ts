/** What loading refuses, and in which words; what it computes is in verify-checkpoint.test.ts. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import {
  readSafetensors,
  saveCheckpoint,
  type TensorData,
  writeAdapter,
  writeSafetensors,
} from "../checkpoint/index.ts";
import {
  describeCheckpoint,
  initialWeights,
  loadModel,
  mergeLora,
  modelShapes,
  parseModelConfig,
  stackAdapters,
} from "./index.ts";
import { tinyDecoder } from "./tiny-models.fixture.ts";

const parity = resolve(import.meta.dirname, "../../../test/parity");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zoetrope-load-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const rng = new Rng("load");
const random = (...shape: number[]): TensorData => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
});
const q = "model.layers.1.self_attn.q_proj";
const lora = (r: number, target: string) => ({
  peft_type: "LORA" as const,
  r,
  lora_alpha: 2 * r,
  target_modules: [target] as [string],
});

function writeBase(at: string, changes: object = {}): ReadonlyMap<string, TensorData> {
  const config = { model_type: "llama", ...tinyDecoder, ...changes };
  const weights = initialWeights(modelShapes(parseModelConfig(config, "test")), new Rng(1), 0.3);
  saveCheckpoint(at, { config, weights });
  return weights;
}

test("an adapter of another base is refused: of another width, of more layers, of fewer", () => {
  const base = join(folder, "base");
  const adapter = (weights: [string, TensorData][], target = "q_proj") => {
    const at = join(folder, "adapter");
    rmSync(at, { recursive: true, force: true });
    writeAdapter(at, { config: { ...lora(2, target), base_model_name_or_path: "../base" }, weights: new Map(weights) });
    return () => loadModel(at);
  };
  writeBase(base);
  const pair = (module: string, inner: number): [string, TensorData][] => [
    [`${module}.lora_A.weight`, random(2, inner)],
    [`${module}.lora_B.weight`, random(24, 2)],
  ];
  const first = "model.layers.0.self_attn.q_proj";
  expect(adapter([...pair(first, 12), ...pair(q, 12)])().adapter?.r).toBe(2);
  expect(adapter([...pair(first, 16), ...pair(q, 16)])).toThrow(
    /lora_A\.weight of shape \[2,12\].*got shape \[2,16\]\. Is .*base its base/,
  );
  expect(adapter(pair("model.layers.7.self_attn.q_proj", 12))).toThrow(
    /changes .*layers\.7\.self_attn\.q_proj, which .*base has not/,
  );
  expect(adapter(pair(q, 12))).toThrow(/layers\.0\.self_attn\.q_proj\.lora_A.*got none/);
});

test("an adapter that names its modules by a pattern of other names counts by what it holds", () => {
  const base = join(folder, "base");
  writeBase(base);
  const config = { ...lora(2, "x"), target_modules: "base\\.of\\.old\\..*q_proj", base_model_name_or_path: "../base" };
  const weights = new Map([
    [`${q}.lora_A.weight`, random(2, 12)],
    [`${q}.lora_B.weight`, random(24, 2)],
  ]);
  writeAdapter(join(folder, "adapter"), { config, weights });
  expect(loadModel(join(folder, "adapter")).shapes.has(`${q}.lora_A.weight`)).toBe(true);
});

test("modules that an adapter brings whole take the place of quantised ones, and must fit them", () => {
  const base = join(folder, "base");
  writeBase(base, { hidden_size: 64, intermediate_size: 96, head_dim: 16 });
  const { weights: plain } = loadModel(base);
  const rows = plain.get("lm_head.weight")?.shape[0] as number;
  const adapted = (saved: readonly (readonly [string, TensorData])[]) => {
    const at = join(folder, "adapter");
    rmSync(at, { recursive: true, force: true });
    const config = { ...lora(2, "q_proj"), base_model_name_or_path: "../base", modules_to_save: ["lm_head"] };
    const pair = ["model.layers.0.self_attn.q_proj", q].flatMap((module): [string, TensorData][] => [
      [`${module}.lora_A.weight`, random(2, 64)],
      [`${module}.lora_B.weight`, random(plain.get(`${module}.weight`)?.shape[0] as number, 2)],
    ]);
    writeAdapter(at, { config, weights: new Map([...pair, ...saved]) });
    return () => loadModel(at, { type: "int8" });
  };
  const head = random(rows, 64);
  const { weights, quantised } = adapted([["lm_head.weight", head]])();
  expect(weights.get("lm_head.weight")?.data).toEqual(head.data);
  expect(quantised?.has("lm_head.weight")).toBe(false);
  expect(quantised?.has("model.embed_tokens.weight")).toBe(true);
  // The quantised table has fewer rows than the new head.
  expect(adapted([["lm_head.weight", random(rows + 3, 64)]])).toThrow(
    /Expected model\.embed_tokens\.weight with \d+ rows.*Save embed_tokens and lm_head together/,
  );
});

test("stacked adapters are what merging them in order gives (oracle: mergeLora twice)", () => {
  const weights = new Map([[`${q}.weight`, random(5, 4)]]);
  const make = (r: number, alpha: number) => ({
    config: { ...lora(r, "q_proj"), lora_alpha: alpha },
    weights: new Map([
      [`${q}.lora_A.weight`, random(r, 4)],
      [`${q}.lora_B.weight`, random(5, r)],
    ]),
  });
  const [first, second] = [make(2, 3), make(3, 12)];
  const inOrder = mergeLora(mergeLora(weights, first.weights, 1.5), second.weights, 4).get(`${q}.weight`);
  const stacked = stackAdapters([first, second]);
  const atOnce = mergeLora(weights, stacked.weights, 1).get(`${q}.weight`);
  expect(stacked.config).toMatchObject({ r: 5, lora_alpha: 5 });
  inOrder?.data.forEach((value, i) => {
    expect(atOnce?.data[i]).toBeCloseTo(value, 5);
  });
});

test("a checkpoint in pieces tells which piece is missing, a wrong shape both shapes, a hostile archive its name", () => {
  cpSync(join(parity, "qwen2_5_vl"), folder, { recursive: true });
  const shard = join(folder, "model-00002-of-00002.safetensors");
  const tensors = readSafetensors(shard);
  const name = [...tensors.tensors.keys()][0] as string;
  const changed = new Map([...tensors.tensors.keys()].map((each) => [each, tensors.read(each)]));
  writeSafetensors(shard, changed.set(name, random(3, 3)));
  expect(() => loadModel(folder)).toThrow(/of shape \[[\d,]+\], got shape \[3,3\]/);
  expect(describeCheckpoint(folder)).toMatchObject({
    faults: [expect.stringMatching(/got shape \[3,3\]/)],
    runs: false,
  });
  rmSync(shard);
  expect(() => loadModel(folder)).toThrow(/2 shards.*got 1: model-00002-of-00002\.safetensors missing/);
  const hostile = join(folder, "hostile");
  mkdirSync(hostile);
  writeFileSync(join(hostile, "config.json"), JSON.stringify({ model_type: "llama", ...tinyDecoder }));
  writeFileSync(join(hostile, "pytorch_model.bin"), readFileSync(join(parity, "archives/hostile.bin")));
  expect(() => loadModel(hostile)).toThrow(/Refused .*pytorch_model\.bin.*"__builtin__\.print"/);
});

test("a vision tower that is neither beside the checkpoint nor known is asked for by name", () => {
  cpSync(join(parity, "longva"), folder, { recursive: true });
  rmSync(join(folder, "tower-tiny"), { recursive: true });
  expect(() => loadModel(folder)).toThrow(/siglip-so400m-patch14-384, got "tower-tiny"\. Download it to/);
});
