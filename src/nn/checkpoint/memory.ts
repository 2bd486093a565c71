/**
 * What a model takes of the memory and what there is, before a byte of it is read.
 */
import { freemem } from "node:os";
import type { Shapes } from "./load-weights.ts";

/** Bytes that this process can still take: what is free, or less where it runs in a container with a limit. */
export function availableMemory(): number {
  // Node 20.13 and later know of containers; a page has no process.
  return globalThis.process?.availableMemory?.() ?? freemem();
}

/** Bytes of the weights in memory: four a number, whatever the type in the file. */
export function weightBytes(shapes: Shapes): number {
  return [...shapes.values()].reduce((sum, shape) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
}

/** Smaller models are loaded without asking: the estimate is not that good. */
const alwaysFits = 2 ** 28;
/** What Node, ONNX Runtime and a short prompt take beside the weights. */
const beside = 2 ** 28;

export type MemoryOptions = Readonly<{
  folder: string;
  available?: number;
  /** Bytes of the weights and what they are in memory, where that is not float32. */
  bytes?: number;
  type?: string;
}>;

/** A sentence when the weights do not fit into the memory that is available, or null. */
export function memoryFault(shapes: Shapes, options: MemoryOptions): string | null {
  const plain = weightBytes(shapes);
  const { folder, available = availableMemory(), bytes: needed = plain, type = "float32" } = options;
  if (needed <= alwaysFits) return null;
  if (needed + beside <= available) return null;
  const billions = (bytes: number) => (((bytes / needed) * plain) / 4e9).toFixed(1);
  const most = Math.max(0, available - beside);
  return `Expected ${gigabytes(needed + beside)} of free memory for the ${billions(needed)} billion parameters of ${folder} as ${type}, got ${gigabytes(available)}. Close other programs, or take a model of at most ${billions(most)} billion parameters.`;
}

/** "3.2 GB" of 10^9 bytes, "12 MB" of less. */
export function gigabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}
