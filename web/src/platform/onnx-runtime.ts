/**
 * ONNX Runtime in WebAssembly: the browser's twin of src/nn/runtime/onnx-runtime.ts, with the same session over the same
 * model bytes.
 *
 * Threads need a page that is isolated from other origins (`zoetrope studio` sends the headers); elsewhere one must do.
 */

import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import ort from "onnxruntime-web/wasm";
import type { Fetch, NamedFeed, NamedFetch, SessionOptions } from "../../../src/nn/runtime/onnx-runtime.ts";

export type * from "../../../src/nn/runtime/onnx-runtime.ts";

/** More threads than this gain nothing on matrices of our sizes, and waiting ones keep their cores busy. */
const mostThreads = 4;

let isPrepared = false;

function prepare(threads: number | undefined): void {
  if (isPrepared) return;
  isPrepared = true;
  // Half the cores: the others decode video and draw the page.
  const half = Math.max(1, Math.floor(navigator.hardwareConcurrency / 2));
  const possible = globalThis.crossOriginIsolated ? Math.min(mostThreads, half) : 1;
  ort.env.wasm.numThreads = Math.min(threads ?? possible, possible);
  ort.env.wasm.wasmPaths = { wasm: new URL(wasmUrl, self.location.href).href };
  ort.env.logLevel = "error";
}

/** Numbers that stay on a device. The page computes in WebAssembly, whose numbers are arrays, so nothing makes one. */
export class DeviceTensor {
  private constructor() {}

  dispose(): void {}
}

export class Session {
  readonly #session: ort.InferenceSession;

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  static async open(model: Uint8Array, { threads }: SessionOptions = {}): Promise<Session> {
    prepare(threads);
    const session = await ort.InferenceSession.create(model, {
      executionProviders: ["wasm"],
      graphOptimizationLevel: "all",
      executionMode: "sequential",
      enableMemPattern: false,
    });
    return new Session(session);
  }

  async run(feeds: readonly NamedFeed[], fetches: readonly NamedFetch[]): Promise<Fetch[]> {
    const inputs = Object.fromEntries(
      feeds.map(({ name, dtype, shape, data }) => [name, new ort.Tensor(dtype, data as Float32Array, shape)]),
    );
    const results = await this.#session.run(
      inputs,
      fetches.map(({ name }) => name),
    );
    return fetches.map(({ name, into }) => {
      const data = results[name]?.data as Fetch;
      if (into === undefined) return data;
      into.set(data);
      return into;
    });
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
