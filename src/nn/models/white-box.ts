/**
 * A decoder that can be looked into and interfered with while it reads: the runs of white-box-graph.ts.
 *
 * What groups of positions mean (frames, a question) is the caller's business; here they are numbers.
 */
import type { Shapes, TensorData, Weights } from "../checkpoint/index.ts";
import { blockedScores } from "../layers/index.ts";
import { compile, ExecutableCache, type Feeds, type Outputs } from "../runtime/index.ts";
import type { DecoderConfig } from "./decoder-config.ts";
import type { GenerationModel } from "./generation-graphs.ts";
import { decoderOf, type GenerativeConfig } from "./generative-config.ts";
import { modelShapes } from "./model-shapes.ts";
import { rotaryFeeds } from "./mrope.ts";
import { embedPrompts, type Prompt } from "./prompt-embeddings.ts";
import { type WhiteBoxShape, whiteBoxGraph } from "./white-box-graph.ts";

/** A token whose probability is asked for: log p(id | what is up to the position). */
export type TargetToken = Readonly<{ position: number; id: number }>;

/** A prompt whose every position belongs to one of `groups` groups; the last group is the last position. */
export type GroupedPrompt = Readonly<{
  prompt: Prompt;
  groupOf: readonly number[];
  groups: number;
  targets: readonly TargetToken[];
}>;

/** In the layers [first, end) queries of group `to` cannot look at keys of group `from`. */
export type Cut = Readonly<{ from: number; to: number; layers: readonly [first: number, end: number] }>;

/** What a module, or one head, adds to the residual stream is left out. */
export type Skip = Readonly<{ layer: number; module: "attention" | "mlp" }> | Readonly<{ layer: number; head: number }>;

/** Nothing at all is the untouched model. */
export type Intervention = Readonly<{ cuts?: readonly Cut[]; skips?: readonly Skip[] }>;

/** Of B = 1; see white-box-graph.ts. Lists have an entry a layer, or a state (layers + 1, the embeddings first). */
export type Observation = Readonly<{
  /** (heads, G, G): how much of the attention of a query of a group goes to a group, on average. */
  attentionGroups: readonly Float32Array[];
  /** (heads, T): where the last position looks. */
  attentionLast: readonly Float32Array[];
  /** (readings, words): the likeliest tokens behind each state, and natural logarithms of their probabilities. */
  wordIds: readonly Int32Array[];
  wordLogProbabilities: readonly Float32Array[];
  /** Of each target behind each state. */
  targetLogProbabilities: readonly (readonly number[])[];
  /** Of each target in the end. */
  logProbabilities: readonly number[];
  /** (T, D) behind each state, the last one normed; only if asked for. */
  hidden: readonly Float32Array[] | null;
  /** (heads, T, T) of each layer; only if asked for. */
  attention: readonly Float32Array[] | null;
}>;

export type ObserveOptions = Readonly<{
  /** Positions at which words are read off every state. */
  readings: readonly number[];
  words: number;
  hidden?: boolean;
  attention?: boolean;
}>;

export type WhiteBoxOptions = Readonly<{ threads?: number; loraScaling?: number; shapes?: Shapes }>;

/** Attention scores of a run at most: 2^24 numbers are 64 MiB. */
const mostScores = 2 ** 24;
const mostAtOnce = 32;

/** Looks and interferes until it is disposed. */
export class WhiteBox {
  readonly layers: number;
  readonly heads: number;
  readonly #config: GenerativeConfig;
  readonly #decoder: DecoderConfig;
  readonly #model: GenerationModel;
  readonly #session: Readonly<{ keepsMemory: boolean; threads?: number }>;
  readonly #weights: Feeds;
  readonly #table: TensorData;
  readonly #graphs: ExecutableCache<readonly number[]>;

  constructor(config: GenerativeConfig, weights: Weights, options: WhiteBoxOptions = {}) {
    const { threads, loraScaling, shapes = modelShapes(config) } = options;
    const { decoder, prefix } = decoderOf(config);
    this.layers = decoder.num_hidden_layers;
    this.heads = decoder.num_attention_heads;
    this.#config = config;
    this.#decoder = decoder;
    this.#model = { config, shapes, ...(loraScaling !== undefined && { loraScaling }) };
    this.#session = { keepsMemory: false, ...(threads !== undefined && { threads }) };
    this.#weights = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
    this.#table = weights.get(`${prefix}model.embed_tokens.weight`) as TensorData;
    this.#graphs = new ExecutableCache(([batch = 1, length = 1, groups = 1, targets = 1]) =>
      compile(whiteBoxGraph(this.#model, { batch, length, groups, targets }), this.#session),
    );
  }

  /**
   * Log-probability of every target of each prompt under its intervention. Throws a RangeError where an intervention leaves
   * a position nothing to look at.
   */
  async score(
    asked: readonly (readonly [GroupedPrompt, Intervention])[],
    { signal, onProgress }: Readonly<{ signal?: AbortSignal; onProgress?: (done: number) => void }> = {},
  ): Promise<number[][]> {
    const results = new Array<number[]>(asked.length);
    let done = 0;
    for (const [key, indices] of this.#buckets(asked.map(([prompt]) => prompt))) {
      const [B = 1, T = 1, G = 1, R = 1] = key;
      for (let start = 0; start < indices.length; start += B) {
        signal?.throwIfAborted();
        const chunk = indices.slice(start, start + B);
        const shape = { batch: B, length: T, groups: G, targets: R };
        const batch = chunk.map((index) => asked[index] as (typeof asked)[number]);
        const { log_probs } = await (await this.#graphs.at(key)).run(this.#feeds(batch, shape));
        const each = R / B;
        chunk.forEach((index, b) => {
          const count = asked[index]?.[0].targets.length ?? 0;
          results[index] = Array.from((log_probs as Float32Array).subarray(b * each, b * each + count));
        });
        done += chunk.length;
        onProgress?.(done);
      }
    }
    return results;
  }

  /** One look at an untouched run, or at one under an intervention. */
  async observe(asked: GroupedPrompt, options: ObserveOptions, intervention: Intervention = {}): Promise<Observation> {
    const { readings, words, hidden = false, attention = false } = options;
    const shape: WhiteBoxShape = {
      ...{
        batch: 1,
        length: asked.prompt.ids.length,
        groups: asked.groups,
        targets: Math.max(1, asked.targets.length),
      },
      observe: { readings: readings.length, words: Math.min(words, this.#decoder.vocab_size), hidden, attention },
    };
    const graph = await compile(whiteBoxGraph(this.#model, shape), this.#session);
    try {
      const feeds = {
        ...this.#feeds([[asked, intervention]], shape),
        averages: averagesOf(asked),
        readings: Int32Array.from(readings),
      };
      return this.#observation(await graph.run(feeds), asked, options);
    } finally {
      await graph.dispose();
    }
  }

  async dispose(): Promise<void> {
    await this.#graphs.dispose();
  }

  #observation(outputs: Outputs, { targets }: GroupedPrompt, { hidden, attention }: ObserveOptions): Observation {
    const every = (name: string, count: number) => Array.from({ length: count }, (_, i) => outputs[`${name}.${i}`]);
    const floats = (name: string, count: number) => every(name, count) as Float32Array[];
    const states = this.layers + 1;
    const counted = (values: Float32Array) => Array.from(values.subarray(0, targets.length));
    return {
      attentionGroups: floats("attention_groups", this.layers),
      attentionLast: floats("attention_last", this.layers),
      wordIds: every("word_ids", states) as Int32Array[],
      wordLogProbabilities: floats("word_log_probs", states),
      targetLogProbabilities: floats("target_log_probs", states).map(counted),
      logProbabilities: counted(outputs.log_probs as Float32Array),
      hidden: hidden ? floats("hidden", states) : null,
      attention: attention ? floats("attention", this.layers) : null,
    };
  }

  /** Prompts of like size run together: [B, T, G, R] -> indices. */
  #buckets(prompts: readonly GroupedPrompt[]): [readonly number[], number[]][] {
    const buckets = new Map<string, [number[], number[]]>();
    prompts.forEach(({ prompt: { ids }, groups, targets }, index) => {
      const grain = ids.length <= 256 ? 32 : 128;
      const T = Math.ceil(ids.length / grain) * grain;
      const sizes = [T, 8 * Math.ceil(groups / 8), 2 ** Math.ceil(Math.log2(Math.max(1, targets.length)))];
      const bucket = buckets.get(String(sizes)) ?? [sizes, []];
      buckets.set(String(sizes), bucket);
      bucket[1].push(index);
    });
    return [...buckets.values()].map(([[T = 1, G = 1, each = 1], indices]) => {
      const most = Math.min(mostAtOnce, Math.max(1, Math.floor(mostScores / (this.heads * Math.min(T, 256) * T))));
      // As few runs as may be, filled alike.
      const B = Math.ceil(indices.length / Math.ceil(indices.length / most));
      return [[B, T, G, B * each], indices];
    });
  }

  #feeds(batch: readonly (readonly [GroupedPrompt, Intervention])[], shape: WhiteBoxShape): Feeds {
    const { batch: B, length: T, groups: G, targets: R } = shape;
    const [L, H] = [this.layers, this.heads];
    const prompts = batch.map(([{ prompt }]) => prompt);
    const membership = new Float32Array(B * T * G);
    const rows = new Int32Array(R);
    const ids = new Int32Array(R);
    const blocked = new Float32Array(B * L * G * G);
    const modules = new Float32Array(B * L * 2).fill(1);
    const heads = new Float32Array(B * L * H).fill(1);
    batch.forEach(([{ groupOf, groups, targets }, { cuts = [], skips = [] }], b) => {
      groupOf.forEach((group, t) => {
        membership[(b * T + t) * G + group] = 1;
      });
      targets.forEach(({ position, id }, i) => {
        rows[(b * R) / B + i] = b * T + position;
        ids[(b * R) / B + i] = id;
      });
      for (const { from, to, layers } of cuts) {
        for (let layer = layers[0]; layer < layers[1]; layer++)
          blocked[((b * L + layer) * G + to) * G + from] = blockedScores;
      }
      requireSight(blocked.subarray(b * L * G * G, (b + 1) * L * G * G), { groupOf, groups, G });
      for (const skip of skips) {
        if ("head" in skip) heads[(b * L + skip.layer) * H + skip.head] = 0;
        else modules[(b * L + skip.layer) * 2 + (skip.module === "attention" ? 0 : 1)] = 0;
      }
    });
    return {
      ...this.#weights,
      ...rotaryFeeds(this.#decoder, { prompts, batch: B, length: T }),
      embeddings: embedPrompts(this.#config, this.#table.data as Float32Array, { prompts, batch: B, length: T }),
      ...{ membership, blocked, rows, targets: ids, module_factors: modules, head_factors: heads },
    };
  }
}

/** A row of attention that may look nowhere would look everywhere alike, at what comes later too. */
function requireSight(
  blocked: Float32Array,
  { groupOf, groups, G }: Readonly<{ groupOf: readonly number[]; groups: number; G: number }>,
): void {
  for (let table = 0; table < blocked.length; table += G * G) {
    if (!blocked.subarray(table, table + G * G).some((value) => value !== 0)) continue;
    const seen = new Set<number>();
    for (const to of groupOf) {
      seen.add(to);
      if ([...seen].some((from) => blocked[table + to * G + from] === 0)) continue;
      throw new RangeError(
        `Expected every position to see something in layer ${table / (G * G)}, got one of group ${to} of ${groups} that sees nothing. Leave a group its own positions.`,
      );
    }
  }
}

/** Membership with rows that add to 1: (G, T). */
function averagesOf({ groupOf, groups }: GroupedPrompt): Float32Array {
  const counts = new Array<number>(groups).fill(0);
  for (const group of groupOf) counts[group] = (counts[group] as number) + 1;
  const averages = new Float32Array(groups * groupOf.length);
  groupOf.forEach((group, t) => {
    averages[group * groupOf.length + t] = 1 / (counts[group] as number);
  });
  return averages;
}
