/**
 * The only file that touches ONNX Runtime's binding: a session over model bytes, and runs over typed arrays.
 *
 * Feeds are read in place. Results are written into the arrays given for them, or into new ones, or stay where they were
 * computed (DeviceTensor).
 */
import { availableParallelism } from "node:os";
import ort from "onnxruntime-node";
import { type Device, deviceError, missingProvider } from "./device.ts";

export type Feed = Float32Array | Int32Array | BigInt64Array | Uint8Array;
export type Fetch = Float32Array | Int32Array;
export type NamedFeed = Readonly<{
  name: string;
  dtype: ElementType;
  shape: readonly number[];
  data: Feed | DeviceTensor;
}>;
export type NamedFetch = Readonly<{ name: string; shape: readonly number[]; into?: Float32Array | undefined }>;
export type ElementType = "float32" | "int32" | "int64" | "bool" | "uint8";

export type SessionOptions = Readonly<{
  /** Threads of one operator. Default: the cores that this process may use. */
  threads?: number;
  /** Default "cpu". "webgpu" leaves operators that it lacks to the CPU; see forWebGpu. */
  device?: Device;
  /** Keep the memory of a run for the next one. Default true; graphs that are many and seldom run do better without. */
  keepsMemory?: boolean;
  /** Names of nodes that the CPU computes, whatever the device. */
  onCpu?: readonly string[];
  /** Outputs that stay in the device's memory: results of these names are DeviceTensors (on the CPU, too). */
  keep?: readonly string[];
  /** Write a trace of every operator (Chrome's format) to files that begin with this path. */
  profile?: string;
  /** Numbers that the model names as files of their own. Read while the session opens, free to go afterwards. */
  externalData?: ReadonlyMap<string, Uint8Array>;
}>;

/**
 * Numbers in a device's memory, as a run left them there. Feeds take them like arrays. They stay until `dispose`, and end with
 * the process at the latest.
 */
export class DeviceTensor {
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  /** For this file alone. */
  readonly value: ort.Tensor;
  #release: (() => void) | null;

  constructor(value: ort.Tensor, release: () => void) {
    this.dtype = value.type as ElementType;
    this.shape = value.dims;
    this.value = value;
    this.#release = release;
  }

  dispose(): void {
    if (this.#release === null) return;
    this.value.dispose();
    this.#release();
    this.#release = null;
  }
}

/** A loaded model. Runs of one session go one after the other; `run` keeps the event loop busy while it computes. */
export class Session {
  readonly #session: ort.InferenceSession;
  readonly #profiled: boolean;
  readonly #kept: ReadonlySet<string>;
  /** Tensors of this session that are still there. Their memory is the session's: freed after it they end the process. */
  #living = 0;
  #isClosed = false;

  private constructor(
    session: ort.InferenceSession,
    { profiled, kept }: Readonly<{ profiled: boolean; kept: readonly string[] }>,
  ) {
    this.#session = session;
    this.#profiled = profiled;
    this.#kept = new Set(kept);
  }

  static async open(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
    const {
      threads = availableParallelism(),
      device = "cpu",
      keepsMemory = true,
      profile,
      keep = [],
      onCpu = [],
      externalData,
    } = options;
    const session = await create(model, device, {
      executionProviders:
        device === "cpu" ? ["cpu"] : [{ name: device, ...(onCpu.length > 0 && { forceCpuNodeNames: onCpu }) }, "cpu"],
      // What is not told apart here is told by errors: that shape arithmetic runs on the CPU is as it should be.
      ...(device !== "cpu" && { logSeverityLevel: 3 }),
      ...(device !== "cpu" &&
        keep.length > 0 && { preferredOutputLocation: Object.fromEntries(keep.map((name) => [name, "gpu-buffer"])) }),
      graphOptimizationLevel: "all",
      executionMode: "sequential",
      // Without a memory pattern a training step is as fast, and peak memory a third lower.
      enableMemPattern: false,
      enableCpuMemArena: keepsMemory,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Threads that spin while they wait win nothing here, and take the cores from whoever else computes.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
      ...(externalData && { externalData: Array.from(externalData, ([path, data]) => ({ path, data })) }),
      ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
    });
    return new Session(session, { profiled: profile !== undefined, kept: keep });
  }

  async run(feeds: readonly NamedFeed[], fetches: readonly NamedFetch[]): Promise<(Fetch | DeviceTensor)[]> {
    const inputs = Object.fromEntries(
      feeds.map(({ name, dtype, shape, data }) => [
        name,
        data instanceof DeviceTensor ? data.value : new ort.Tensor(dtype, data as Float32Array, shape),
      ]),
    );
    const wanted = Object.fromEntries(
      fetches.map(({ name, shape, into }) => [name, into ? new ort.Tensor("float32", into, shape) : null]),
    );
    const results = await this.#session.run(inputs, wanted);
    return fetches.map(({ name }) => {
      const result = results[name] as ort.Tensor;
      if (!this.#kept.has(name)) return result.data as Fetch;
      this.#living++;
      return new DeviceTensor(result, () => this.#forget());
    });
  }

  /** Free the model's memory, when the last tensor that it gave is disposed; the session cannot run afterwards. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#profiled) this.#session.endProfiling();
    if (this.#living === 0) await this.#session.release();
  }

  #forget(): void {
    this.#living--;
    if (this.#living === 0 && this.#isClosed) void this.#session.release();
  }
}

async function create(
  model: Uint8Array,
  device: Device,
  options: ort.InferenceSession.SessionOptions,
): Promise<ort.InferenceSession> {
  if (!ort.listSupportedBackends().some(({ name }) => name === device)) throw missingProvider(device);
  try {
    return await ort.InferenceSession.create(model, options);
  } catch (error) {
    throw deviceError(device, error);
  }
}
