/**
 * A checkpoint folder as one value: configuration and weights under our names, with PEFT adapters on top where there are any.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import {
  type Adapter,
  type AdapterConfig,
  isLoraName,
  memoryFault,
  readAdapter,
  readJson,
  readWeights,
  type Shapes,
  type TensorData,
} from "../checkpoint/index.ts";
import { hasTokenizer } from "../tokenizer/index.ts";
import { decoderOf, type GenerativeConfig, isBlind } from "./generative-config.ts";
import { adapterShapes, stackAdapters } from "./lora.ts";
import { type ModelConfig, writesText } from "./model-config.ts";
import { modelShapes, parameterName } from "./model-shapes.ts";
import { openCheckpoint } from "./open-checkpoint.ts";
import { loadedBytes, WeightQuantiser, type WeightType } from "./quantise-weights.ts";
import type { QuantisedWeights } from "./quantised-matrix.ts";

export type LoadedModel = Readonly<{
  config: ModelConfig;
  /** The content of config.json, for saving it again. */
  rawConfig: Readonly<Record<string, unknown>>;
  /** Of every parameter, the adapter's included. */
  shapes: Shapes;
  weights: ReadonlyMap<string, TensorData>;
  adapter: AdapterConfig | null;
  /** Matrices that were quantised on the way and are not among `weights`. */
  quantised?: QuantisedWeights;
  /** Where its tokenizer and its image processor lie, see OpenCheckpoint. */
  tokenizerFolder: string;
  processorFolder: string | null;
}>;

export type LoadOptions = Readonly<{
  base?: string;
  /** What the decoder's matrices are in memory. Default "float32", which alone can be trained and looked into. */
  type?: WeightType;
}>;

/**
 * Read a checkpoint folder, or a PEFT adapter with its base model: `base`, else golden.json's, else what
 * adapter_config.json names, relative to the folder.
 */
export function loadModel(folder: string, options: LoadOptions = {}): LoadedModel {
  if (existsSync(join(folder, "adapter_config.json"))) {
    const adapter = readAdapter(folder);
    const path = options.base ?? baseFolder(folder, adapter.config);
    const base = loadModel(path, options.type ? { type: options.type } : {});
    return withoutReplaced(withAdapter(base, adapter, { folder, path }));
  }
  const { adapters, sources, ...opened } = openCheckpoint(folder);
  const { shapes, config } = opened;
  const { type = "float32" } = options;
  if (!writesText(config)) {
    const fault = memoryFault(shapes, { folder });
    if (fault !== null) throw new Error(fault);
    return { ...opened, weights: readWeights(sources, shapes, folder), adapter: null };
  }
  const fault = memoryFault(shapes, { folder, bytes: loadedBytes(config, shapes, type), type });
  if (fault !== null) throw new Error(fault);
  const quantiser = new WeightQuantiser(config, type);
  const weights = readWeights(sources, shapes, folder, (name, tensor) => quantiser.take(name, tensor));
  const model = { ...opened, weights, adapter: null, quantised: quantiser.quantised };
  const [stages, last] = [adapters.map(readAdapter), adapters.at(-1)];
  if (last === undefined) return model;
  return withoutReplaced(withAdapter(model, stackAdapters(stages), { folder: last, path: folder }));
}

/** Matrices that an adapter brought whole are no longer the quantised ones. */
function withoutReplaced(model: LoadedModel): LoadedModel {
  const { quantised = new Map(), weights } = model;
  return { ...model, quantised: new Map([...quantised].filter(([name]) => !weights.has(name))) };
}

type Places = Readonly<{ folder: string; path: string }>;

function withAdapter(base: LoadedModel, adapter: Adapter, places: Places): LoadedModel {
  const { folder, path } = places;
  const known = parameterName(base.config);
  // Adapters of a decoder that now sits behind eyes carry the decoder's own names.
  const rename = (name: string) =>
    base.shapes.has(moduleWeight(known(name))) || !base.shapes.has(`language_model.${moduleWeight(name)}`)
      ? known(name)
      : `language_model.${name}`;
  const found = new Map([...adapter.weights].map(([name, tensor]) => [rename(name), tensor]));
  const pairs = new Map([...found].filter(([name]) => isLoraName(name)));
  const model = withWholeModules(base, new Map([...found].filter(([name]) => !isLoraName(name))), places);
  const present = new Set([...pairs.keys()].map((name) => name.replace(/\.lora_[AB]\.weight$/, "")));
  const stranger = [...present].find((module) => !model.shapes.has(`${module}.weight`));
  if (stranger !== undefined) throw strangeModule(stranger, places);
  const expected = adapterShapes(withoutPairs(model.shapes), adapter.config, present);
  for (const [name, shape] of expected) {
    const got = pairs.get(name)?.shape;
    if (got?.join() === shape.join()) continue;
    const gotText = got === undefined ? "none" : `shape [${got}]`;
    throw new Error(`Expected tensor ${name} of shape [${shape}] in ${folder}, got ${gotText}. Is ${path} its base?`);
  }
  const own: Adapter = { config: adapter.config, weights: pairs };
  // A base that is adapted already (VTimeLLM's stages, an adapter of an adapter) has both.
  const { config, weights } = model.adapter === null ? own : stackAdapters([adapterOf(model, model.adapter), own]);
  const shapes = [...weights].map(([name, { shape }]) => [name, shape] as const);
  return {
    ...model,
    shapes: new Map([...withoutPairs(model.shapes), ...shapes]),
    weights: new Map([...withoutPairs(model.weights), ...weights]),
    adapter: config,
    ...(hasTokenizer(folder) && { tokenizerFolder: folder }),
  };
}

/** Modules that were trained whole take the place of the base's. Word tables may have gained rows for new tokens. */
function withWholeModules(base: LoadedModel, whole: LoadedModel["weights"], places: Places): LoadedModel {
  if (whole.size === 0) return base;
  const { folder, path } = places;
  if (!writesText(base.config)) throw strangeModule([...whole.keys()][0] ?? "", places);
  const { decoder, prefix } = decoderOf(base.config);
  const [table, head] = [`${prefix}model.embed_tokens.weight`, `${prefix}lm_head.weight`];
  const rows = (whole.get(table) ?? whole.get(head))?.shape[0] ?? decoder.vocab_size;
  const taken = new Map(whole);
  const isTied = decoder.tie_word_embeddings;
  // PEFT writes a tied table twice. Where both are the same numbers, they stay one.
  const staysTied = isTied && sameNumbers(taken.get(table) ?? base.weights.get(table), taken.get(head));
  if (staysTied) taken.delete(head);
  const changed = { vocab_size: rows, ...(isTied && taken.has(head) && { tie_word_embeddings: false }) };
  const config = isBlind(base.config)
    ? { ...base.config, ...changed }
    : { ...base.config, text_config: { ...base.config.text_config, ...changed } };
  const shapes = new Map([...base.shapes, ...modelShapes(config as GenerativeConfig)]);
  for (const [name, { shape }] of taken) {
    const wanted = shapes.get(name);
    if (wanted === undefined) throw strangeModule(name.replace(/\.weight$/, ""), places);
    if (wanted.join() === shape.join()) continue;
    throw new Error(`Expected tensor ${name} of shape [${wanted}] in ${folder}, got [${shape}]. Is ${path} its base?`);
  }
  const weights = new Map([...base.weights, ...taken]);
  for (const name of [table, head]) {
    const got = (weights.get(name) ?? base.quantised?.get(name))?.shape[0];
    if (got === undefined || got === rows) continue;
    throw new Error(
      `Expected ${name} with ${rows} rows as in the rest of ${folder}, got ${got}. Save embed_tokens and lm_head together.`,
    );
  }
  return { ...base, config: config as GenerativeConfig, shapes, weights };
}

function sameNumbers(a: TensorData | undefined, b: TensorData | undefined): boolean {
  return (
    a !== undefined && b !== undefined && a.data.length === b.data.length && a.data.every((v, i) => v === b.data[i])
  );
}

function strangeModule(module: string, { folder, path }: Places): Error {
  return new Error(
    `Expected an adapter of ${path} in ${folder}, got one that changes ${module}, which ${path} has not. Name its own base.`,
  );
}

function withoutPairs<T>(named: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...named].filter(([name]) => !isLoraName(name)));
}

function adapterOf({ weights }: LoadedModel, config: AdapterConfig): Adapter {
  return { config, weights: new Map([...weights].filter(([name]) => isLoraName(name))) };
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
