/**
 * Copies between arrays and a device's memory. ONNX Runtime's binding for Node offers none, but what a graph's output keeps on
 * the device is a feed of the next: a graph that only hands its input on is the copy.
 */
import { Graph, type Shape } from "../graph/index.ts";
import type { Device } from "./device.ts";
import { compile, type Executable } from "./executable.ts";
import type { DeviceTensor } from "./onnx-runtime.ts";

export type HostArray = Readonly<{ shape: Shape; data: Float32Array | Int32Array }>;

/** Copy arrays to the device, by name. Dispose each tensor when it is no longer fed. */
export async function upload(
  arrays: ReadonlyMap<string, HostArray>,
  device: Device,
): Promise<Record<string, DeviceTensor>> {
  const copies = new Copies(device, ["copy"]);
  try {
    const tensors: Record<string, DeviceTensor> = {};
    for (const [name, { shape, data }] of arrays) {
      const dtype = data instanceof Float32Array ? "float32" : "int32";
      const { kept } = await (await copies.of(shape, dtype)).runKeeping({ original: data });
      tensors[name] = kept.copy as DeviceTensor;
    }
    return tensors;
  } finally {
    await copies.dispose();
  }
}

/** Copy float tensors from the device into arrays of theirs, by name: `into` where it has the name, else new ones. */
export async function download(
  tensors: Readonly<Record<string, DeviceTensor>>,
  device: Device,
  into: Readonly<Record<string, Float32Array>> = {},
): Promise<Record<string, Float32Array>> {
  const copies = new Copies(device, []);
  try {
    const arrays: Record<string, Float32Array> = {};
    for (const [name, tensor] of Object.entries(tensors)) {
      const target = into[name];
      const { copy } = await (await copies.of(tensor.shape, "float32")).run(
        { original: tensor },
        target === undefined ? {} : { into: { copy: target } },
      );
      arrays[name] = target ?? (copy as Float32Array);
    }
    return arrays;
  } finally {
    await copies.dispose();
  }
}

/** Graphs that hand their input on, one a shape. */
class Copies {
  readonly #device: Device;
  readonly #keep: readonly string[];
  readonly #byShape = new Map<string, Executable>();

  constructor(device: Device, keep: readonly string[]) {
    this.#device = device;
    this.#keep = keep;
  }

  async of(shape: Shape, dtype: "float32" | "int32"): Promise<Executable> {
    const key = `${dtype} ${shape.join()}`;
    const known = this.#byShape.get(key);
    if (known) return known;
    const graph = new Graph();
    graph.output("copy", graph.input("original", shape, dtype));
    const executable = await compile(graph, { device: this.#device, keep: this.#keep, keepsMemory: false });
    this.#byShape.set(key, executable);
    return executable;
  }

  async dispose(): Promise<void> {
    for (const executable of this.#byShape.values()) await executable.dispose();
  }
}
