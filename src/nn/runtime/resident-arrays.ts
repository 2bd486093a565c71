/**
 * Arrays that many runs are fed, such as a model's weights: read in place by the CPU; on a device copied there once, each when
 * a graph first asks for it.
 */
import type { Device } from "./device.ts";
import { type HostArray, upload } from "./device-memory.ts";
import type { Executable, Feeds, MixedFeeds } from "./executable.ts";
import type { DeviceTensor } from "./onnx-runtime.ts";

/** Holds device memory until it is disposed. Arrays that change afterwards change on the CPU only. */
export class ResidentArrays {
  readonly #arrays: ReadonlyMap<string, HostArray>;
  readonly #feeds: Feeds;
  readonly #device: Device;
  readonly #copies = new Map<string, Promise<DeviceTensor>>();

  constructor(arrays: ReadonlyMap<string, HostArray>, device: Device = "cpu") {
    this.#arrays = arrays;
    this.#feeds = Object.fromEntries(Array.from(arrays, ([name, { data }]) => [name, data]));
    this.#device = device;
  }

  /** Feeds for those inputs of the graph that are among the arrays. */
  async feeds({ inputNames }: Executable): Promise<MixedFeeds> {
    if (this.#device === "cpu") return this.#feeds;
    const wanted = new Map([...this.#arrays].filter(([name]) => inputNames.has(name)));
    const missing = new Map([...wanted].filter(([name]) => !this.#copies.has(name)));
    const copied = upload(missing, this.#device);
    for (const name of missing.keys()) {
      const copy = copied.then((tensors) => tensors[name] as DeviceTensor);
      this.#copies.set(name, copy);
    }
    const feeds: Record<string, DeviceTensor> = {};
    for (const name of wanted.keys()) feeds[name] = (await this.#copies.get(name)) as DeviceTensor;
    return feeds;
  }

  async dispose(): Promise<void> {
    const copies = await Promise.all(this.#copies.values());
    this.#copies.clear();
    for (const copy of copies) copy.dispose();
  }
}
