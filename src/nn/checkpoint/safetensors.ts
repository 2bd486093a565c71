/**
 * Safetensors files: read one tensor at a time, written whole and atomically.
 *
 * Which tensors a model needs is left to load-weights.ts.
 */
import { writeAtomically } from "../../core/files/index.ts";
import { type TensorData, toHalves } from "./dtype.ts";
import { maxHeaderBytes, parseHeader, type TensorInfo } from "./safetensors-header.ts";
import { readBytes, readNumbers, type WeightFile, withFile } from "./weight-file.ts";

export type SafetensorsFile = WeightFile &
  Readonly<{ tensors: ReadonlyMap<string, TensorInfo>; metadata: Readonly<Record<string, string>> }>;

/** Open a safetensors file: the header is read and checked now, each tensor when it is asked for. */
export function readSafetensors(path: string): SafetensorsFile {
  const header = withFile(path, "safetensors", (file, size) => {
    if (size < 8) throw new Error(`Expected a safetensors file, got ${size} bytes in ${path}. The file is truncated.`);
    const headerBytes = Number(new DataView(readBytes(file, 0, 8).buffer).getBigUint64(0, true));
    if (headerBytes > maxHeaderBytes) {
      throw new Error(
        `Expected a safetensors file, got a header of ${headerBytes} bytes in ${path}. Is it another format?`,
      );
    }
    if (8 + headerBytes > size) {
      throw new Error(`Expected a header of ${headerBytes} bytes in ${path}, got ${size - 8}. The file is truncated.`);
    }
    return parseHeader(new TextDecoder().decode(readBytes(file, 8, headerBytes)), size, path);
  });
  return {
    path,
    tensors: header.tensors,
    metadata: header.metadata,
    read(name) {
      const info = header.tensors.get(name);
      if (info === undefined) throw new Error(`Expected tensor ${name} in ${path}, got none of that name.`);
      const { dtype, shape, begin } = info;
      const place = { dtype, position: header.dataStart + begin, count: shape.reduce((a, b) => a * b, 1) };
      const where = `tensor ${name} of ${path}`;
      return { shape, data: withFile(path, "safetensors", (file) => readNumbers(file, place, where)) };
    },
  };
}

export type FloatType = "F32" | "F16";

/**
 * Write float32 and int32 tensors, sorted as the reference implementation does (by type, then name), so that equal
 * tensors give equal files. The file appears under its name only when it is complete. F16 halves the file and rounds.
 */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, TensorData>,
  metadata: Readonly<Record<string, string>> = { format: "pt" },
  floats: FloatType = "F32",
): void {
  const names = [...tensors.keys()].sort();
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  const parts: Uint8Array[] = [];
  let position = 0;
  for (const dtype of [floats, "I32"]) {
    for (const name of names) {
      const { shape, data } = tensors.get(name) as TensorData;
      if ((data instanceof Float32Array ? floats : "I32") !== dtype) continue;
      const expected = shape.reduce((a, b) => a * b, 1);
      if (expected !== data.length) {
        throw new RangeError(`Expected ${expected} numbers for tensor ${name} [${shape}], got ${data.length}.`);
      }
      const stored = dtype === "F16" ? toHalves(data as Float32Array) : data;
      header[name] = { dtype, shape, data_offsets: [position, position + stored.byteLength] };
      parts.push(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength));
      position += stored.byteLength;
    }
  }
  const json = JSON.stringify(header);
  // Spaces up to a multiple of 8 keep the numbers aligned for readers that map the file.
  const bare = new TextEncoder().encode(json).length;
  const text = new TextEncoder().encode(json + " ".repeat((8 - (bare % 8)) % 8));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  writeAtomically(path, [length, text, ...parts]);
}
