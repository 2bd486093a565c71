import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  loadWeights,
  readAdapter,
  readSafetensors,
  saveCheckpoint,
  type TensorData,
  writeAdapter,
  writeSafetensors,
} from "./index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zoetrope-weights-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const a: TensorData = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
const b: TensorData = { shape: [3], data: Float32Array.of(5, 6, 7) };

test("a saved checkpoint is loaded back, with its configuration and its tokenizer's files", () => {
  const config = { model_type: "llama", text_config: { eos_token_id: 2 } };
  saveCheckpoint(folder, { config, files: new Map([["tokenizer.json", "{}"]]), weights: new Map([["a", a]]) });
  expect(loadWeights(folder, new Map([["a", [2, 2]]]))).toEqual(new Map([["a", a]]));
  expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8"))).toEqual(config);
  expect(JSON.parse(readFileSync(join(folder, "generation_config.json"), "utf8")).eos_token_id).toBe(2);
  expect(readFileSync(join(folder, "tokenizer.json"), "utf8")).toBe("{}");
});

test("shards are found through their index", () => {
  writeSafetensors(join(folder, "model-1.safetensors"), new Map([["a", a]]));
  writeSafetensors(join(folder, "model-2.safetensors"), new Map([["b", b]]));
  const index = { weight_map: { a: "model-1.safetensors", b: "model-2.safetensors" } };
  writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify(index));
  const expected = new Map([
    ["b", [3]],
    ["a", [2, 2]],
  ]);
  expect(loadWeights(folder, expected)).toEqual(
    new Map([
      ["b", b],
      ["a", a],
    ]),
  );
});

test("a missing and a misshapen tensor are named with both shapes", () => {
  writeSafetensors(join(folder, "model.safetensors"), new Map([["a", a]]));
  expect(() => loadWeights(folder, new Map([["a", [4]]]))).toThrow(/tensor a of shape \[4\], got shape \[2,2\]/);
  expect(() => loadWeights(folder, new Map([["c", [4, 1]]]))).toThrow(/tensor c of shape \[4,1\], got none/);
});

test("names of other versions are mapped before they are looked up", () => {
  writeSafetensors(join(folder, "model.safetensors"), new Map([["old.a", a]]));
  const weights = loadWeights(folder, new Map([["a", [2, 2]]]), (name) => name.replace(/^old\./, ""));
  expect(weights.get("a")).toEqual(a);
});

test("a folder without weights is refused", () => {
  expect(() => loadWeights(folder, new Map())).toThrow(/model\.safetensors/);
});

test("an adapter is written under PEFT's names and read back under the model's", () => {
  const config = { peft_type: "LORA" as const, r: 2, lora_alpha: 4, target_modules: ["q_proj"] as [string] };
  const name = "model.layers.0.self_attn.q_proj.lora_A.weight";
  writeAdapter(folder, { config, weights: new Map([[name, a]]) });
  const stored = readSafetensors(join(folder, "adapter_model.safetensors"));
  expect([...stored.tensors.keys()]).toEqual([`base_model.model.${name}`]);
  const adapter = readAdapter(folder);
  expect(adapter.weights.get(name)).toEqual(a);
  expect(adapter.config).toMatchObject(config);
});

test("an adapter that is more than plain LoRA is refused", () => {
  mkdirSync(folder, { recursive: true });
  const config = { peft_type: "LORA", r: 2, lora_alpha: 4, target_modules: ["q_proj"], use_dora: true };
  writeFileSync(join(folder, "adapter_config.json"), JSON.stringify(config));
  expect(() => readAdapter(folder)).toThrow(/use_dora/);
});

test("shards that are not there are counted and named", () => {
  writeSafetensors(join(folder, "model-1.safetensors"), new Map([["a", a]]));
  const index = { weight_map: { a: "model-1.safetensors", b: "model-2.safetensors", c: "model-3.safetensors" } };
  writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify(index));
  expect(() => loadWeights(folder, new Map([["a", [2, 2]]]))).toThrow(
    /3 shards.*got 1: model-2\.safetensors, model-3\.safetensors missing/,
  );
});

test("half floats longer than a piece are widened piece by piece (oracle: the same file through F32)", () => {
  const length = 2 ** 20 + 3;
  const halves = Float32Array.from({ length }, (_, i) => (i % 2048) / 64 - 16);
  const path = join(folder, "halves.safetensors");
  writeSafetensors(path, new Map([["a", { shape: [length], data: halves }]]), {}, "F16");
  const { data } = readSafetensors(path).read("a");
  // Vitest's own comparison takes seconds for a million numbers.
  expect(Buffer.from(data.buffer).equals(Buffer.from(halves.buffer))).toBe(true);
});
