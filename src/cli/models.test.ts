import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { saveCheckpoint, writeSafetensors } from "../nn/checkpoint/index.ts";
import { initialWeights, loadModel, modelShapes, parseModelConfig } from "../nn/models/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { createProgram } from "./program.ts";
import { tinyCheckpoints, writeTinyCheckpoint } from "./tiny-checkpoints.fixture.ts";

let folder: string;
const captured = captureOutput();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zoetrope-models-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]): Promise<Record<string, unknown>> {
  const program = await createProgram(["models"]);
  await program.parseAsync(["models", ...args], { from: "user" });
  return JSON.parse(captured.stdout.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
}

function writeModel(): void {
  const config = {
    model_type: "llama",
    vocab_size: 9,
    hidden_size: 8,
    intermediate_size: 8,
    num_hidden_layers: 1,
    num_attention_heads: 2,
  };
  const weights = initialWeights(modelShapes(parseModelConfig(config, "test")), new Rng(1));
  saveCheckpoint(folder, { config, weights });
}

test("check says what a folder is", async () => {
  writeModel();
  expect(await run("check", folder, "--json")).toMatchObject({ summary: { model: "llama", faults: 0, dtypes: "F32" } });
  expect(process.exitCode).not.toBe(1);
});

test("verify's summary has the five figures, and exits 100 when one misses its threshold", async () => {
  writeModel();
  const golden = new Map([
    ["input_ids", { shape: [1, 2], data: Int32Array.of(3, 4) }],
    ["logits", { shape: [1, 2, 9], data: new Float32Array(18).fill(5) }],
  ]);
  writeSafetensors(join(folder, "golden.safetensors"), golden);
  const { summary, passed } = await run("verify", folder, "--json");
  expect(summary).toEqual({
    maxLogitError: expect.any(Number),
    maxHiddenError: null,
    maxGradientError: null,
    lossError: null,
    generatedEqual: null,
  });
  expect(passed).toBe(false);
  expect(process.exitCode).toBe(100);
});

test("a folder without golden tensors is an error that says so", async () => {
  writeModel();
  await expect(run("verify", folder)).rejects.toThrow(/golden\.safetensors/);
});

test("check says that a folder answers here, with what memory, and what another one lacks", async () => {
  for (const name of tinyCheckpoints) {
    const model = join(folder, name);
    writeTinyCheckpoint(name, model);
    const { summary } = await run("check", model, "--json");
    expect(summary, name).toMatchObject({ runs: true, faults: 0, missing: 0, weightBytes: expect.any(Number) });
  }
  writeModel();
  const { summary, missing } = await run("check", folder, "--json");
  expect(summary).toMatchObject({ runs: false, missing: 1, tokenizer: false });
  expect(missing).toEqual([`tokenizer.json in ${folder}`]);
});

test("a model beyond the memory is told so before a byte is read, and what would fit", async () => {
  const config = {
    model_type: "llama",
    vocab_size: 2 ** 20,
    hidden_size: 2 ** 18,
    intermediate_size: 8,
    num_hidden_layers: 1,
    num_attention_heads: 2 ** 14,
    num_key_value_heads: 1,
  };
  const shapes = modelShapes(parseModelConfig(config, "test"));
  let at = 0;
  const header = Object.fromEntries(
    [...shapes].map(([name, shape]) => {
      const begin = at;
      at += 2 * shape.reduce((a, b) => a * b, 1);
      return [name, { dtype: "BF16", shape, data_offsets: [begin, at] }];
    }),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const path = join(folder, "model.safetensors");
  writeFileSync(path, Buffer.concat([length, text]));
  // More than a terabyte that takes no room on the disk.
  truncateSync(path, 8 + text.length + at);
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  expect(() => loadModel(folder)).toThrow(/free memory for the 687\.2 billion parameters.*at most .* billion/);
  const { summary } = await run("check", folder, "--json");
  expect(summary).toMatchObject({ runs: false, faults: 0, weightBytes: 2 * at });
});

test("an architecture that is not known lists those that are", async () => {
  writeFileSync(join(folder, "config.json"), '{"model_type": "mamba"}');
  await expect(run("check", folder)).rejects.toThrow(/qwen2_5_vl.*got "mamba"/);
});

test("check counts what weights take as each type (oracle: bytes of each matrix by hand)", async () => {
  writeModel();
  const { summary } = await run("check", folder, "--weights", "int4", "--json");
  // Word table and head of 9 x 8 in 9 blocks each; seven matrices of 8 x 8 in 8 blocks; three norms of 8.
  const eights = 2 * 9 * (32 + 4);
  const layers = (bits: number) => 7 * 8 * (4 * bits + 4);
  expect(summary).toMatchObject({
    weights: "int4",
    weightBytes: 2 * (eights + layers(4)) + 3 * 8 * 4,
    weightBytesInt8: 2 * (eights + layers(8)) + 3 * 8 * 4,
    weightBytesFloat32: 4 * (2 * 9 * 8 + 7 * 64 + 3 * 8),
  });
});

test("loss tells what fewer bits cost: more with 4 than with 8, something with either", async () => {
  writeTinyCheckpoint("llava-clip", folder);
  const { summary } = (await run("loss", folder, "--json")) as { summary: Record<string, number> };
  expect(summary["int8.klDivergence"]).toBeGreaterThan(0);
  expect(summary["int4.klDivergence"]).toBeGreaterThan(summary["int8.klDivergence"] as number);
  expect(summary["int4.relativeError"]).toBeGreaterThan(summary["int8.relativeError"] as number);
  expect(summary["int8.perplexityFloat32"]).toBe(summary["int4.perplexityFloat32"]);
});
