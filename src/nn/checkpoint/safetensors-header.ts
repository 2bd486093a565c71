/**
 * The header of a safetensors file: which tensors there are, of which type and shape, and where their bytes lie.
 *
 * Layout: 8 bytes little-endian header length N, N bytes of JSON, then the tensors end to end without holes.
 * Source: https://github.com/huggingface/safetensors#format. Bytes to numbers is left to dtype.ts.
 */
import { z } from "zod";

export type TensorInfo = Readonly<{ dtype: string; shape: readonly number[]; begin: number; end: number }>;
export type SafetensorsHeader = Readonly<{
  tensors: ReadonlyMap<string, TensorInfo>;
  metadata: Readonly<Record<string, string>>;
  /** Byte in the file where the tensors begin; `begin` and `end` count from there. */
  dataStart: number;
}>;

/** Bytes a number takes, by the format's type names. */
export const bytesPerNumber: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
};

/** The format's own limit on the header, against files that only look like safetensors. */
export const maxHeaderBytes = 100_000_000;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const headerSchema = z.record(z.string(), z.unknown());
const metadataSchema = z.record(z.string(), z.string());

/** Parse and check a header. Throws an Error naming the file, the tensor and what is wrong with it. */
export function parseHeader(json: string, fileBytes: number, path: string): SafetensorsHeader {
  const dataStart = 8 + new TextEncoder().encode(json).length;
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch {
    throw new Error(`Expected a safetensors header of JSON in ${path}, got something else. Is it another format?`);
  }
  const record = headerSchema.parse(raw);
  const metadata = metadataSchema.safeParse(record.__metadata__ ?? {});
  const tensors = new Map<string, TensorInfo>();
  for (const [name, value] of Object.entries(record)) {
    if (name !== "__metadata__") tensors.set(name, parseEntry(name, value, path));
  }
  checkOffsets(tensors, fileBytes - dataStart, path);
  return { tensors, metadata: metadata.success ? metadata.data : {}, dataStart };
}

function parseEntry(name: string, value: unknown, path: string): TensorInfo {
  const entry = entrySchema.safeParse(value);
  if (!entry.success) {
    throw new Error(`Expected dtype, shape and data_offsets of tensor ${name} in ${path}. The header is damaged.`);
  }
  const { dtype, shape } = entry.data;
  const [begin, end] = entry.data.data_offsets;
  const size = bytesPerNumber[dtype];
  const expected = size === undefined ? end - begin : size * shape.reduce((a, b) => a * b, 1);
  if (end - begin !== expected) {
    const got = `offsets [${begin}, ${end})`;
    throw new Error(`Expected ${expected} bytes for tensor ${name} (${dtype} [${shape}]) in ${path}, got ${got}.`);
  }
  return { dtype, shape, begin, end };
}

function checkOffsets(tensors: ReadonlyMap<string, TensorInfo>, dataBytes: number, path: string): void {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  for (const [name, { begin, end }] of inOrder) {
    if (begin !== position) {
      throw new Error(
        `Expected tensor ${name} at byte ${position} of the data in ${path}, got ${begin}: a hole or overlap.`,
      );
    }
    position = end;
  }
  if (position !== dataBytes) {
    const fault =
      dataBytes < position ? "The file is truncated: copy it again." : "There are bytes after the last tensor.";
    throw new Error(`Expected ${position} bytes of tensors in ${path}, got ${dataBytes}. ${fault}`);
  }
}
