/**
 * The weights of a checkpoint folder, checked against what a model expects, from one file or from shards, safetensors first.
 *
 * Names are upstream's. Checkpoints of other transformers versions nest some modules differently, so a caller may pass
 * `rename`, which maps a name in the file to the name that it expects.
 */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import type { TensorData } from "./dtype.ts";
import { readJson } from "./read-json.ts";
import { readSafetensors } from "./safetensors.ts";
import { readTorchArchive } from "./torch-archive.ts";
import type { WeightFile } from "./weight-file.ts";

/** Parameter name -> shape. */
export type Shapes = ReadonlyMap<string, readonly number[]>;
export type Weights = ReadonlyMap<string, TensorData>;

export type TensorSource = Readonly<{ file: WeightFile; name: string; shape: readonly number[] }>;

/** Where every tensor of a folder lies, by (renamed) name; nothing but headers is read. */
export function listWeights(
  folder: string,
  rename: (name: string) => string = (name) => name,
): Map<string, TensorSource> {
  const sources = new Map<string, TensorSource>();
  for (const file of weightFiles(folder)) {
    const opened = readWeightFile(file);
    for (const [name, { shape }] of opened.tensors) sources.set(rename(name), { file: opened, name, shape });
  }
  return sources;
}

/**
 * Read the expected tensors, one after the other; tensors that nobody expects are left alone. One that `take` takes for itself
 * (and says so) is not among the results, so that nothing holds it when the next is read. Throws an Error that names the first missing or
 * misshapen tensor with both shapes, and says how many more there are.
 */
export function readWeights(
  sources: ReadonlyMap<string, TensorSource>,
  expected: Shapes,
  folder: string,
  take: (name: string, tensor: TensorData) => boolean = () => false,
): Map<string, TensorData> {
  const faults = weightFaults(sources, expected);
  if (faults.length > 0) {
    const more = faults.length > 1 ? ` ${faults.length - 1} more tensors do not fit.` : "";
    throw new Error(`${faults[0]} in ${folder}.${more} Does config.json belong to these weights?`);
  }
  const kept = new Map<string, TensorData>();
  for (const name of expected.keys()) {
    const tensor = read(sources.get(name) as TensorSource);
    if (!take(name, tensor)) kept.set(name, tensor);
  }
  return kept;
}

/** The expected tensors of a folder, see readWeights. */
export function loadWeights(
  folder: string,
  expected: Shapes,
  rename: (name: string) => string = (name) => name,
): Map<string, TensorData> {
  return readWeights(listWeights(folder, rename), expected, folder);
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

/** A file of tensors by its name's ending: safetensors, else an archive of torch.save. */
export function readWeightFile(path: string): WeightFile {
  return path.endsWith(".safetensors") ? readSafetensors(path) : readTorchArchive(path);
}

/** Does a folder hold weights of its own? */
export function hasWeights(folder: string): boolean {
  return weightNames.some((name) => existsSync(join(folder, name)) || existsSync(join(folder, `${name}.index.json`)));
}

const weightNames = ["model.safetensors", "pytorch_model.bin"];

function weightFiles(folder: string): string[] {
  for (const name of weightNames) {
    const single = join(folder, name);
    if (existsSync(single)) return [single];
    const index = `${single}.index.json`;
    if (existsSync(index)) return shards(folder, index);
  }
  throw new Error(
    `Expected model.safetensors, pytorch_model.bin or an index of shards (${weightNames[0]}.index.json) in ${folder}, got none of them.`,
  );
}

function shards(folder: string, index: string): string[] {
  const { weight_map } = readJson(index, indexSchema);
  // Shards lie beside their index; a name that points elsewhere is not followed.
  const names = [...new Set(Object.values(weight_map))].map((name) => basename(name)).sort();
  const missing = names.filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0) {
    const list = missing.slice(0, 3).join(", ") + (missing.length > 3 ? ", ..." : "");
    throw new Error(
      `Expected ${names.length} shards of ${basename(index)} in ${folder}, got ${names.length - missing.length}: ${list} missing. Download the rest.`,
    );
  }
  return names.map((name) => join(folder, name));
}
