/**
 * Pixels to rows of decoder embeddings, by a model's eyes: compiled once a size, a few units at a time.
 */
import type { Shapes, Weights } from "../checkpoint/index.ts";
import { Graph, sizeOf } from "../graph/index.ts";
import { bucketFor, compile, type Device, type Executable, ExecutableCache, ResidentArrays } from "../runtime/index.ts";
import { type Eyes, type PixelSize, unitShape } from "./eyes.ts";
import { bindWeights } from "./model-weights.ts";

export type VisualEncoderOptions = Readonly<{ threads?: number; loraScaling?: number; device?: Device }>;

/** Numbers of attention scores that a run may hold: 64 MiB, and as much again for their softmax. More is no faster. */
const mostScores = 2 ** 24;
const unitCounts = [1, 2, 4, 8, 16, 32];

/** Encodes until it is disposed. */
export class VisualEncoder {
  readonly eyes: Eyes;
  readonly #weights: ResidentArrays;
  readonly #ending: Float32Array | null;
  readonly #graphs: ExecutableCache<readonly number[]>;

  constructor(eyes: Eyes, model: Readonly<{ weights: Weights; shapes: Shapes }>, options: VisualEncoderOptions = {}) {
    const { threads, loraScaling, device = "cpu" } = options;
    this.eyes = eyes;
    this.#weights = new ResidentArrays(model.weights, device);
    this.#ending = eyes.ending === null ? null : (model.weights.get(eyes.ending)?.data as Float32Array);
    this.#graphs = new ExecutableCache(([units = 1, width = 1, height = 1]): Promise<Executable> => {
      const weights = bindWeights(new Graph(), model.shapes, loraScaling === undefined ? {} : { loraScaling });
      const pixels = weights.graph.input("pixel_values", unitShape(eyes, units, { width, height }));
      weights.graph.output("rows", eyes.see(weights, pixels));
      return compile(weights.graph, { device, keepsMemory: false, ...(threads !== undefined && { threads }) });
    });
  }

  /** Pixels of each unit (framesPerUnit * channels * height * width), normalised -> its rows (rowsPerUnit * D). */
  async encode(units: readonly Float32Array[], size: PixelSize, signal?: AbortSignal): Promise<Float32Array[]> {
    const length = sizeOf(unitShape(this.eyes, 1, size));
    const wrong = units.find((unit) => unit.length !== length);
    if (wrong) {
      throw new RangeError(
        `Expected ${length} pixel values a unit of ${size.width}x${size.height}, got ${wrong.length}.`,
      );
    }
    const most = unitCounts.filter((count) => count * this.eyes.scoresPerUnit(size) <= mostScores).at(-1) ?? 1;
    const encoded: Float32Array[] = [];
    for (let start = 0; start < units.length; start += most) {
      signal?.throwIfAborted();
      const chunk = units.slice(start, start + most);
      const count = bucketFor(chunk.length, unitCounts);
      const pixels = new Float32Array(count * length);
      for (const [i, unit] of chunk.entries()) pixels.set(unit, i * length);
      const graph = await this.#graphs.at([count, size.width, size.height]);
      const weights = await this.#weights.feeds(graph);
      const rows = (await graph.run({ ...weights, pixel_values: pixels })).rows as Float32Array;
      const width = rows.length / count;
      for (let i = 0; i < chunk.length; i++) encoded.push(rows.slice(i * width, (i + 1) * width));
    }
    return encoded;
  }

  /** All rows of a picture or video: those of its units in order, then what ends a video. */
  join(units: readonly Float32Array[]): Float32Array {
    const parts = this.#ending === null ? units : [...units, this.#ending];
    const rows = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      rows.set(part, at);
      at += part.length;
    }
    return rows;
  }

  async dispose(): Promise<void> {
    await this.#graphs.dispose();
    await this.#weights.dispose();
  }
}
