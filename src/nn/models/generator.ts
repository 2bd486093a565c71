/**
 * Text from a decoder, with or without rows of pictures: prompts in batches, greedy, sampled or by beams, with a key-value
 * cache; probabilities of given answers.
 *
 * What comes out for a prompt does not depend on its neighbours beyond rounding, though what prompts begin with is read once
 * (read-prompts.ts). Tokens and chat templates are left to the caller.
 */
import { Rng } from "../../core/math/index.ts";
import type { Shapes, Weights } from "../checkpoint/index.ts";
import type { Device } from "../runtime/index.ts";
import { beamSearch } from "./beam-search.ts";
import { DecoderReader } from "./decoder-reader.ts";
import type { GenerativeConfig } from "./generative-config.ts";
import { modelShapes } from "./model-shapes.ts";
import type { Prompt } from "./prompt-embeddings.ts";
import type { QuantisedWeights } from "./quantised-matrix.ts";
import { readPrompts } from "./read-prompts.ts";
import { chooseToken, type SamplingOptions, type TokenScore, tokenScore } from "./sampling.ts";
import { type ContinuationItem, continuationItems, scoreContinuations } from "./score-continuations.ts";
import { batchesOf } from "./shared-prefix.ts";

export type GenerateOptions = SamplingOptions &
  Readonly<{
    maxNewTokens: number;
    /**
     * Answers that grow side by side, default 1; not together with a temperature. The winner is told to onToken and isComplete
     * when it is found.
     */
    beams?: number;
    /** Of beams: see BeamOptions. Default 1. */
    lengthPenalty?: number;
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
  /** Default "cpu", where weights may change in place; another has copies of its own. The cache is in main memory always. */
  device?: Device;
  /** lora_alpha / r, when the weights have an adapter; `shapes` then has its parameters too. */
  loraScaling?: number;
  shapes?: Shapes;
  /** Matrices that `weights` has not. */
  quantised?: QuantisedWeights;
}>;

type Answer = { ids: number[]; stopped: boolean; scores: TokenScore[] | null };

/** Generates until it is disposed. The weights may change between calls (in place), for a look at a model in training. */
export class Generator {
  readonly config: GenerativeConfig;
  readonly #reader: DecoderReader;
  readonly #batch: number;

  constructor(config: GenerativeConfig, weights: Weights, options: GeneratorOptions = {}) {
    const { shapes = modelShapes(config), quantised = new Map(), batch = 32, ...rest } = options;
    this.config = config;
    this.#reader = new DecoderReader({ config, weights, shapes, quantised, ...rest });
    this.#batch = batch;
  }

  /** Continue every prompt. Throws a RangeError when a prompt with its answer does not fit the model's positions. */
  async generate(prompts: readonly Prompt[], options: GenerateOptions): Promise<Generated[]> {
    this.#checkLengths(prompts.map(({ ids }) => ids.length + Math.max(options.maxNewTokens - 1, 0)));
    const results = new Array<Generated>(prompts.length);
    for (const indices of batchesOf(prompts, this.#reader.seeing, this.#batch)) {
      const steps = this.#generateBatch(indices, prompts, options);
      let step = await steps.next();
      while (!step.done) step = await steps.next();
      for (const [b, index] of indices.entries()) results[index] = step.value[b] as Generated;
    }
    return results;
  }

  /** Continue one prompt, giving each id as it is chosen; leaving the loop ends the work. As `generate` otherwise. */
  async *stream(prompt: Prompt, options: GenerateOptions): AsyncGenerator<number, Generated, undefined> {
    this.#checkLengths([prompt.ids.length + Math.max(options.maxNewTokens - 1, 0)]);
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
   * signal stops between two runs.
   */
  async logProbabilities(
    prompts: readonly Prompt[],
    continuations: readonly (readonly (readonly number[])[])[],
    { signal }: Readonly<{ signal?: AbortSignal }> = {},
  ): Promise<number[][]> {
    const items = continuationItems(prompts, continuations);
    const extended = items.map(({ prompt }) => prompt);
    this.#checkLengths(extended.map(({ ids }) => ids.length));
    const results = continuations.map((options) => options.map(() => 0));
    for (const indices of batchesOf(extended, this.#reader.seeing, this.#batch)) {
      const batch = indices.map((index) => items[index] as ContinuationItem);
      for (const { p, c, sum } of await scoreContinuations(this.#reader, batch, signal))
        (results[p] as number[])[c] = sum;
    }
    return results;
  }

  /** Free the compiled graph. */
  async dispose(): Promise<void> {
    await this.#reader.dispose();
  }

  /** Gives the answers so far after each step, and all of them in the end: the same arrays, which grow. */
  async *#generateBatch(
    indices: readonly number[],
    all: readonly Prompt[],
    options: GenerateOptions,
  ): AsyncGenerator<Generated[], Generated[], undefined> {
    const { maxNewTokens, beams = 1, temperature = 0, signal } = options;
    if (beams > 1 && temperature > 0)
      throw new RangeError(
        `Expected beams or a temperature, got ${beams} beams at ${temperature}. Leave one of them out.`,
      );
    const prompts = indices.map((index) => all[index] as Prompt);
    const answers = prompts.map((): Answer => {
      return { ids: [], stopped: false, scores: options.logProbabilities === undefined ? null : [] };
    });
    if (maxNewTokens < 1) return answers;
    signal?.throwIfAborted();
    if (beams > 1) {
      for (const [b, index] of indices.entries()) {
        await this.#searchInto(answers[b] as Answer, { index, prompt: prompts[b] as Prompt }, options);
        yield answers;
      }
      return answers;
    }
    const rngs = indices.map((index) => (options.rng ?? new Rng(0)).fork(index));
    const stops = this.#stops(options);
    const isGrowing = ({ stopped, ids }: Answer) => !stopped && ids.length < maxNewTokens;
    const choose = (scores: readonly Float32Array[]): boolean => {
      for (const [b, answer] of answers.entries()) {
        if (!isGrowing(answer)) continue;
        const logits = scores[b] as Float32Array;
        const id = chooseToken(logits, options, rngs[b] as Rng);
        answer.stopped = stops.has(id);
        if (answer.stopped) continue;
        answer.scores?.push(tokenScore(logits, id, options.logProbabilities ?? 0));
        take(answer, { id, index: indices[b] as number }, options);
      }
      return answers.some(isGrowing);
    };
    const lengths = prompts.map(({ ids }) => ids.length);
    const capacity = Math.max(...lengths) + maxNewTokens - 1;
    const cache = this.#reader.cache(prompts.length, capacity);
    const readings = prompts.map((prompt) => ({ prompt, picks: [prompt.ids.length - 1] }));
    let isUnfinished = choose(await readPrompts(this.#reader, cache, readings, signal));
    for (let n = 0; isUnfinished; n++) {
      yield answers;
      signal?.throwIfAborted();
      const pieces = prompts.map((prompt, b) => {
        // What is finished stays where it is, so that the others keep their places.
        const { ids } = answers[b] as Answer;
        const start = prompt.ids.length + Math.min(n, Math.max(ids.length - 1, 0));
        return {
          prompt,
          start,
          embeddings: this.#reader.embed({ ids: ids.length > 0 ? ids.slice(-1) : [0] }),
          picks: [start],
        };
      });
      isUnfinished = choose(await this.#reader.read(cache, pieces));
    }
    return answers;
  }

  async #searchInto(
    answer: Answer,
    { index, prompt }: Readonly<{ index: number; prompt: Prompt }>,
    options: GenerateOptions,
  ): Promise<void> {
    const { beams = 1, maxNewTokens, lengthPenalty, signal } = options;
    const cache = this.#reader.cache(beams, prompt.ids.length + maxNewTokens - 1);
    const [logits] = await readPrompts(
      this.#reader,
      cache.rows(0, 1),
      [{ prompt, picks: [prompt.ids.length - 1] }],
      signal,
    );
    cache.copyFrom(
      0,
      Array.from({ length: beams - 1 }, (_, b) => b + 1),
      prompt.ids.length,
    );
    const found = await beamSearch(
      this.#reader,
      { cache, prompt, logits: logits as Float32Array },
      {
        beams,
        maxNewTokens,
        stops: this.#stops(options),
        alternatives: options.logProbabilities,
        signal,
        ...(lengthPenalty !== undefined && { lengthPenalty }),
      },
    );
    for (const [i, id] of found.ids.entries()) {
      answer.scores?.push(found.scores[i] as TokenScore);
      take(answer, { id, index }, options);
      if (answer.stopped) return;
    }
    answer.stopped = found.stopped;
  }

  #stops({ stopIds = this.#reader.decoder.eos_token_ids }: GenerateOptions): ReadonlySet<number> {
    return new Set(stopIds);
  }

  #checkLengths(lengths: readonly number[]): void {
    const limit = this.#reader.decoder.max_position_embeddings;
    const wrong = lengths.find((length) => length < 1 || length > limit);
    if (wrong === undefined) return;
    throw new RangeError(
      `Expected 1 to ${limit} positions (max_position_embeddings), got ${wrong}. Shorten the prompt.`,
    );
  }
}

/** Append an id and ask whether the answer is complete. */
function take(answer: Answer, { id, index }: Readonly<{ id: number; index: number }>, options: GenerateOptions): void {
  answer.ids.push(id);
  options.onToken?.(id, index);
  answer.stopped = options.isComplete?.(answer.ids, index) ?? false;
}
