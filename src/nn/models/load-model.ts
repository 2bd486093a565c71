/**
 * A checkpoint folder as one value: configuration and weights under our names, with a PEFT adapter on top where it is one.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import {
  type AdapterConfig,
  listWeights,
  loadWeights,
  readAdapter,
  readJson,
  type Shapes,
  type TensorData,
} from "../checkpoint/index.ts";
import { clipShapes, clipVisionShapes } from "./clip.ts";
import { decoderShapes } from "./decoder.ts";
import { llavaParameterName, llavaShapes } from "./llava.ts";
import { loraShapes } from "./lora.ts";
import { type ModelConfig, readModelConfig } from "./model-config.ts";
import { siglipVisionShapes } from "./siglip.ts";

export type LoadedModel = Readonly<{
  config: ModelConfig;
  /** The content of config.json, for saving it again. */
  rawConfig: Readonly<Record<string, unknown>>;
  /** Of every parameter, the adapter's included. */
  shapes: Shapes;
  weights: ReadonlyMap<string, TensorData>;
  adapter: AdapterConfig | null;
}>;

/** Shapes of every parameter that a configuration implies. */
export function modelShapes(config: ModelConfig): Map<string, readonly number[]> {
  switch (config.model_type) {
    case "llama":
    case "qwen2":
      return decoderShapes(config);
    case "llava":
      return llavaShapes(config);
    case "clip":
      return clipShapes(config);
    case "siglip_vision_model":
      return siglipVisionShapes(config, "vision_model.");
    case "clip_vision_model":
      return clipVisionShapes(config, "vision_model.").set("visual_projection.weight", [
        config.projection_dim,
        config.hidden_size,
      ]);
    default:
      return config satisfies never;
  }
}

/** Our name of a parameter in a checkpoint of this configuration. */
export function parameterName(config: ModelConfig): (name: string) => string {
  return config.model_type === "llava" ? llavaParameterName : (name) => name;
}

/**
 * Read a checkpoint folder, or a PEFT adapter with its base model: `base`, else golden.json's, else what
 * adapter_config.json names, relative to the folder.
 */
export function loadModel(folder: string, options: Readonly<{ base?: string }> = {}): LoadedModel {
  if (existsSync(join(folder, "adapter_config.json"))) return withAdapter(folder, options.base);
  const { config, raw } = readModelConfig(folder);
  const shapes = shapesIn(folder, config);
  return { config, rawConfig: raw, shapes, weights: loadWeights(folder, shapes, parameterName(config)), adapter: null };
}

function withAdapter(folder: string, given: string | undefined): LoadedModel {
  const adapter = readAdapter(folder);
  const path = given ?? baseFolder(folder, adapter.config);
  const base = loadModel(path);
  const rename = parameterName(base.config);
  const found = new Map([...adapter.weights].map(([name, tensor]) => [rename(name), tensor]));
  const expected = loraShapes(base.shapes, adapter.config);
  for (const [name, shape] of expected) {
    const got = found.get(name)?.shape;
    if (got?.join() === shape.join()) continue;
    const gotText = got === undefined ? "none" : `shape [${got}]`;
    throw new Error(`Expected tensor ${name} of shape [${shape}] in ${folder}, got ${gotText}. Is ${path} its base?`);
  }
  return {
    ...base,
    shapes: new Map([...base.shapes, ...expected]),
    weights: new Map([
      ...base.weights,
      ...[...expected.keys()].map((name) => [name, found.get(name) as TensorData] as const),
    ]),
    adapter: adapter.config,
  };
}

function baseFolder(folder: string, config: AdapterConfig): string {
  const golden = join(folder, "golden.json");
  const named = existsSync(golden) ? readJson(golden, z.looseObject({ base: z.string().optional() })).base : undefined;
  const base = named ?? config.base_model_name_or_path;
  if (!base)
    throw new Error(`Expected the base model of the adapter in ${folder}, got none. Name it in adapter_config.json.`);
  return resolve(folder, base);
}

/** A vision checkpoint may come without its projection, which only embeddings need. */
function shapesIn(folder: string, config: ModelConfig): Map<string, readonly number[]> {
  const shapes = modelShapes(config);
  if (config.model_type !== "clip_vision_model") return shapes;
  if (!listWeights(folder).has("visual_projection.weight")) shapes.delete("visual_projection.weight");
  return shapes;
}
