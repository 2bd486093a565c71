/**
 * Keys and values of some sequences while they are read and continued, in arrays of fixed capacity that ONNX Runtime reads
 * and writes in place.
 */

import { cacheNames, cacheWidth } from "./cached-attention.ts";
import type { DecoderConfig } from "./decoder-config.ts";

type CacheShape = Readonly<{ batch: number; capacity: number; decoder: DecoderConfig }>;

/** Room for `capacity` positions of every sequence: an array a layer of keys and of values, (B, key-value heads, capacity, cacheWidth). */
export class KeyValueCache {
  readonly batch: number;
  readonly capacity: number;
  readonly #decoder: DecoderConfig;
  readonly #arrays: ReadonlyMap<string, Float32Array>;

  constructor({ batch, capacity, decoder }: CacheShape, arrays?: ReadonlyMap<string, Float32Array>) {
    const size = batch * decoder.num_key_value_heads * capacity * cacheWidth(decoder);
    const names = Array.from({ length: decoder.num_hidden_layers }, (_, layer) => cacheNames(layer)).flat();
    this.batch = batch;
    this.capacity = capacity;
    this.#decoder = decoder;
    this.#arrays = arrays ?? new Map(names.map((name) => [name, new Float32Array(size)]));
  }

  /** What a run is fed. */
  get feeds(): Record<string, Float32Array> {
    return Object.fromEntries(Array.from(this.#arrays, ([name, array]) => [`past_${name}`, array]));
  }

  /** Where a run writes: the same arrays. */
  get outputs(): Record<string, Float32Array> {
    return Object.fromEntries(this.#arrays);
  }

  /** The sequences [first, end) as a cache of their own, in the same memory. */
  rows(first: number, end: number): KeyValueCache {
    if (first === 0 && end === this.batch) return this;
    const shape = { batch: end - first, capacity: this.capacity, decoder: this.#decoder };
    const part = (array: Float32Array) => array.subarray(first * this.#rowSize, end * this.#rowSize);
    return new KeyValueCache(shape, new Map(Array.from(this.#arrays, ([name, array]) => [name, part(array)])));
  }

  /** The first `length` positions of a sequence become those of others. */
  copyFrom(source: number, others: readonly number[], length: number): void {
    this.gather(
      Array.from({ length: this.batch }, (_, b) => (others.includes(b) ? source : b)),
      length,
    );
  }

  /** Sequence b becomes a copy of sequence sources[b] as it was, in its first `length` positions. */
  gather(sources: readonly number[], length: number): void {
    const { num_key_value_heads: heads } = this.#decoder;
    const width = cacheWidth(this.#decoder);
    const moved = sources.flatMap((source, b) => (source === b ? [] : [{ source, b }]));
    for (const array of this.#arrays.values()) {
      const slice = (b: number, head: number) => {
        const start = b * this.#rowSize + head * this.capacity * width;
        return array.subarray(start, start + length * width);
      };
      for (let head = 0; head < heads; head++) {
        // Read all before any is overwritten; what has one reader and is not overwritten needs no copy.
        const isWritten = new Set(moved.map(({ b }) => b));
        const read = new Map(
          moved.map(({ source }) => [
            source,
            isWritten.has(source) ? slice(source, head).slice() : slice(source, head),
          ]),
        );
        for (const { source, b } of moved) slice(b, head).set(read.get(source) as Float32Array);
      }
    }
  }

  get #rowSize(): number {
    return this.#decoder.num_key_value_heads * this.capacity * cacheWidth(this.#decoder);
  }
}
