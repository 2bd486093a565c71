/**
 * Rows made ready for training: ids, labels and positions in memory; what the frozen eyes see once on the disk, by its content,
 * so that neither a second epoch nor a second run looks again.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as eventLoopTurn } from "node:timers/promises";
import { z } from "zod";
import type { Message, promptReader } from "../../chat/index.ts";
import { fileIdentity, writeAtomically } from "../../core/files/index.ts";
import type { Conversation } from "../../data/index.ts";
import { ignoredLabel, type TrainingRow } from "../../nn/models/index.ts";
import { conversationMessages } from "./conversation-messages.ts";
import { mediaShelf } from "./media-shelf.ts";

/** A row without its pictures' embeddings, which lie in files of these names. */
type Example = Omit<TrainingRow, "images"> & Readonly<{ pictures: readonly string[] }>;

export type SftExamples = Readonly<{
  count: number;
  /** Rows that have more tokens than were allowed, and the tokens of the longest of them. */
  leftOut: number;
  longestLeftOut: number;
  /** Of all rows that are in. */
  tokens: number;
  longest: number;
  row(index: number): TrainingRow;
}>;

export type PrepareOptions = Readonly<{
  reader: ReturnType<typeof promptReader>;
  /** Where pictures' embeddings are kept. */
  folder: string;
  /** Changes whenever the reader would read otherwise: tokenizer, eyes. */
  readerKey: string;
  frames: number;
  maxLength: number;
  signal?: AbortSignal | undefined;
  onRow?: ((done: number) => void) | undefined;
}>;

const kinds = z.tuple([z.array(z.number()), z.array(z.number()), z.array(z.number())]);
const exampleSchema = z.object({
  ids: z.array(z.int()),
  labels: z.array(z.int()),
  positions: z.object({ kinds, next: z.number() }).optional(),
  pictures: z.array(z.string()),
});

const rowsATurn = 64;

/** Throws an Error that names the row which cannot be read; rows before it need not be looked at again. */
export async function prepareExamples(rows: readonly Conversation[], options: PrepareOptions): Promise<SftExamples> {
  const { folder, signal, onRow } = options;
  const open = mediaShelf(options.frames);
  const examples: Example[] = [];
  const tooLong: number[] = [];
  for (const [i, row] of rows.entries()) {
    signal?.throwIfAborted();
    try {
      const example = await prepared(row, open, options);
      if ("tooLong" in example) tooLong.push(example.tooLong);
      else examples.push(example);
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Error(`Row ${i + 1} ("${row.id}") cannot be trained on: ${(error as Error).message}`, { cause: error });
    }
    onRow?.(i + 1);
    // Rows of text never wait for anything; an abort gets its turn here.
    if (i % rowsATurn === rowsATurn - 1) await eventLoopTurn();
  }
  const lengths = examples.map(({ ids }) => ids.length);
  return {
    count: examples.length,
    leftOut: tooLong.length,
    longestLeftOut: Math.max(0, ...tooLong),
    tokens: lengths.reduce((sum, length) => sum + length, 0),
    longest: lengths.reduce((most, length) => Math.max(most, length), 0),
    row(index) {
      const { pictures, ...row } = examples[index] as Example;
      return pictures.length === 0 ? row : { ...row, images: pictures.map((name) => readPicture(folder, name)) };
    },
  };
}

type Prepared = Example | Readonly<{ tooLong: number }>;

async function prepared(
  row: Conversation,
  open: ReturnType<typeof mediaShelf>,
  options: PrepareOptions,
): Promise<Prepared> {
  const { folder } = options;
  const media = [...(row.images ?? []), ...(row.videos ?? [])];
  if (media.length === 0) return made(conversationMessages(row, { images: [], videos: [] }), options);
  const key = digest([options.readerKey, options.frames, row.turns, media.map((path) => fileIdentity(path))]);
  const path = join(folder, `${key}.json`);
  const known = existsSync(path) ? exampleSchema.safeParse(JSON.parse(readFileSync(path, "utf8"))) : undefined;
  if (known?.success && known.data.pictures.every((name) => existsSync(join(folder, name)))) {
    const { positions, ...rest } = known.data;
    if (rest.ids.length > options.maxLength) return { tooLong: rest.ids.length };
    return { ...rest, ...(positions && { positions }) };
  }
  const example = await made(conversationMessages(row, await open(row)), options);
  if (!("tooLong" in example)) writeAtomically(path, [JSON.stringify(example)]);
  return example;
}

async function made(
  messages: readonly Message[],
  { reader, folder, maxLength, signal }: PrepareOptions,
): Promise<Prepared> {
  const read = await reader.readDialogue(messages, { most: maxLength, ...(signal && { signal }) });
  if ("tooLong" in read) return read;
  const { ids, isAnswer, images = [], positions } = read;
  const labels = ids.map((id, t) => (isAnswer[t] ? id : ignoredLabel));
  const pictures = images.map((image) => writePicture(folder, image));
  return { ids, labels, pictures, ...(positions && { positions }) };
}

/** A file named by what it holds: frames that two rows share are there once. */
function writePicture(folder: string, rows: Float32Array): string {
  const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  const name = `${digest(bytes)}.f32`;
  const path = join(folder, name);
  if (existsSync(path)) return name;
  mkdirSync(folder, { recursive: true });
  writeAtomically(path, [bytes]);
  return name;
}

function readPicture(folder: string, name: string): Float32Array {
  const bytes = readFileSync(join(folder, name));
  // A copy, because a small file's bytes may begin anywhere in Node's pool.
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function digest(content: unknown): string {
  const bytes = content instanceof Uint8Array ? content : JSON.stringify(content);
  return createHash("sha256").update(bytes).digest("hex").slice(0, 32);
}
