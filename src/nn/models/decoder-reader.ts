/**
 * A decoder that reads: embeddings of some positions in, their keys and values into a cache, scores of what may follow out.
 *
 * One compiled graph does all of it (generation-graphs.ts). Which positions are read when is left to the callers.
 */
import type { TensorData, Weights } from "../checkpoint/index.ts";
import { compile, type Device, type Executable, ResidentArrays } from "../runtime/index.ts";
import type { DecoderConfig } from "./decoder-config.ts";
import { eyesOf } from "./eyes-of.ts";
import { type GenerationModel, generationGraph } from "./generation-graphs.ts";
import { decoderOf, type GenerativeConfig } from "./generative-config.ts";
import { KeyValueCache } from "./key-value-cache.ts";
import { rotaryRows } from "./mrope.ts";
import { type EmbeddingTable, embedPrompts, type Prompt } from "./prompt-embeddings.ts";
import type { QuantisedWeights } from "./quantised-matrix.ts";
import type { Seeing } from "./shared-prefix.ts";

/** Positions [start, start + count) of one sequence. */
export type Piece = Readonly<{
  /** Says where positions lie in rotary space; those behind its end go on counting. */
  prompt: Prompt;
  start: number;
  /** (count, D) */
  embeddings: Float32Array;
  /** Positions of the sequence, among these, behind which scores are wanted. */
  picks: readonly number[];
}>;

export type ReaderParts = GenerationModel &
  Readonly<{ weights: Weights; quantised: QuantisedWeights; threads?: number; device?: Device }>;

/** Reads until it is disposed. */
export class DecoderReader {
  readonly decoder: DecoderConfig;
  readonly seeing: Seeing;
  readonly #config: GenerativeConfig;
  readonly #weights: ResidentArrays;
  readonly #table: EmbeddingTable;
  readonly #compile: () => Promise<Executable>;
  #compiled: Promise<Executable> | null = null;

  constructor(parts: ReaderParts) {
    const { config, shapes, loraScaling, weights, quantised, threads, device = "cpu" } = parts;
    const { decoder, prefix } = decoderOf(config);
    const table = `${prefix}model.embed_tokens.weight`;
    let matrices: QuantisedWeights = quantised;
    this.decoder = decoder;
    this.seeing = { tokenId: eyesOf(config)?.tokenId ?? null, width: decoder.hidden_size };
    this.#config = config;
    this.#weights = new ResidentArrays(weights, device);
    this.#table = quantised.get(table) ?? ((weights.get(table) as TensorData).data as Float32Array);
    // Runs of all sizes would each leave their memory behind, and none is faster for it.
    const session = { device, keepsMemory: false, ...(threads !== undefined && { threads }) };
    const model: GenerationModel = { config, shapes, ...(loraScaling !== undefined && { loraScaling }) };
    this.#compile = () => {
      const graph = generationGraph(model, matrices);
      // ONNX Runtime has packed its own by then.
      matrices = new Map();
      return compile(graph, session);
    };
  }

  cache(batch: number, capacity: number): KeyValueCache {
    return new KeyValueCache({ batch, capacity, decoder: this.decoder });
  }

  /** (positions, D) of a prompt. Throws a RangeError where its ids and images do not fit each other or the model. */
  embed(prompt: Prompt): Float32Array {
    return embedPrompts(this.#config, this.#table, { prompts: [prompt], batch: 1, length: prompt.ids.length });
  }

  /**
   * Read a piece into each sequence of the cache and give the scores behind its picks, (picks, V) each. Pieces that begin
   * behind position 0 are single positions, or there is but one: ONNX Runtime's attention knows no other batches.
   */
  async read(cache: KeyValueCache, pieces: readonly Piece[]): Promise<Float32Array[]> {
    const { hidden_size: D, vocab_size: V } = this.decoder;
    const counts = pieces.map(({ embeddings }) => embeddings.length / D);
    const [B, T] = [pieces.length, Math.max(...counts)];
    const embeddings = new Float32Array(B * T * D);
    for (const [b, piece] of pieces.entries()) embeddings.set(piece.embeddings, b * T * D);
    const places = pieces.flatMap(({ prompt, start }) =>
      Array.from({ length: T }, (_, t) => ({ prompt, t: start + t })),
    );
    const picks = pieces.flatMap(({ start, picks }, b) => picks.map((t) => [b, t - start]));
    this.#compiled ??= this.#compile();
    const executable = await this.#compiled;
    const { logits } = await executable.run(
      {
        ...(await this.#weights.feeds(executable)),
        ...cache.feeds,
        ...rotaryRows(this.decoder, places),
        embeddings,
        positions: BigInt64Array.from(places, (_, row) => BigInt(row)),
        last: Int32Array.from(pieces, ({ start }, b) => start + (counts[b] as number) - 1),
        total: Int32Array.of(Math.max(...pieces.map(({ start }) => start + T))),
        picks: BigInt64Array.from(picks.flat(), BigInt),
      },
      {
        sizes: { batch: B, length: T, turns: B * T, capacity: cache.capacity, picks: picks.length },
        into: cache.outputs,
      },
    );
    let row = 0;
    return pieces.map(({ picks }) => {
      const scores = (logits as Float32Array).subarray(row * V, (row + picks.length) * V);
      row += picks.length;
      return scores;
    });
  }

  async dispose(): Promise<void> {
    await (await this.#compiled)?.dispose();
    this.#compiled = null;
    await this.#weights.dispose();
  }
}
