/**
 * A compiled graph: feeds in, outputs out, with every name and length checked before ONNX Runtime sees them.
 */
import {
  describe,
  fedSources,
  formatShape,
  forWebGpu,
  type Graph,
  type Source,
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
}>;

/** Compile a graph for its present outputs. Outputs must be float32 or int32. Dispose the result to free its memory. */
export async function compile(graph: Graph, options: SessionOptions = {}): Promise<Executable> {
  for (const [name, { dtype }] of graph.outputs) {
    if (dtype !== "float32" && dtype !== "int32") {
      throw new TypeError(`Expected float32 or int32 outputs, got ${dtype} "${name}". Cast it first.`);
    }
  }
  const lowered = options.device === "webgpu" ? forWebGpu(graph) : graph;
  return new Executable(lowered, await Session.open(toOnnx(lowered), options));
}

/** Runs a compiled graph until it is disposed. */
export class Executable {
  /** Names and shapes of what `run` must be fed. */
  readonly inputs: readonly Source[];
  readonly outputs: ReadonlyMap<string, Tensor>;
  readonly inputNames: ReadonlySet<string>;
  readonly #session: Session;

  constructor(graph: Graph, session: Session) {
    this.inputs = fedSources(graph);
    this.outputs = new Map(graph.outputs);
    this.inputNames = new Set(this.inputs.map(({ name }) => name));
    this.#session = session;
  }

  /**
   * Compute every output. Feeds of other names are ignored, so that one record of weights serves many graphs. A feed may
   * not share memory with an `into` array.
   */
  async run(feeds: MixedFeeds, options: RunOptions = {}): Promise<Outputs> {
    return (await this.runKeeping(feeds, options)).outputs;
  }

  /** The same, with what stays on the device: dispose each of that when it is no longer fed. */
  async runKeeping(feeds: MixedFeeds, { into = {} }: RunOptions = {}): Promise<Results> {
    const named = this.inputs.map(({ name, tensor }) => ({ name, ...tensor, data: requireFeed(name, tensor, feeds) }));
    const wanted = [...this.outputs].map(([name, tensor]) => {
      const target = into[name];
      if (target && (tensor.dtype !== "float32" || target.length !== sizeOf(tensor.shape))) {
        throw new RangeError(`Expected room for output "${name}" ${wants(tensor)}, got an array of ${target.length}.`);
      }
      return { name, shape: tensor.shape, into: target };
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

const arrays = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array, bool: Uint8Array } as const;

function requireFeed(name: string, tensor: Tensor, feeds: MixedFeeds): Feed | DeviceTensor {
  const data = feeds[name];
  if (data === undefined) throw new RangeError(`Expected a feed "${name}" ${wants(tensor)}, got none.`);
  if (data instanceof DeviceTensor) {
    if (data.dtype === tensor.dtype && sameShape(data.shape, tensor.shape)) return data;
    throw new TypeError(`Expected a feed "${name}" ${describe(tensor)}, got ${describe(data)} on the device.`);
  }
  if (!(data instanceof arrays[tensor.dtype])) {
    throw new TypeError(`Expected a feed "${name}" ${wants(tensor)}, got a ${data.constructor.name}.`);
  }
  if (data.length !== sizeOf(tensor.shape)) {
    throw new RangeError(`Expected a feed "${name}" ${wants(tensor)}, got ${data.length} values.`);
  }
  return data;
}

/** A tensor's shape, length and array type for an error message. */
function wants({ shape, dtype }: Tensor): string {
  return `${formatShape(shape)} = ${sizeOf(shape)} values in a ${arrays[dtype].name}`;
}
