/**
 * Keys and values of a batch between the steps of generation, in arrays of fixed capacity that ONNX Runtime reads in place.
 *
 * Only new slices leave the runtime; they are copied into their positions here.
 */
import type { Outputs } from "../runtime/index.ts";
import type { DecoderConfig } from "./decoder-config.ts";

export type CacheShape = Readonly<{ batch: number; capacity: number; decoder: DecoderConfig }>;

/** Room for `capacity` positions of every sequence and layer. */
export class KeyValueCache {
  /** past_keys.I and past_values.I of every layer, for the feeds of a step. */
  readonly feeds: Readonly<Record<string, Float32Array>>;
  /** 0 for positions that are filled and for the step's own, very negative elsewhere: (B, 1, 1, capacity + 1). */
  readonly mask: Float32Array;
  readonly #shape: CacheShape;

  constructor(shape: CacheShape) {
    const { batch, capacity, decoder } = shape;
    const size = batch * decoder.num_key_value_heads * capacity * decoder.head_dim;
    const layers = Array.from({ length: decoder.num_hidden_layers }, (_, i) => [`past_keys.${i}`, `past_values.${i}`]);
    this.feeds = Object.fromEntries(layers.flat().map((name) => [name, new Float32Array(size)]));
    // Finite, as in nn/layers: a row of padding must not become NaN.
    this.mask = new Float32Array(batch * (capacity + 1)).fill(-1e9);
    for (let b = 0; b < batch; b++) this.mask[b * (capacity + 1) + capacity] = 0;
    this.#shape = shape;
  }

  /** Keep the keys and values of a run's outputs: of `length` positions each, of which row b fills counts[b] at starts[b]. */
  store(outputs: Outputs, length: number, starts: readonly number[], counts: readonly number[]): void {
    const { batch, capacity, decoder } = this.#shape;
    const { num_key_value_heads: heads, head_dim: width } = decoder;
    for (const [name, cache] of Object.entries(this.feeds)) {
      const fresh = outputs[name.replace("past_", "")] as Float32Array;
      for (let row = 0; row < batch * heads; row++) {
        const b = Math.floor(row / heads);
        const [start, count] = [starts[b] as number, counts[b] as number];
        if (count === 0) continue;
        const slice = fresh.subarray(row * length * width, (row * length + count) * width);
        cache.set(slice, (row * capacity + start) * width);
      }
    }
    for (let b = 0; b < batch; b++) {
      const row = b * (capacity + 1);
      this.mask.fill(0, row + (starts[b] as number), row + (starts[b] as number) + (counts[b] as number));
    }
  }
}
