/**
 * Loss and gradients of a decoder on runs of packed rows, summed over the runs of an update (gradient accumulation), computed
 * in segments of consecutive layers.
 *
 * One segment of all layers holds the activations of all of them and computes each once. Smaller ones hold those of one
 * segment, and the input of each, and compute all but the last segment twice (gradient checkpointing).
 */
import type { Shapes, Weights } from "../checkpoint/index.ts";
import { compile, type Executable, type Feeds } from "../runtime/index.ts";
import { backwardSegment, forwardSegment, lastSegment, type RunShape, type SegmentModel } from "./decoder-segments.ts";
import { eyesOf } from "./eyes-of.ts";
import { decoderOf, type GenerativeConfig } from "./generative-config.ts";
import { runFeeds, type TrainingRow } from "./packed-run.ts";

/** Rows that run together, the sizes of their run, and what each target weighs in the loss. */
export type Run = Readonly<{ rows: readonly TrainingRow[]; shape: RunShape; weight: number }>;

export type DecoderGradientsOptions = Readonly<{
  /** Of every parameter that the decoder reads, an adapter's included; read in place at each run. */
  weights: Weights;
  shapes: Shapes;
  /** An array for each trained parameter; names as in `shapes`. */
  gradients: Readonly<Record<string, Float32Array>>;
  /** lora_alpha / r. Default 1. */
  loraScaling?: number;
  /** Layers of a segment. Default: all. */
  segmentLayers?: number;
  threads?: number;
  /** Shapes of runs whose graphs are kept, each with memory of its own. Default 3. */
  maxShapes?: number;
}>;

type Segment = Readonly<{
  /** Names in the segment's graph -> names in the model. */
  names: ReadonlyMap<string, string>;
  model: SegmentModel;
  /** Equal for segments that the same graphs serve. */
  key: string;
  feeds: Feeds;
  isTrained: boolean;
}>;

/** Computes until it is disposed. */
export class DecoderGradients {
  readonly #config: GenerativeConfig;
  readonly #options: DecoderGradientsOptions;
  readonly #segments: readonly Segment[];
  readonly #tableName: string;
  /** By run shape, then by segment and direction; the shape used last stands last. */
  readonly #graphs = new Map<string, Map<string, Executable>>();
  /** Gradients that this update has written already. */
  readonly #written = new Set<string>();
  readonly #scratch = new Map<string, Float32Array>();
  #compilations = 0;

  constructor(config: GenerativeConfig, options: DecoderGradientsOptions) {
    const { prefix } = decoderOf(config);
    this.#config = config;
    this.#options = options;
    this.#tableName = `${prefix}model.embed_tokens.weight`;
    this.#segments = cutSegments(config, options);
    const known = new Set(this.#segments.flatMap(({ names }) => [...names.values()])).add(this.#tableName);
    const stranger = Object.keys(options.gradients).find((name) => !known.has(name));
    if (stranger !== undefined) throw new TypeError(`Expected parameters of the decoder to train, got "${stranger}".`);
  }

  /** The sum of the runs' losses; their gradients, summed, are in the arrays afterwards. */
  async compute(runs: readonly Run[]): Promise<{ loss: number; compiled: boolean }> {
    const before = this.#compilations;
    this.#written.clear();
    let loss = 0;
    for (const run of runs) loss += await this.#run(run);
    for (const [name, gradient] of Object.entries(this.#options.gradients))
      if (!this.#written.has(name)) gradient.fill(0);
    return { loss, compiled: this.#compilations > before };
  }

  async dispose(): Promise<void> {
    const all = [...this.#graphs.values()].flatMap((graphs) => [...graphs.values()]);
    this.#graphs.clear();
    for (const executable of all) await executable.dispose();
  }

  async #run(run: Run): Promise<number> {
    const { weights, gradients } = this.#options;
    const segments = this.#segments;
    const table = weights.get(this.#tableName)?.data as Float32Array;
    const feeds = runFeeds(this.#config, table, run);
    const trainsTable = gradients[this.#tableName] !== undefined;
    /** Down to which segment does the backward pass go? Embeddings lie below the first one. */
    const lowest = trainsTable ? 0 : segments.findIndex(({ isTrained }) => isTrained);
    const inputs: Float32Array[] = [feeds.x as Float32Array];
    for (const segment of segments.slice(0, -1)) {
      const { y } = await this.#compute(run.shape, { segment, direction: "forward", goesOn: false }, feeds, inputs);
      inputs.push(y as Float32Array);
    }
    let loss = 0;
    let dy: Float32Array | undefined;
    for (let i = segments.length - 1; i >= Math.max(0, lowest); i--) {
      const isLast = i === segments.length - 1;
      const goesOn = i > lowest || trainsTable;
      const part = { segment: segments[i] as Segment, direction: isLast ? "last" : "backward", goesOn } as const;
      const results = await this.#compute(run.shape, part, { ...feeds, ...(dy && { dy }) }, inputs);
      if (isLast) loss = (results.loss as Float32Array)[0] as number;
      dy = results.dx as Float32Array | undefined;
      inputs.pop();
    }
    if (trainsTable && dy) this.#addToTable(run, dy);
    return loss;
  }

  /** Run a graph of a segment on the newest input; gradients go where they belong. */
  async #compute(shape: RunShape, part: Part, feeds: Feeds, inputs: readonly Float32Array[]) {
    const { segment } = part;
    const executable = await this.#graph(shape, part);
    const into: Record<string, Float32Array> = {};
    const toAdd: [Float32Array, Float32Array][] = [];
    for (const output of executable.outputs.keys()) {
      const name = output.startsWith("grad.") ? segment.names.get(output.slice("grad.".length)) : undefined;
      if (name === undefined) continue;
      const gradient = this.#options.gradients[name] as Float32Array;
      const target = this.#written.has(name) ? this.#scratchFor(output, gradient.length) : gradient;
      if (target !== gradient) toAdd.push([gradient, target]);
      this.#written.add(name);
      into[output] = target;
    }
    const x = inputs.at(-1) as Float32Array;
    const results = await executable.run({ ...segment.feeds, ...feeds, x }, { into });
    for (const [sum, more] of toAdd)
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (more[i] as number);
    return results;
  }

  /** One array for outputs of a name, whichever segment they are of. */
  #scratchFor(output: string, length: number): Float32Array {
    const known = this.#scratch.get(output);
    if (known?.length === length) return known;
    const made = new Float32Array(length);
    this.#scratch.set(output, made);
    return made;
  }

  /** The gradient of each position's embedding belongs to its id's row, unless a picture's row stood there. */
  #addToTable({ rows }: Run, dx: Float32Array): void {
    const gradient = this.#options.gradients[this.#tableName] as Float32Array;
    if (!this.#written.has(this.#tableName)) gradient.fill(0);
    this.#written.add(this.#tableName);
    const width = decoderOf(this.#config).decoder.hidden_size;
    const tokenId = eyesOf(this.#config)?.tokenId;
    let place = 0;
    for (const { ids, images = [] } of rows) {
      for (const id of ids) {
        const at = width * place++;
        if (images.length > 0 && id === tokenId) continue;
        const row = id * width;
        for (let c = 0; c < width; c++) gradient[row + c] = (gradient[row + c] as number) + (dx[at + c] as number);
      }
    }
  }

  async #graph(shape: RunShape, { segment, direction, goesOn }: Part): Promise<Executable> {
    const shapeKey = JSON.stringify(shape);
    const graphs = this.#graphs.get(shapeKey) ?? new Map<string, Executable>();
    // A Map keeps the order of insertion: the first key is the one that was not used for longest.
    this.#graphs.delete(shapeKey);
    const [oldest] = this.#graphs;
    if (oldest && this.#graphs.size >= (this.#options.maxShapes ?? 3)) {
      this.#graphs.delete(oldest[0]);
      for (const executable of oldest[1].values()) await executable.dispose();
    }
    this.#graphs.set(shapeKey, graphs);
    const key = `${direction} ${goesOn} ${segment.key}`;
    const known = graphs.get(key);
    if (known) return known;
    this.#compilations++;
    const { threads } = this.#options;
    const graph = buildGraph(segment.model, shape, { direction, goesOn });
    // Whoever cuts into segments is short of memory: what each graph would keep for its next run is then a segment's and more.
    const keepsMemory = this.#segments.length === 1;
    const executable = await compile(graph, { keepsMemory, ...(threads !== undefined && { threads }) });
    graphs.set(key, executable);
    return executable;
  }
}

type Direction = "forward" | "backward" | "last";
type Part = Readonly<{ segment: Segment; direction: Direction; goesOn: boolean }>;

function buildGraph(model: SegmentModel, shape: RunShape, { direction, goesOn }: Omit<Part, "segment">) {
  switch (direction) {
    case "forward":
      return forwardSegment(model, shape);
    case "backward":
      return backwardSegment(model, shape, goesOn);
    case "last":
      return lastSegment(model, shape, goesOn);
    default:
      return direction satisfies never;
  }
}

function cutSegments(config: GenerativeConfig, options: DecoderGradientsOptions): Segment[] {
  const { weights, shapes, gradients, loraScaling = 1 } = options;
  const { decoder, prefix } = decoderOf(config);
  const all = decoder.num_hidden_layers;
  const each = Math.min(options.segmentLayers ?? all, all);
  const layerOf = new RegExp(`^${prefix.replaceAll(".", "\\.")}model\\.layers\\.(\\d+)\\.`);
  return Array.from({ length: Math.ceil(all / each) }, (_, s) => {
    const first = s * each;
    const layers = Math.min(each, all - first);
    const isLast = first + layers === all;
    const names = new Map<string, string>();
    for (const name of shapes.keys()) {
      if (!name.startsWith(`${prefix}model.`) && !name.startsWith(`${prefix}lm_head`)) continue;
      const layer = layerOf.exec(name)?.[1];
      if (layer === undefined) {
        if (isLast) names.set(name, name);
        continue;
      }
      const own = Number(layer) - first;
      if (own < 0 || own >= layers) continue;
      names.set(name.replace(layerOf, `${prefix}model.layers.${own}.`), name);
    }
    const ownShapes = new Map([...names].map(([own, name]) => [own, shapes.get(name) as readonly number[]]));
    const isTrained = (own: string) => gradients[names.get(own) ?? ""] !== undefined;
    const trained = [...names.keys()].filter(isTrained);
    return {
      names,
      model: { decoder, prefix, layers, shapes: ownShapes, isTrained, loraScaling },
      key: JSON.stringify([[...names.keys()].sort(), trained.sort()]),
      feeds: Object.fromEntries(
        [...names].map(([own, name]) => [own, (weights.get(name) as { data: Float32Array }).data]),
      ),
      isTrained: trained.length > 0,
    };
  });
}
