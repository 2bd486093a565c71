/**
 * Compiled graphs by bucket. Shapes are static, so batches of different sizes need different graphs: round sizes up to a
 * few buckets, pad, and keep one compiled graph for each.
 */
import type { Executable } from "./executable.ts";

/** The smallest of the sizes that holds n. Throws a RangeError when none does. */
export function bucketFor(n: number, sizes: readonly number[]): number {
  const fitting = sizes.filter((size) => size >= n);
  if (fitting.length === 0)
    throw new RangeError(`Expected at most ${Math.max(...sizes)}, got ${n}. Add a larger bucket.`);
  return Math.min(...fitting);
}

/** Executables made on first use and kept until the cache is disposed. */
export class ExecutableCache<Key extends string | number | readonly number[]> {
  readonly #make: (key: Key) => Promise<Executable>;
  readonly #made = new Map<string, Promise<Executable>>();

  constructor(make: (key: Key) => Promise<Executable>) {
    this.#make = make;
  }

  /** The executable of a bucket such as [batch, length]. */
  async at(key: Key): Promise<Executable> {
    const name = String(key);
    const known = this.#made.get(name) ?? this.#make(key);
    this.#made.set(name, known);
    return await known;
  }

  async dispose(): Promise<void> {
    const executables = await Promise.all(this.#made.values());
    this.#made.clear();
    for (const executable of executables) await executable.dispose();
  }
}
