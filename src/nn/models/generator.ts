/**
 * Text from a decoder, with or without rows of pictures: prompts in batches, greedy or sampled, with a key-value cache; probabilities of given
 * answers.
 *
 * Prompts of like length run together in graphs of a few fixed sizes (buckets), padded at the end. What comes out for a
 * prompt does not depend on its neighbours beyond rounding. Tokens and chat templates are left to the caller.
 */
import { Rng } from "../../core/math/index.ts";
import type { Shapes, TensorData, Weights } from "../checkpoint/index.ts";
import { compile, ExecutableCache, type Feeds } from "../runtime/index.ts";
import type { DecoderConfig } from "./decoder-config.ts";
import { type GenerationModel, promptGraph, scoreGraph, stepGraph } from "./generation-graphs.ts";
import { decoderOf, type GenerativeConfig } from "./generative-config.ts";
import { KeyValueCache } from "./key-value-cache.ts";
import { modelShapes } from "./model-shapes.ts";
import { nextRotaryFeeds, rotaryFeeds } from "./mrope.ts";
import { embedPrompts, type Prompt } from "./prompt-embeddings.ts";
import { chooseToken, logProbabilities, type SamplingOptions, type TokenScore, tokenScore } from "./sampling.ts";

export type GenerateOptions = SamplingOptions &
  Readonly<{
    maxNewTokens: number;
    /** Ids that end an answer. Default: the configuration's eos_token_id. */
    stopIds?: readonly number[];
    /** Asked after each id that is chosen, with all ids of the answer so far: is it complete? */
    isComplete?: (ids: readonly number[], prompt: number) => boolean;
    /** Keep the log-probability of each id, with so many alternatives. */
    logProbabilities?: number;
    /** Needed when temperature is above 0; each prompt draws from a stream of its own. */
    rng?: Rng;
    /** Told each id when it is chosen, stop ids excepted. `prompt` is the index of the prompt. */
    onToken?: (id: number, prompt: number) => void;
    /** Stops between two tokens by throwing the signal's reason. */
    signal?: AbortSignal;
  }>;

/**
 * The new ids without the stop id that ended them; `stopped` says whether the answer ended by a stop id or by isComplete.
 * `scores` has an entry an id, or is null where log-probabilities were not asked for.
 */
export type Generated = Readonly<{ ids: readonly number[]; stopped: boolean; scores: readonly TokenScore[] | null }>;

export type GeneratorOptions = Readonly<{
  /** Prompts that run together at most. */
  batch?: number;
  threads?: number;
  /** lora_alpha / r, when the weights have an adapter; `shapes` then has its parameters too. */
  loraScaling?: number;
  shapes?: Shapes;
}>;

/** Generates until it is disposed. The weights may change between calls (in place), for a look at a model in training. */
export class Generator {
  readonly config: GenerativeConfig;
  readonly #decoder: DecoderConfig;
  readonly #weights: Feeds;
  readonly #table: TensorData;
  readonly #batch: number;
  readonly #prompts: ExecutableCache<readonly number[]>;
  readonly #steps: ExecutableCache<readonly number[]>;
  readonly #scores: ExecutableCache<readonly number[]>;

  constructor(config: GenerativeConfig, weights: Weights, options: GeneratorOptions = {}) {
    const { threads, loraScaling, shapes = modelShapes(config) } = options;
    const { decoder, prefix } = decoderOf(config);
    const model: GenerationModel = { config, shapes, ...(loraScaling !== undefined && { loraScaling }) };
    // A graph a bucket: with every batch size and length met, what they keep is four times the rest of the process, and no
    // run is faster for it.
    const session = { keepsMemory: false, ...(threads !== undefined && { threads }) };
    this.config = config;
    this.#decoder = decoder;
    this.#weights = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
    this.#table = weights.get(`${prefix}model.embed_tokens.weight`) as TensorData;
    this.#batch = options.batch ?? 32;
    this.#prompts = new ExecutableCache(([batch = 1, length = 1, keep = 1]) =>
      compile(promptGraph(model, { batch, length, keep: keep === 1 }), session),
    );
    this.#steps = new ExecutableCache(([batch = 1, capacity = 1]) =>
      compile(stepGraph(model, { batch, capacity }), session),
    );
    this.#scores = new ExecutableCache(([batch = 1, length = 1, rows = 1]) =>
      compile(scoreGraph(model, { batch, length, rows }), session),
    );
  }

  /** Continue every prompt. Throws a RangeError when a prompt with its answer does not fit the model's positions. */
  async generate(prompts: readonly Prompt[], options: GenerateOptions): Promise<Generated[]> {
    const results = new Array<Generated>(prompts.length);
    for (const indices of this.#batches(prompts.map(({ ids }) => ids.length + options.maxNewTokens - 1))) {
      const steps = this.#generateBatch(indices, prompts, options);
      let step = await steps.next();
      while (!step.done) step = await steps.next();
      for (const [b, index] of indices.entries()) results[index] = step.value[b] as Generated;
    }
    return results;
  }

  /** Continue one prompt, giving each id as it is chosen; leaving the loop ends the work. As `generate` otherwise. */
  async *stream(prompt: Prompt, options: GenerateOptions): AsyncGenerator<number, Generated, undefined> {
    const steps = this.#generateBatch([0], [prompt], options);
    let given = 0;
    for (;;) {
      const { done, value } = await steps.next();
      const answer = value[0] as Generated;
      for (; given < answer.ids.length; given++) yield answer.ids[given] as number;
      if (done) return answer;
    }
  }

  /**
   * log p(continuation | prompt), summed over its tokens, for each continuation of each prompt (answer options, say). The
   * signal stops between two batches.
   */
  async logProbabilities(
    prompts: readonly Prompt[],
    continuations: readonly (readonly (readonly number[])[])[],
    { signal }: Readonly<{ signal?: AbortSignal }> = {},
  ): Promise<number[][]> {
    if (continuations.flat().every((ids) => ids.length === 1))
      return this.#nextTokenLogProbabilities(prompts, continuations, signal);
    const results = continuations.map((options) => options.map(() => 0));
    const items = prompts.flatMap((prompt, p) =>
      (continuations[p] ?? []).map((ids, c) => ({ p, c, ids, prompt: { ...prompt, ids: [...prompt.ids, ...ids] } })),
    );
    for (const indices of this.#batches(items.map(({ prompt }) => prompt.ids.length))) {
      signal?.throwIfAborted();
      const batch = indices.map((index) => items[index] as (typeof items)[number]);
      const { B, T } = this.#sizes(batch.map(({ prompt }) => prompt.ids.length));
      const wanted = batch.flatMap(({ ids, prompt }, b) =>
        ids.map((target, i) => ({ b, target, row: b * T + prompt.ids.length - ids.length + i - 1 })),
      );
      const R = Math.max(B, 2 ** Math.ceil(Math.log2(Math.max(wanted.length, 1))));
      const rows = new Int32Array(R);
      const targets = new Int32Array(R);
      rows.set(wanted.map(({ row }) => row));
      targets.set(wanted.map(({ target }) => target));
      const feeds = this.#promptFeeds(
        batch.map(({ prompt }) => prompt),
        B,
        T,
      );
      const { log_probs } = await (await this.#scores.at([B, T, R])).run({
        ...this.#weights,
        ...feeds,
        rows,
        targets,
      });
      wanted.forEach(({ b }, i) => {
        const { p, c } = batch[b] as (typeof items)[number];
        const row = results[p] as number[];
        row[c] = (row[c] as number) + ((log_probs as Float32Array)[i] as number);
      });
    }
    return results;
  }

  /** Free the compiled graphs. */
  async dispose(): Promise<void> {
    for (const cache of [this.#prompts, this.#steps, this.#scores]) await cache.dispose();
  }

  async #nextTokenLogProbabilities(
    prompts: readonly Prompt[],
    continuations: readonly (readonly (readonly number[])[])[],
    signal: AbortSignal | undefined,
  ): Promise<number[][]> {
    const results = new Array<number[]>(prompts.length);
    for (const indices of this.#batches(prompts.map(({ ids }) => ids.length))) {
      signal?.throwIfAborted();
      const batch = indices.map((index) => prompts[index] as Prompt);
      const { B, T } = this.#sizes(batch.map(({ ids }) => ids.length));
      const { logits } = await this.#runPrompts(batch, { B, T, keep: false });
      indices.forEach((index, b) => {
        const logs = logProbabilities(this.#row(logits as Float32Array, b));
        results[index] = (continuations[index] ?? []).map(([id]) => logs[id as number] as number);
      });
    }
    return results;
  }

  /** Gives the answers so far after each step, and all of them in the end: the same arrays, which grow. */
  async *#generateBatch(
    indices: readonly number[],
    all: readonly Prompt[],
    options: GenerateOptions,
  ): AsyncGenerator<Generated[], Generated[], undefined> {
    const prompts = indices.map((index) => all[index] as Prompt);
    const lengths = prompts.map(({ ids }) => ids.length);
    const { B, T } = this.#sizes(lengths);
    const stops = new Set(options.stopIds ?? this.#decoder.eos_token_ids);
    const rngs = indices.map((index) => (options.rng ?? new Rng(0)).fork(index));
    const { logProbabilities: alternatives } = options;
    const answers = prompts.map(() => ({
      ids: [] as number[],
      stopped: false,
      scores: alternatives === undefined ? null : ([] as TokenScore[]),
    }));
    /** Take a token for each unfinished row; is any row left? */
    const choose = (logits: Float32Array): boolean => {
      answers.forEach((answer, b) => {
        if (answer.stopped || answer.ids.length >= options.maxNewTokens) return;
        const id = chooseToken(this.#row(logits, b), options, rngs[b] as Rng);
        answer.stopped = stops.has(id);
        if (answer.stopped) return;
        answer.ids.push(id);
        answer.scores?.push(tokenScore(this.#row(logits, b), id, alternatives ?? 0));
        const prompt = indices[b] as number;
        options.onToken?.(id, prompt);
        answer.stopped = options.isComplete?.(answer.ids, prompt) ?? false;
      });
      return answers.some(({ stopped, ids }) => !stopped && ids.length < options.maxNewTokens);
    };
    if (options.maxNewTokens < 1) return answers;
    options.signal?.throwIfAborted();
    const first = await this.#runPrompts(prompts, { B, T, keep: options.maxNewTokens > 1 });
    let unfinished = choose(first.logits as Float32Array);
    if (!unfinished) return answers;
    const capacity = this.#bucket(Math.max(...lengths) + options.maxNewTokens - 1);
    const cache = new KeyValueCache({ batch: B, capacity, decoder: this.#decoder });
    const padded = (values: readonly number[]) => Array.from({ length: B }, (_, b) => values[b] ?? 0);
    cache.store(first, T, padded([]), padded(lengths));
    const step = await this.#steps.at([B, capacity]);
    for (let n = 0; unfinished; n++) {
      yield answers;
      options.signal?.throwIfAborted();
      const positions = padded(lengths).map((length) => Math.min(length + n, capacity - 1));
      const last = answers.map(({ ids }) => ({ ids: ids.slice(-1) }));
      const outputs = await step.run({
        ...this.#weights,
        ...cache.feeds,
        mask: cache.mask,
        positions: Int32Array.from(positions),
        ...nextRotaryFeeds(this.#decoder, { prompts, batch: B, n }),
        embeddings: this.#embed(last, B, 1),
      });
      cache.store(outputs, 1, positions, padded(lengths.map(() => 1)));
      unfinished = choose(outputs.logits as Float32Array);
    }
    return answers;
  }

  async #runPrompts(prompts: readonly Prompt[], { B, T, keep }: { B: number; T: number; keep: boolean }) {
    const lastRows = Int32Array.from({ length: B }, (_, b) => b * T + (prompts[b]?.ids.length ?? 1) - 1);
    const feeds = { ...this.#weights, ...this.#promptFeeds(prompts, B, T), last_rows: lastRows };
    return (await this.#prompts.at([B, T, keep ? 1 : 0])).run(feeds);
  }

  #promptFeeds(prompts: readonly Prompt[], B: number, T: number): Feeds {
    const rotary = rotaryFeeds(this.#decoder, { prompts, batch: B, length: T });
    return { ...rotary, embeddings: this.#embed(prompts, B, T) };
  }

  #embed(prompts: readonly Prompt[], B: number, T: number): Float32Array {
    return embedPrompts(this.config, this.#table.data as Float32Array, { prompts, batch: B, length: T });
  }

  #row(logits: Float32Array, b: number): Float32Array {
    return logits.subarray(b * this.#decoder.vocab_size, (b + 1) * this.#decoder.vocab_size);
  }

  /** Longest first, so that neighbours have like lengths and a batch that is too large fails at once. */
  #batches(lengths: readonly number[]): number[][] {
    const order = Array.from(lengths.keys()).sort((a, b) => (lengths[b] as number) - (lengths[a] as number));
    return chunks(order, this.#batch);
  }

  #sizes(lengths: readonly number[]): { B: number; T: number } {
    const B = Math.min(this.#batch, 2 ** Math.ceil(Math.log2(lengths.length)));
    return { B, T: this.#bucket(Math.max(...lengths)) };
  }

  #bucket(length: number): number {
    const limit = this.#decoder.max_position_embeddings;
    if (length < 1 || length > limit) {
      throw new RangeError(
        `Expected 1 to ${limit} positions (max_position_embeddings), got ${length}. Shorten the prompt.`,
      );
    }
    const grain = length <= 256 ? 32 : length <= 1024 ? 128 : 512;
    return Math.min(limit, Math.ceil(length / grain) * grain);
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
