/**
 * A file of named tensors, whatever its format: names, types and shapes at once, numbers when they are asked for.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { decodeNumbers, readableTypes, type TensorData } from "./dtype.ts";

export type WeightFile = Readonly<{
  path: string;
  /** Types by safetensors' names: F32, F16, BF16, I64, ... */
  tensors: ReadonlyMap<string, Readonly<{ dtype: string; shape: readonly number[] }>>;
  /** The numbers of one tensor, read now. Throws when the file has no such tensor or its type is not supported. */
  read(name: string): TensorData;
}>;

/** Open a file for as long as `use` runs. */
export function withFile<T>(path: string, kind: string, use: (file: number, size: number) => T): T {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw new Error(`Expected a ${kind} file at ${path}, got ${(error as Error).message}.`);
  }
  try {
    return use(file, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}

/** Bytes of an open file, in an allocation of their own. */
export function readBytes(file: number, position: number, length: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(new ArrayBuffer(length));
  fillBytes(file, position, bytes);
  return bytes;
}

/** Numbers that are widened while they are read come in pieces of so many: little beside the tensor that they fill. */
const pieceLength = 2 ** 20;

/**
 * `count` numbers of a type at a position of an open file, straight into the array that is returned. `where` names tensor
 * and file in errors.
 */
export function readNumbers(
  file: number,
  { dtype, position, count }: Readonly<{ dtype: string; position: number; count: number }>,
  where: string,
): Float32Array | Int32Array {
  const size = readableTypes[dtype];
  if (size === undefined || size === 4 || count <= pieceLength) {
    return decodeNumbers(dtype, readBytes(file, position, count * (size ?? 0)), where);
  }
  const out = dtype.startsWith("I") ? new Int32Array(count) : new Float32Array(count);
  const bytes = Buffer.from(new ArrayBuffer(pieceLength * size));
  for (let done = 0; done < count; done += pieceLength) {
    const piece = bytes.subarray(0, Math.min(pieceLength, count - done) * size);
    fillBytes(file, position + done * size, piece);
    out.set(decodeNumbers(dtype, piece, where), done);
  }
  return out;
}

/** Fill an array with the bytes from a position on. */
export function fillBytes(file: number, position: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    // One read call is limited to 2 GiB.
    const count = readSync(file, bytes, done, Math.min(bytes.length - done, 2 ** 30), position + done);
    if (count === 0)
      throw new Error(`Expected ${bytes.length} bytes at ${position}, got ${done}. The file shrank while read.`);
    done += count;
  }
}
