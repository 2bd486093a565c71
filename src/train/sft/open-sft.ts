/**
 * A checkpoint and a training file opened for fine-tuning: the decoder's weights in memory once, every row read, pictures seen.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { localParts, type PromptParts, promptReader } from "../../chat/index.ts";
import { isLoraName, type TensorData, type Weights } from "../../nn/checkpoint/index.ts";
import { decoderOf, mergeLoraInPlace } from "../../nn/models/index.ts";
import { prepareExamples, type SftExamples } from "./sft-examples.ts";
import type { SftEvent, SftOptions } from "./sft-options.ts";
import { readSftRows } from "./sft-rows.ts";

export type OpenSft = Readonly<{
  config: PromptParts["config"];
  tokenizer: PromptParts["tokenizer"];
  /** Adapters merged in. The eyes' are there only where the whole checkpoint will be written. */
  weights: ReadonlyMap<string, TensorData>;
  examples: SftExamples;
  /** Of the weights and of everything that reads rows, for comparison at a resume. */
  modelKey: string;
}>;

type Telling = Readonly<{ emit(event: SftEvent): void; signal: AbortSignal }>;

/** Throws an Error that names the row or the file that cannot be used. */
export async function openSft(options: SftOptions, { emit, signal }: Telling): Promise<OpenSft> {
  const rows = await readSftRows(options.data, {
    ...(options.format && { format: options.format }),
    ...(options.media !== undefined && { media: options.media }),
  });
  const parts = withoutAdapter(localParts(options.model));
  const { config, tokenizer, preprocessor, weights } = parts;
  const { decoder, prefix } = decoderOf(config);
  const eyes = [...weights].filter(([name]) => !name.startsWith(prefix) || prefix === "");
  const readerKey = digest([config, [...tokenizer.files].sort(), preprocessor ?? null], prefix === "" ? [] : eyes);
  const reader = promptReader(parts);
  try {
    const examples = await prepareExamples(rows, {
      ...{ reader, readerKey, signal, frames: options.frames },
      folder: join(options.folder, "pictures"),
      maxLength: Math.min(options.maxLength ?? Number.POSITIVE_INFINITY, decoder.max_position_embeddings),
      onRow: (done) => emit({ type: "rows", done, total: rows.length }),
    });
    requireRows(examples, options, emit);
    const needed = options.lora === null ? weights : ownWeights(weights, prefix);
    return { config, tokenizer, weights: needed, examples, modelKey: digest(readerKey, [...weights]) };
  } finally {
    await reader.dispose();
  }
}

/** The model with its adapter in its own weights, so that another one can be trained on top. */
function withoutAdapter({ weights, shapes, loraScaling, ...parts }: PromptParts): PromptParts {
  if (loraScaling === undefined) return { ...parts, weights };
  const plain = new Map([...weights].filter(([name]) => !isLoraName(name)));
  mergeLoraInPlace(plain, weights, loraScaling);
  return { ...parts, weights: plain, shapes: new Map([...(shapes ?? [])].filter(([name]) => !isLoraName(name))) };
}

function ownWeights(weights: Weights, prefix: string): Map<string, TensorData> {
  return new Map([...weights].filter(([name]) => name.startsWith(prefix)));
}

function requireRows(examples: SftExamples, { maxLength, data }: SftOptions, emit: Telling["emit"]): void {
  const { count, leftOut, longestLeftOut } = examples;
  const limit = maxLength === null ? "the model's positions" : `${maxLength} tokens (--max-length)`;
  if (count === 0) {
    throw new Error(
      `Expected rows of ${data} within ${limit}, got ${leftOut} of up to ${longestLeftOut} tokens. Show fewer --frames or allow more.`,
    );
  }
  if (leftOut === 0) return;
  emit({
    type: "note",
    text: `${leftOut} of ${count + leftOut} rows are left out: they are longer than ${limit}, up to ${longestLeftOut}.`,
  });
}

/** Numbers of every tensor's two ends: enough to tell two models apart without reading all of either. */
const sampled = 1024;

function digest(about: unknown, tensors: readonly (readonly [string, TensorData])[]): string {
  const hash = createHash("sha256").update(JSON.stringify(about));
  for (const [name, { shape, data }] of tensors) {
    hash.update(JSON.stringify([name, shape]));
    for (const end of [data.subarray(0, sampled), data.subarray(-sampled)])
      hash.update(new Uint8Array(end.buffer, end.byteOffset, end.byteLength));
  }
  return hash.digest("hex").slice(0, 32);
}
