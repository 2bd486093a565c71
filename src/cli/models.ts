/**
 * `zoetrope models list|check|verify`: which checkpoints there are, what one is, whether it computes what it should.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { modelsFolder } from "../core/files/index.ts";
import { gigabytes } from "../nn/checkpoint/index.ts";
import {
  type CheckpointDescription,
  describeCheckpoint,
  meetsThresholds,
  type Verification,
  verificationThresholds,
  verifyCheckpoint,
  type WeightType,
  weightTypes,
} from "../nn/models/index.ts";
import { devices } from "../nn/runtime/index.ts";
import { printJson, printText, thresholdStatus } from "./context.ts";
import { oneOf } from "./flags.ts";
import { deviceHelp, weightsHelp } from "./model-flags.ts";
import { registerModelsLoss } from "./models-loss.ts";

const listExamples = `
Example:
  $ zoetrope models list
`;
const checkExamples = `
Examples:
  $ zoetrope models check models/zoetrope-micro
  $ zoetrope models check ~/llava-1.5-7b-hf --weights int4 --json
`;
const verifyExamples = `
Example:
  $ zoetrope models verify parity/llava_qwen2 --json

DIR holds a checkpoint (or a PEFT adapter; golden.json {"base": "../qwen2"} names its base) and golden.safetensors with
inputs and results of transformers: input_ids, pixel_values, labels, logits, loss, hidden.N, grad.NAME, generated,
image_embeds, text_embeds, logits_per_image, last_hidden_state. Exits 100 when a figure misses its threshold:
${verificationThresholds.absolute} absolute, ${verificationThresholds.relative} relative for gradients (max |a - b| / max |b| a tensor).
`;

type Flags = Readonly<{ json?: boolean }>;
type VerifyFlags = Flags & Readonly<{ device?: string }>;
type CheckFlags = Flags & Readonly<{ weights?: string }>;

export function registerModels(models: Command): void {
  models
    .command("list")
    .description("the checkpoints under models/")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", listExamples)
    .action((flags: Flags) => runList(flags));
  models
    .command("check")
    .argument("<dir>", "a checkpoint folder")
    .description("what a checkpoint is, whether it can answer here, and what it lacks")
    .option("--weights <type>", weightsHelp)
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", checkExamples)
    .action((folder: string, flags: CheckFlags) => runCheck(folder, flags));
  registerModelsLoss(models);
  models
    .command("verify")
    .argument("<dir>", "a checkpoint folder with golden.safetensors")
    .description("compare a checkpoint with golden tensors made elsewhere")
    .option("--device <name>", deviceHelp)
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", verifyExamples)
    .action((folder: string, flags: VerifyFlags) => runVerify(folder, flags));
}

function runList({ json = false }: Flags): void {
  const root = modelsFolder();
  const folders = existsSync(root) ? readdirSync(root).filter((name) => isCheckpoint(join(root, name))) : [];
  const models = folders.map((name) => ({ name, ...described(join(root, name)) }));
  if (json) {
    printJson({ command: "models list", summary: { models: models.length }, models });
    return;
  }
  if (models.length === 0) printText("No checkpoints under models/. Any folder works: zoetrope models check DIR");
  for (const model of models) {
    const line = "error" in model ? model.error : `${model.model}, ${model.parameters.toLocaleString("en")} parameters`;
    printText(`${model.name}: ${line}`);
  }
}

/** One broken checkpoint must not hide the others. */
function described(folder: string): CheckpointDescription | Readonly<{ error: string }> {
  try {
    return describeCheckpoint(folder);
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function runCheck(folder: string, { json = false, weights = "float32" }: CheckFlags): void {
  const type = oneOf("--weights", weightTypes, weights);
  const found = describeCheckpoint(folder, type);
  if (found.faults.length > 0) process.exitCode = 1;
  if (json) {
    const { faults, unused, missing, dtypes, memory, ...flat } = found;
    const summary = {
      ...flat,
      dtypes: dtypes.join(","),
      faults: faults.length,
      unused: unused.length,
      missing: missing.length,
      weights: type,
      weightBytes: memory?.weights ?? null,
      weightBytesFloat32: memory?.weightsAs.float32 ?? null,
      weightBytesInt8: memory?.weightsAs.int8 ?? null,
      weightBytesInt4: memory?.weightsAs.int4 ?? null,
      workBytes: memory?.work ?? null,
      freeBytes: memory?.free ?? null,
      mostFrames: memory?.mostFrames ?? null,
    };
    printJson({ command: "models check", folder, summary, faults, unused, missing });
    return;
  }
  const lines = [
    `${folder}: ${found.model}, ${found.parameters.toLocaleString("en")} parameters in ${found.tensors} tensors (${found.dtypes.join(", ")})`,
    ...verdict(folder, found, type),
    `golden tensors: ${found.golden ? "yes (zoetrope models verify)" : "no"}`,
    found.faults.length === 0 ? "every tensor fits the configuration" : `${found.faults.length} tensors do not fit:`,
    ...few(found.faults),
    ...(found.unused.length === 0
      ? []
      : [`${found.unused.length} tensors that the model does not use:`, ...few(found.unused)]),
  ];
  printText(lines.join("\n"));
}

/** Whether it can be asked here, why not, and what there is room for. */
function verdict(
  folder: string,
  { runs, missing, memory, model, faults }: CheckpointDescription,
  type: WeightType,
): string[] {
  if (memory === null) return ["an adapter: check its base; ask with --model and this folder"];
  const { weights, weightsAs, work, free, mostFrames } = memory;
  const fits = weights + work <= free;
  const needs = `${gigabytes(weights)} for the weights as ${type}, ${gigabytes(work)} to look at 8 frames; ${gigabytes(free)} are free`;
  const most = (((free - work) / weights) * (weightsAs.float32 / 4e9)).toFixed(1);
  const smaller = weightTypes.find((as) => weightsAs[as] < weights && weightsAs[as] + work <= free);
  const why = [
    ...(missing.length > 0 ? [`missing: ${missing.join(", ")}`] : []),
    ...(faults.length > 0 ? ["its tensors do not fit (below)"] : []),
    ...(fits ? [] : [`too large: a model of ${most} billion parameters would fit`]),
    ...(fits || smaller === undefined ? [] : [`with --weights ${smaller} it fits`]),
  ];
  const answers =
    runs && fits
      ? `answers here: zoetrope ask VIDEO "QUESTION" --model ${folder}${type === "float32" ? "" : ` --weights ${type}`}`
      : `does not answer here: ${why.join("; ")}`;
  const isTower = work === 0;
  return [
    isTower ? `a ${model}, which answers nothing by itself` : answers,
    `memory: ${needs}`,
    ...(isTower
      ? []
      : [
          `as ${weightTypes.map((as) => `${as} ${gigabytes(weightsAs[as])}`).join(", ")}; what fewer bits cost: zoetrope models loss ${folder}`,
        ]),
    ...(mostFrames === null || isTower ? [] : [`room for ${mostFrames.toLocaleString("en")} frames in a prompt`]),
  ];
}

async function runVerify(folder: string, { json = false, device = "cpu" }: VerifyFlags): Promise<void> {
  const figures = await verifyCheckpoint(folder, { device: oneOf("--device", devices, device) });
  const passed = meetsThresholds(figures);
  if (!passed) process.exitCode = thresholdStatus;
  if (json)
    printJson({ command: "models verify", folder, passed, thresholds: verificationThresholds, summary: figures });
  else printText(`${verificationTable(figures)}\n${passed ? "matches" : "does not match"}`);
}

function verificationTable(figures: Verification): string {
  const number = (error: number | null) => (error === null ? "not in the golden file" : error.toExponential(1));
  const { absolute, relative } = verificationThresholds;
  const generated = figures.generatedEqual === null ? number(null) : figures.generatedEqual ? "equal" : "different";
  const rows = [
    ["logits, embeddings", number(figures.maxLogitError), `<= ${absolute}`],
    ["hidden states", number(figures.maxHiddenError), `<= ${absolute}`],
    ["gradients (relative)", number(figures.maxGradientError), `<= ${relative}`],
    ["loss", number(figures.lossError), `<= ${absolute}`],
    ["generated ids", generated, "equal"],
  ] as const;
  return rows.map(([what, got, wanted]) => `${what.padEnd(22)}${got.padEnd(24)}${wanted}`).join("\n");
}

function few(lines: readonly string[]): string[] {
  const shown = lines.slice(0, 10).map((line) => `  ${line}`);
  return lines.length > shown.length ? [...shown, `  and ${lines.length - shown.length} more`] : shown;
}

function isCheckpoint(folder: string): boolean {
  return existsSync(join(folder, "config.json")) || existsSync(join(folder, "adapter_config.json"));
}
