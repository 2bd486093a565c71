/**
 * The weights of a checkpoint folder, checked against what a model expects, from one file or from shards.
 *
 * Names are upstream's. Checkpoints of other transformers versions nest some modules differently, so a caller may pass
 * `rename`, which maps a name in the file to the name that it expects.
 */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import type { TensorData } from "./dtype.ts";
import { readJson } from "./read-json.ts";
import { readSafetensors, type SafetensorsFile } from "./safetensors.ts";

/** Parameter name -> shape. */
export type Shapes = ReadonlyMap<string, readonly number[]>;
export type Weights = ReadonlyMap<string, TensorData>;

export type TensorSource = Readonly<{ file: SafetensorsFile; name: string; shape: readonly number[] }>;

/** Where every tensor of a folder lies, by (renamed) name; nothing but headers is read. */
export function listWeights(
  folder: string,
  rename: (name: string) => string = (name) => name,
): Map<string, TensorSource> {
  const sources = new Map<string, TensorSource>();
  for (const file of weightFiles(folder)) {
    const opened = readSafetensors(file);
    for (const [name, { shape }] of opened.tensors) sources.set(rename(name), { file: opened, name, shape });
  }
  return sources;
}

/**
 * Read the expected tensors; tensors that nobody expects are left alone. Throws an Error that names the first missing or
 * misshapen tensor with both shapes, and says how many more there are.
 */
export function loadWeights(
  folder: string,
  expected: Shapes,
  rename: (name: string) => string = (name) => name,
): Map<string, TensorData> {
  const sources = listWeights(folder, rename);
  const faults = weightFaults(sources, expected);
  if (faults.length > 0) {
    const more = faults.length > 1 ? ` ${faults.length - 1} more tensors do not fit.` : "";
    throw new Error(`${faults[0]} in ${folder}.${more} Does config.json belong to these weights?`);
  }
  return new Map([...expected.keys()].map((name) => [name, read(sources.get(name) as TensorSource)]));
}

/** One clause for every tensor that is missing or has another shape: "Expected tensor x of shape [2,3], got ...". */
export function weightFaults(sources: ReadonlyMap<string, TensorSource>, expected: Shapes): string[] {
  return [...expected].flatMap(([name, shape]) => {
    const got = sources.get(name)?.shape;
    if (got !== undefined && got.length === shape.length && got.every((size, axis) => size === shape[axis])) return [];
    return [`Expected tensor ${name} of shape [${shape}], got ${got === undefined ? "none" : `shape [${got}]`}`];
  });
}

function read(source: TensorSource): TensorData {
  return source.file.read(source.name);
}

const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

function weightFiles(folder: string): string[] {
  const single = join(folder, "model.safetensors");
  if (existsSync(single)) return [single];
  const index = join(folder, "model.safetensors.index.json");
  if (!existsSync(index)) {
    throw new Error(`Expected model.safetensors or model.safetensors.index.json in ${folder}, got neither.`);
  }
  const { weight_map } = readJson(index, indexSchema);
  // Shards lie beside their index; a name that points elsewhere is not followed.
  return [...new Set(Object.values(weight_map))].map((shard) => join(folder, basename(shard)));
}
