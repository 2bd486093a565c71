/**
 * Is the device there? Found by computing something on it.
 */
import { Graph, matmul } from "../graph/index.ts";
import type { Device } from "./device.ts";
import { compile } from "./executable.ts";

/** Throws what a run on the device would throw: an Error that says what is missing and what to install. */
export async function requireDevice(device: Device): Promise<void> {
  const graph = new Graph();
  graph.output("y", matmul(graph.input("a", [2, 2]), graph.input("b", [2, 2])));
  const executable = await compile(graph, { device, keepsMemory: false });
  try {
    const { y } = await executable.run({ a: Float32Array.of(1, 2, 3, 4), b: Float32Array.of(5, 6, 7, 8) });
    const expected = [19, 22, 43, 50];
    if (expected.some((value, i) => value !== y?.[i]))
      throw new Error(
        `Expected ${expected.join(", ")} from ${device} for a product, got ${[...(y ?? [])].join(", ")}.`,
      );
  } finally {
    await executable.dispose();
  }
}
