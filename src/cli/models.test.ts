import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { saveCheckpoint, writeSafetensors } from "../nn/checkpoint/index.ts";
import { initialWeights, modelShapes, parseModelConfig } from "../nn/models/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { createProgram } from "./program.ts";

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
  return JSON.parse(captured.stdout) as Record<string, unknown>;
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
