/**
 * A compiled graph: feeds in, outputs out, with every name and length checked before ONNX Runtime sees them.
 */
import {
  type DType,
  describe,
  externalData,
  fedSources,
  formatShape,
  forWebGpu,
  type Graph,
  nodeName,
  type OpenShape,
  type Shape,
  sameShape,
  sizeOf,
  type Tensor,
  toOnnx,
} from "../graph/index.ts";
import { DeviceTensor, type Feed, type Fetch, Session, type SessionOptions } from "./onnx-runtime.ts";

export type Feeds = Readonly<Record<string, Feed>>;
/** Arrays, and what earlier runs kept on the device. */
export type MixedFeeds = Readonly<Record<string, Feed | DeviceTensor>>;
export type Outputs = Record<string, Fetch>;
/** Outputs in arrays, and those that the graph was compiled to keep on the device. */
export type Results = Readonly<{ outputs: Outputs; kept: Readonly<Record<string, DeviceTensor>> }>;
export type RunOptions = Readonly<{
  /** Arrays that the outputs of these names are written into, instead of new ones. */
  into?: Readonly<Record<string, Float32Array>>;
  /** Values of the open sizes of the graph's inputs and outputs. */
  sizes?: Readonly<Record<string, number>>;
}>;

/**
 * Operators that write where they read, in arrays of the caller (a cache of keys and values). Another device would compute on
 * copies of those.
 */
const writesItsOperands: ReadonlySet<string> = new Set(["GroupQueryAttention"]);

/** Compile a graph for its present outputs. Outputs must be float32 or int32. Dispose the result to free its memory. */
export async function compile(graph: Graph, options: SessionOptions = {}): Promise<Executable> {
  for (const [name, { dtype }] of graph.outputs) {
    if (dtype !== "float32" && dtype !== "int32") {
      throw new TypeError(`Expected float32 or int32 outputs, got ${dtype} "${name}". Cast it first.`);
    }
  }
  const lowered = options.device === "webgpu" ? forWebGpu(graph) : graph;
  const external = externalData(lowered);
  const onCpu = lowered.nodes.filter(({ op }) => writesItsOperands.has(op)).map(nodeName);
  const session = { ...options, onCpu, ...(external.size > 0 && { externalData: external }) };
  return new Executable(lowered, await Session.open(toOnnx(lowered), session));
}

export type Place = Readonly<{ shape: OpenShape; dtype: DType }>;

/** Runs a compiled graph until it is disposed. Of the graph itself nothing is kept, so that weights inside it can go. */
export class Executable {
  /** What `run` must be fed. */
  readonly inputs: ReadonlyMap<string, Place>;
  readonly outputs: ReadonlyMap<string, Place>;
  readonly inputNames: ReadonlySet<string>;
  readonly #session: Session;

  constructor(graph: Graph, session: Session) {
    const place = ({ id, shape, dtype }: Tensor): Place => ({ shape: graph.openShapes.get(id) ?? shape, dtype });
    this.inputs = new Map(fedSources(graph).map(({ name, tensor }) => [name, place(tensor)]));
    this.outputs = new Map(Array.from(graph.outputs, ([name, tensor]) => [name, place(tensor)]));
    this.inputNames = new Set(this.inputs.keys());
    this.#session = session;
  }

  /**
   * Compute every output. Feeds of other names are ignored, so that one record of weights serves many graphs. A feed may
   * not share memory with an `into` array, unless the operator between them is made for it (GroupQueryAttention's cache).
   */
  async run(feeds: MixedFeeds, options: RunOptions = {}): Promise<Outputs> {
    return (await this.runKeeping(feeds, options)).outputs;
  }

  /** The same, with what stays on the device: dispose each of that when it is no longer fed. */
  async runKeeping(feeds: MixedFeeds, { into = {}, sizes = {} }: RunOptions = {}): Promise<Results> {
    const named = Array.from(this.inputs, ([name, place]) => {
      const type = settled(place, sizes);
      return { name, ...type, data: requireFeed(name, type, feeds) };
    });
    const wanted = Array.from(this.outputs, ([name, place]) => {
      const type = settled(place, sizes);
      const target = into[name];
      if (target && (type.dtype !== "float32" || target.length !== sizeOf(type.shape))) {
        throw new RangeError(`Expected room for output "${name}" ${wants(type)}, got an array of ${target.length}.`);
      }
      return { name, shape: type.shape, into: target };
    });
    const results = await this.#session.run(named, wanted);
    const outputs: Outputs = {};
    const kept: Record<string, DeviceTensor> = {};
    wanted.forEach(({ name }, i) => {
      const result = results[i] as Fetch | DeviceTensor;
      if (result instanceof DeviceTensor) kept[name] = result;
      else outputs[name] = result;
    });
    return { outputs, kept };
  }

  /** Free the compiled graph. */
  async dispose(): Promise<void> {
    await this.#session.close();
  }
}

type Type = Readonly<{ shape: Shape; dtype: DType }>;

const arrays = {
  float32: Float32Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  uint8: Uint8Array,
} as const;

/** With the sizes of a run in place of their names. */
function settled({ shape, dtype }: Place, sizes: Readonly<Record<string, number>>): Type {
  const settle = (size: number | string) => (typeof size === "number" ? size : sizes[size]);
  const missing = shape.find((size) => settle(size) === undefined);
  if (missing !== undefined)
    throw new RangeError(`Expected a size for "${missing}", got none. Add it to the sizes of the run.`);
  return { shape: shape.map(settle) as number[], dtype };
}

function requireFeed(name: string, type: Type, feeds: MixedFeeds): Feed | DeviceTensor {
  const data = feeds[name];
  if (data === undefined) throw new RangeError(`Expected a feed "${name}" ${wants(type)}, got none.`);
  if (data instanceof DeviceTensor) {
    if (data.dtype === type.dtype && sameShape(data.shape, type.shape)) return data;
    throw new TypeError(`Expected a feed "${name}" ${describe(type)}, got ${describe(data)} on the device.`);
  }
  if (!(data instanceof arrays[type.dtype])) {
    throw new TypeError(`Expected a feed "${name}" ${wants(type)}, got a ${data.constructor.name}.`);
  }
  if (data.length !== sizeOf(type.shape)) {
    throw new RangeError(`Expected a feed "${name}" ${wants(type)}, got ${data.length} values.`);
  }
  return data;
}

/** A tensor's shape, length and array type for an error message. */
function wants({ shape, dtype }: Type): string {
  return `${formatShape(shape)} = ${sizeOf(shape)} values in a ${arrays[dtype].name}`;
}
