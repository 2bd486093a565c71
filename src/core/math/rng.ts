/**
 * Seeded random numbers. Every random draw in the project takes an explicit Rng, so that a seed names a result.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32; `fork` derives an independent
 * stream from a label, so that adding draws in one place does not move the draws of another.
 */
export class Rng {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  readonly #seed: string;

  constructor(seed: number | string) {
    this.#seed = String(seed);
    let state = hash32(this.#seed);
    const splitmix = () => {
      state = (state + 0x9e3779b9) | 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return z ^ (z >>> 15);
    };
    [this.#a, this.#b, this.#c] = [splitmix(), splitmix(), splitmix()];
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** An independent stream named by this seed and the label. */
  fork(label: string | number): Rng {
    return new Rng(`${this.#seed}/${label}`);
  }

  /** Integer in [0, 2^32). */
  uint32(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    return t >>> 0;
  }

  /** Uniform in [0, 1). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.uint32() / 2 ** 32);
  }

  /** Integer in [0, n). */
  below(n: number): number {
    if (!(Number.isInteger(n) && n > 0)) throw new RangeError(`Expected a positive integer bound, got ${n}.`);
    return Math.floor(this.uniform() * n);
  }

  /** Integer in [low, high], both included. */
  integer(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** Standard normal (Box-Muller, one value a call). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** One item of a list. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("Expected a list to pick from, got an empty one.");
    return items[this.below(items.length)] as T;
  }

  /** A new list in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }

  /** k distinct items in random order. */
  sample<T>(items: readonly T[], k: number): T[] {
    if (k > items.length) throw new RangeError(`Expected at most ${items.length} draws without replacement, got ${k}.`);
    return this.shuffle(items).slice(0, k);
  }
}

/** 32-bit FNV-1a of a string's UTF-16 code units, with a final avalanche. */
function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
