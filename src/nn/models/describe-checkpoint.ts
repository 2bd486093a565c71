/**
 * What a checkpoint folder is and whether it can answer here, from its configuration and the headers of its weights; no weight
 * is read.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import {
  adapterFile,
  adapterParameterName,
  availableMemory,
  isLoraName,
  memoryFault,
  readJson,
  type TensorSource,
  weightBytes,
  weightFaults,
} from "../checkpoint/index.ts";
import { hasTokenizer } from "../tokenizer/index.ts";
import { eyesOf } from "./eyes-of.ts";
import { decoderOf, type GenerativeConfig } from "./generative-config.ts";
import { writesText } from "./model-config.ts";
import { openCheckpoint } from "./open-checkpoint.ts";
import { loadedBytes, type WeightType } from "./quantise-weights.ts";
import { pieceLength } from "./read-prompts.ts";

export type CheckpointDescription = Readonly<{
  /** model_type of config.json, or "lora" for a PEFT adapter. */
  model: string;
  /** Numbers in the weight files. */
  parameters: number;
  tensors: number;
  /** Types of the stored numbers, F32 or BF16 say. */
  dtypes: readonly string[];
  tokenizer: boolean;
  /** Can `models verify` compare it with golden tensors? */
  golden: boolean;
  /** A clause for each tensor that is missing or misshapen. */
  faults: readonly string[];
  /** Tensors that the model does not use. */
  unused: readonly string[];
  /** A clause for each file that it cannot answer without. */
  missing: readonly string[];
  /** Bytes; null for an adapter, which takes what its base takes. */
  memory: MemoryEstimate | null;
  /** Can it be asked something here and now? An adapter can if its base can. */
  runs: boolean;
}>;

export type MemoryEstimate = Readonly<{
  /** What the weights take as each type, while the model is opened. */
  weightsAs: Readonly<Record<WeightType, number>>;
  /** As the type that was asked for. */
  weights: number;
  /** Beside them, while eight frames are looked at. */
  work: number;
  free: number;
  /**
   * Frames that a prompt has room for, by memory and by positions; null of models without eyes, of those that look at so many
   * frames and no others, and where the size of a frame decides.
   */
  mostFrames: number | null;
}>;

const savedSchema = z.looseObject({ modules_to_save: z.array(z.string()).nullish() });

/** Look at a checkpoint or adapter folder, as for --weights `type`. Throws when it is neither or its files are damaged. */
export function describeCheckpoint(folder: string, type: WeightType = "float32"): CheckpointDescription {
  const has = (name: string) => existsSync(join(folder, name));
  const golden = has("golden.safetensors");
  if (has("adapter_config.json")) {
    const { tensors } = adapterFile(folder);
    const { modules_to_save: saved } = readJson(join(folder, "adapter_config.json"), savedSchema);
    const isUsed = (name: string) =>
      isLoraName(name) || (saved ?? []).some((module) => name.endsWith(`${module}.weight`));
    const lone = [...tensors.keys()].map(adapterParameterName).filter((name) => !isUsed(name));
    const counted = count([...tensors.values()]);
    const nothing = { faults: [], missing: [], memory: null };
    return {
      model: "lora",
      ...counted,
      tokenizer: hasTokenizer(folder),
      golden,
      ...nothing,
      unused: lone,
      runs: true,
    };
  }
  const opened = openCheckpoint(folder);
  const { config, sources, shapes, tokenizerFolder, processorFolder } = opened;
  const isIn = (place: string, names: readonly string[]) => names.some((name) => existsSync(join(place, name)));
  const tokenizer = hasTokenizer(tokenizerFolder);
  const faults = weightFaults(sources, shapes);
  const missing: string[] = [];
  if (writesText(config)) {
    if (!tokenizer) missing.push(`tokenizer.json in ${tokenizerFolder}`);
    const needsProcessor = eyesOf(config) !== null && processorFolder !== null;
    const processors = ["preprocessor_config.json", "processor_config.json"];
    if (needsProcessor && !isIn(processorFolder, processors))
      missing.push(`preprocessor_config.json in ${processorFolder}`);
  }
  const free = availableMemory();
  const bytesAs = (as: WeightType) => (writesText(config) ? loadedBytes(config, shapes, as) : weightBytes(shapes));
  const weightsAs = { float32: bytesAs("float32"), int8: bytesAs("int8"), int4: bytesAs("int4") };
  const weights = weightsAs[type];
  const fits = memoryFault(shapes, { folder, available: free, bytes: weights, type }) === null;
  return {
    model: config.model_type,
    ...count([...sources.values()].map(storedAs)),
    tokenizer,
    golden,
    faults,
    unused: [...sources.keys()].filter((name) => !shapes.has(name)),
    missing,
    memory: {
      weightsAs,
      weights,
      free,
      ...(writesText(config) ? work(config, free - weights) : { work: 0, mostFrames: null }),
    },
    runs: writesText(config) && fits && faults.length === 0 && missing.length === 0,
  };
}

function storedAs({ file, name, shape }: TensorSource) {
  return { shape, dtype: file.tensors.get(name)?.dtype ?? "" };
}

const usualFrames = 8;
/** Node and ONNX Runtime themselves, and the question. */
const base = { bytes: 2 ** 28, tokens: 128 };

/** Bytes that a prompt of eight frames takes beside the weights, and the frames that there is room for. */
function work(config: GenerativeConfig, room: number): Pick<MemoryEstimate, "work" | "mostFrames"> {
  const { decoder } = decoderOf(config);
  const eyes = eyesOf(config);
  const { num_hidden_layers, num_attention_heads, num_key_value_heads, head_dim, intermediate_size, hidden_size } =
    decoder;
  // Keys, values and embeddings of the whole prompt stay, and a piece of it looks at all of it. Of the layers' own numbers
  // only those of a piece in one layer are alive at a time.
  const kept = num_hidden_layers * num_key_value_heads * head_dim * 2;
  const perToken = 4 * (kept + 2 * hidden_size + 2 * pieceLength * num_attention_heads);
  const perPiece = 4 * pieceLength * (5 * intermediate_size + 8 * hidden_size);
  const side = eyes?.imageSize ?? null;
  const rows =
    eyes === null ? 0 : side === null ? 768 / eyes.framesPerUnit : eyes.rowsPerUnit({ width: side, height: side });
  const bytes = (frames: number) =>
    base.bytes + perPiece + perToken * (base.tokens + frames * rows) + (eyes === null ? 0 : 2 ** 28);
  const byPositions = Math.floor((decoder.max_position_embeddings - base.tokens) / rows);
  const byMemory = Math.floor((room - bytes(0)) / (perToken * rows));
  return {
    work: bytes(eyes === null ? 0 : usualFrames),
    mostFrames:
      side === null || rows === 0 || eyes?.lookAt(1).length !== 1 ? null : Math.max(0, Math.min(byPositions, byMemory)),
  };
}

function count(stored: readonly Readonly<{ shape: readonly number[]; dtype: string }>[]) {
  const sizes = stored.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  return {
    parameters: sizes.reduce((a, b) => a + b, 0),
    tensors: stored.length,
    dtypes: [...new Set(stored.map(({ dtype }) => dtype))],
  };
}
