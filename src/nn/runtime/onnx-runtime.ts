/**
 * The only file that touches ONNX Runtime's binding: a session over model bytes, and runs over typed arrays.
 *
 * Feeds are read in place. Results are written into the arrays given for them, or into new ones.
 */
import { availableParallelism } from "node:os";
import ort from "onnxruntime-node";

export type Device = "cpu" | "webgpu";
export type Feed = Float32Array | Int32Array | BigInt64Array | Uint8Array;
export type Fetch = Float32Array | Int32Array;
export type NamedFeed = Readonly<{ name: string; dtype: ElementType; shape: readonly number[]; data: Feed }>;
export type NamedFetch = Readonly<{ name: string; shape: readonly number[]; into?: Float32Array | undefined }>;
export type ElementType = "float32" | "int32" | "int64" | "bool";

export type SessionOptions = Readonly<{
  /** Threads of one operator. Default: the cores that this process may use. */
  threads?: number;
  /** Default "cpu". "webgpu" leaves operators that it lacks to the CPU. */
  device?: Device;
  /** Keep the memory of a run for the next one. Default true; graphs that are many and seldom run do better without. */
  keepsMemory?: boolean;
  /** Write a trace of every operator (Chrome's format) to files that begin with this path. */
  profile?: string;
}>;

/** A loaded model. Runs of one session go one after the other; `run` keeps the event loop busy while it computes. */
export class Session {
  readonly #session: ort.InferenceSession;
  readonly #profiled: boolean;

  private constructor(session: ort.InferenceSession, profiled: boolean) {
    this.#session = session;
    this.#profiled = profiled;
  }

  static async open(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
    const { threads = availableParallelism(), device = "cpu", keepsMemory = true, profile } = options;
    const session = await ort.InferenceSession.create(model, {
      executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
      graphOptimizationLevel: "all",
      executionMode: "sequential",
      // Without a memory pattern a training step is as fast, and peak memory a third lower.
      enableMemPattern: false,
      enableCpuMemArena: keepsMemory,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Threads that spin while they wait win nothing here, and take the cores from whoever else computes.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
      ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
    });
    return new Session(session, profile !== undefined);
  }

  async run(feeds: readonly NamedFeed[], fetches: readonly NamedFetch[]): Promise<Fetch[]> {
    const inputs = Object.fromEntries(
      feeds.map(({ name, dtype, shape, data }) => [name, new ort.Tensor(dtype, data as Float32Array, shape)]),
    );
    const wanted = Object.fromEntries(
      fetches.map(({ name, shape, into }) => [name, into ? new ort.Tensor("float32", into, shape) : null]),
    );
    const results = await this.#session.run(inputs, wanted);
    return fetches.map(({ name }) => results[name]?.data as Fetch);
  }

  /** Free the model's memory; the session cannot run afterwards. */
  async close(): Promise<void> {
    if (this.#profiled) this.#session.endProfiling();
    await this.#session.release();
  }
}
