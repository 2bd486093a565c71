/**
 * A checkpoint folder as one value: configuration and weights under our names, with PEFT adapters on top where there are any.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import {
  type Adapter,
  type AdapterConfig,
  memoryFault,
  readAdapter,
  readJson,
  readWeights,
  type Shapes,
  type TensorData,
} from "../checkpoint/index.ts";
import { adapterShapes, stackAdapters } from "./lora.ts";
import type { ModelConfig } from "./model-config.ts";
import { parameterName } from "./model-shapes.ts";
import { openCheckpoint } from "./open-checkpoint.ts";

export type LoadedModel = Readonly<{
  config: ModelConfig;
  /** The content of config.json, for saving it again. */
  rawConfig: Readonly<Record<string, unknown>>;
  /** Of every parameter, the adapter's included. */
  shapes: Shapes;
  weights: ReadonlyMap<string, TensorData>;
  adapter: AdapterConfig | null;
  /** Where its tokenizer and its image processor lie, see OpenCheckpoint. */
  tokenizerFolder: string;
  processorFolder: string | null;
}>;

/**
 * Read a checkpoint folder, or a PEFT adapter with its base model: `base`, else golden.json's, else what
 * adapter_config.json names, relative to the folder.
 */
export function loadModel(folder: string, options: Readonly<{ base?: string }> = {}): LoadedModel {
  if (existsSync(join(folder, "adapter_config.json"))) {
    const adapter = readAdapter(folder);
    const path = options.base ?? baseFolder(folder, adapter.config);
    return withAdapter(loadModel(path), adapter, { folder, path });
  }
  const { adapters, sources, ...opened } = openCheckpoint(folder);
  const fault = memoryFault(opened.shapes, { folder });
  if (fault !== null) throw new Error(fault);
  const model = { ...opened, weights: readWeights(sources, opened.shapes, folder), adapter: null };
  const [stages, last] = [adapters.map(readAdapter), adapters.at(-1)];
  return last === undefined ? model : withAdapter(model, stackAdapters(stages), { folder: last, path: folder });
}

type Places = Readonly<{ folder: string; path: string }>;

function withAdapter(base: LoadedModel, adapter: Adapter, { folder, path }: Places): LoadedModel {
  if (base.adapter !== null) {
    throw new Error(`Expected a base model without an adapter in ${path}, got one. Merge it with PEFT first.`);
  }
  const known = parameterName(base.config);
  // Adapters of a decoder that now sits behind eyes carry the decoder's own names.
  const rename = (name: string) =>
    base.shapes.has(moduleWeight(known(name))) ? known(name) : `language_model.${name}`;
  const found = new Map([...adapter.weights].map(([name, tensor]) => [rename(name), tensor]));
  const present = new Set([...found.keys()].map((name) => name.replace(/\.lora_[AB]\.weight$/, "")));
  const stranger = [...present].find((module) => !base.shapes.has(`${module}.weight`));
  if (stranger !== undefined) {
    throw new Error(
      `Expected an adapter of ${path} in ${folder}, got one that changes ${stranger}, which ${path} has not. Name its own base.`,
    );
  }
  const expected = adapterShapes(base.shapes, adapter.config, present);
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

/** The weight that a LoRA matrix belongs to. */
function moduleWeight(name: string): string {
  return name.replace(/\.lora_[AB]\.weight$/, ".weight");
}

function baseFolder(folder: string, config: AdapterConfig): string {
  const golden = join(folder, "golden.json");
  const named = existsSync(golden) ? readJson(golden, z.looseObject({ base: z.string().optional() })).base : undefined;
  const base = named ?? config.base_model_name_or_path;
  if (!base)
    throw new Error(`Expected the base model of the adapter in ${folder}, got none. Name it in adapter_config.json.`);
  return resolve(folder, base);
}
