/**
 * Does a checkpoint compute here what it computes elsewhere? Compares with the golden tensors beside it.
 *
 * Errors: the largest absolute difference for logits, embeddings and hidden states; the absolute difference for the loss;
 * for gradients the largest over tensors of max |a - b| / max |b|, see gradientError.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors, type SafetensorsFile } from "../checkpoint/index.ts";
import { compile, type Device, type Outputs } from "../runtime/index.ts";
import type { Eyes } from "./eyes.ts";
import { eyesOf } from "./eyes-of.ts";
import { decoderOf, type GenerativeConfig, isBlind } from "./generative-config.ts";
import { Generator } from "./generator.ts";
import { goldenGraph, goldenSequences } from "./golden-graph.ts";
import { goldenPositions, goldenVideo } from "./golden-seeing.ts";
import { type LoadedModel, loadModel } from "./load-model.ts";
import { loraScaling } from "./lora.ts";
import { writesText } from "./model-config.ts";
import type { Prompt } from "./prompt-embeddings.ts";
import { VisualEncoder } from "./visual-encoder.ts";

/** Default: the CPU. */
export type ComputingOn = Readonly<{ device?: Device }>;

/** null: the golden file has no such tensors. */
export type Verification = Readonly<{
  /** Of logits, logits_per_image, image_embeds and text_embeds. */
  maxLogitError: number | null;
  /** Of hidden.N, last_hidden_state and visual, the rows of embeddings that pictures become. */
  maxHiddenError: number | null;
  /** Of grad.NAME, relative. */
  maxGradientError: number | null;
  lossError: number | null;
  /** Is greedy generation equal, id by id? */
  generatedEqual: boolean | null;
}>;

/** What counts as equal: float32 sums in another order differ by this much. */
export const verificationThresholds = { absolute: 1e-4, relative: 1e-3 } as const;

/** Does every figure that the golden file allows meet its threshold? */
export function meetsThresholds(figures: Verification): boolean {
  const { absolute, relative } = verificationThresholds;
  const within = (error: number | null, threshold: number) => error === null || error <= threshold;
  return (
    within(figures.maxLogitError, absolute) &&
    within(figures.maxHiddenError, absolute) &&
    within(figures.lossError, absolute) &&
    within(figures.maxGradientError, relative) &&
    figures.generatedEqual !== false
  );
}

/** Compare a checkpoint folder with its golden.safetensors. Throws when there is none or the model does not load. */
export async function verifyCheckpoint(folder: string, on: ComputingOn = {}): Promise<Verification> {
  const path = join(folder, "golden.safetensors");
  if (!existsSync(path)) {
    throw new Error(
      `Expected golden.safetensors in ${folder}, got none. Write it with transformers; zoetrope models verify --help lists the names.`,
    );
  }
  const golden = readSafetensors(path);
  const model = loadModel(folder);
  const { graph, feeds } = goldenGraph(model, golden);
  const executable = await compile(graph, on);
  try {
    return compare(golden, await executable.run(feeds), await generatedEqual(model, golden, on));
  } finally {
    await executable.dispose();
  }
}

function compare(golden: SafetensorsFile, outputs: Outputs, generated: boolean | null): Verification {
  const worst = (matches: (name: string) => boolean, error: (name: string) => number) => {
    const errors = [...golden.tensors.keys()].filter((name) => matches(name)).map(error);
    if (errors.length === 0) return null;
    // NaN and missing results must not pass as small, nor turn into null in JSON.
    return errors.every(Number.isFinite) ? Math.max(...errors) : Number.MAX_VALUE;
  };
  const absolute = (name: string) => maxDifference(outputs[name] ?? [], golden.read(name).data);
  const largest =
    worst(
      (name) => name.startsWith("grad."),
      (name) => maxAbsolute(golden.read(name).data),
    ) ?? 0;
  return {
    maxLogitError: worst(
      (name) => /^(logits|logits_per_image|logits_per_text|image_embeds|text_embeds)$/.test(name),
      absolute,
    ),
    maxHiddenError: worst((name) => /^(hidden\.\d+|last_hidden_state|visual)$/.test(name), absolute),
    maxGradientError: worst(
      (name) => name.startsWith("grad."),
      (name) => gradientError(outputs[name] ?? [], golden.read(name).data, largest),
    ),
    lossError: worst((name) => name === "loss", absolute),
    generatedEqual: generated,
  };
}

/**
 * max |a - b| / max |b|. A gradient that is zero in exact arithmetic (a key bias without rotary positions shifts all
 * scores of a query alike) is rounding noise on both sides, so the divisor is at least 1e-5 of the largest gradient.
 */
function gradientError(a: ArrayLike<number>, b: ArrayLike<number>, largest: number): number {
  return maxDifference(a, b) / Math.max(maxAbsolute(b), 1e-5 * largest, Number.MIN_VALUE);
}

function maxAbsolute(a: ArrayLike<number>): number {
  let max = 0;
  for (let i = 0; i < a.length; i++) max = Math.max(max, Math.abs(a[i] as number));
  return max;
}

function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let max = 0;
  for (let i = 0; i < a.length; i++) max = Math.max(max, Math.abs((a[i] as number) - (b[i] as number)));
  return max;
}

/** Rows of `generated` are a prompt (the same row of input_ids), what followed greedily, and padding behind a stop. */
async function generatedEqual(model: LoadedModel, golden: SafetensorsFile, on: ComputingOn): Promise<boolean | null> {
  const { config } = model;
  if (!golden.tensors.has("generated") || !writesText(config)) return null;
  const { shape, data } = golden.read("generated");
  const [rows, columns] = shape as [number, number];
  const { eos_token_ids } = decoderOf(config).decoder;
  const loraOption = model.adapter ? { loraScaling: loraScaling(model.adapter) } : {};
  const generator = new Generator(config, model.weights, { shapes: model.shapes, ...loraOption, ...on });
  try {
    const prompts = (await goldenPrompts(model, golden, { config, on })).slice(0, rows);
    const length = prompts[0]?.ids.length ?? 0;
    const answers = await generator.generate(prompts, { maxNewTokens: columns - length });
    return answers.every(({ ids, stopped }, b) => {
      const expected = Array.from(data.subarray(b * columns + length, (b + 1) * columns));
      const stop = expected.findIndex((id) => eos_token_ids.includes(id));
      const kept = stop === -1 ? expected : expected.slice(0, stop);
      return stopped === (stop !== -1) && kept.length === ids.length && kept.every((id, i) => id === ids[i]);
    });
  } finally {
    await generator.dispose();
  }
}

async function goldenPrompts(
  model: LoadedModel,
  golden: SafetensorsFile,
  { config, on }: Readonly<{ config: GenerativeConfig; on: ComputingOn }>,
): Promise<Prompt[]> {
  if (isBlind(config)) return goldenSequences(config, golden).map(({ ids }) => ({ ids: Array.from(ids) }));
  const eyes = eyesOf(config) as Eyes;
  const loraOption = model.adapter ? { loraScaling: loraScaling(model.adapter) } : {};
  const encoder = new VisualEncoder(eyes, model, { ...loraOption, ...on });
  try {
    if (config.model_type === "llava") {
      const side = config.vision_config.image_size;
      const sequences = goldenSequences(config, golden);
      return await Promise.all(
        sequences.map(async ({ ids, images = [] }) => {
          return { ids: Array.from(ids), images: await encoder.encode(images, { width: side, height: side }) };
        }),
      );
    }
    const { ids, pixels, size, frames } = goldenVideo(config, golden);
    const unit = (pixels.length / frames) * eyes.framesPerUnit;
    const units = Array.from({ length: frames / eyes.framesPerUnit }, (_, i) =>
      pixels.subarray(i * unit, (i + 1) * unit),
    );
    return [{ ids, images: [encoder.join(await encoder.encode(units, size))], ...goldenPositions(config, golden) }];
  } finally {
    await encoder.dispose();
  }
}
