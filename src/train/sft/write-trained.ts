/**
 * What a fine-tuning leaves: a PEFT adapter with the tokenizer beside it, or a whole checkpoint under the names of the one that
 * it came from. Either is a model reference at once.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../core/files/index.ts";
import { saveCheckpoint, type TensorData, type Weights, writeAdapter } from "../../nn/checkpoint/index.ts";
import { eyesOf, type GenerativeConfig, openCheckpoint, parameterName } from "../../nn/models/index.ts";
import type { Tokenizer } from "../../nn/tokenizer/index.ts";
import { type LoraChoice, peftAdapter, type TrainedParts } from "./trained-parts.ts";

export type Trained = Readonly<{
  config: GenerativeConfig;
  /** Every weight of the model, as it is now. */
  weights: Weights;
  parts: TrainedParts;
  tokenizer: Tokenizer;
  /** Of the checkpoint that it came from. */
  base: string;
}>;

/** adapter_config.json, adapter_model.safetensors and the tokenizer's files; the base stays where it is. */
export function writeTrainedAdapter(folder: string, trained: Trained, choice: LoraChoice): void {
  const { config, weights, parts, tokenizer, base } = trained;
  for (const [name, text] of besideWeights(base, tokenizer)) writeAtomically(join(folder, name), [text]);
  writeAdapter(folder, peftAdapter(config, weights, { choice, trained: parts.trained, base }));
}

/** A checkpoint folder that holds everything, also where the base is in parts. */
export function writeTrainedCheckpoint(folder: string, { config, weights, tokenizer, base }: Trained): void {
  const { rawConfig, sources, processorFolder } = openCheckpoint(base);
  const ours = parameterName(config);
  const upstream = (name: string) => {
    const known = [
      sources.get(name)?.name,
      name.replace(/^vision_tower\./, "model.vision_tower.vision_tower.vision_model."),
    ];
    return known.find((each) => each !== undefined && ours(each) === name) ?? name;
  };
  const files = besideWeights(processorFolder ?? base, tokenizer);
  if (processorFolder === null) files.set("preprocessor_config.json", clipProcessorJson(config));
  const named = new Map([...weights].map(([name, tensor]): [string, TensorData] => [upstream(name), tensor]));
  saveCheckpoint(folder, { config: rawConfig, weights: named, files });
}

const copied = [
  "preprocessor_config.json",
  "processor_config.json",
  "video_preprocessor_config.json",
  "grounding.json",
];

/** The tokenizer's files, and what says how pictures and questions are made. */
function besideWeights(from: string, tokenizer: Tokenizer): Map<string, string> {
  const found = copied.filter((name) => existsSync(join(from, name)));
  return new Map([...tokenizer.files, ...found.map((name) => [name, readFileSync(join(from, name), "utf8")] as const)]);
}

/** Of CLIP as OpenAI published it, which comes without a file. */
function clipProcessorJson(config: GenerativeConfig): string {
  const side = eyesOf(config)?.imageSize ?? 224;
  return JSON.stringify({ size: { shortest_edge: side }, crop_size: side });
}
