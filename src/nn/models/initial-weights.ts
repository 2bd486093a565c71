/**
 * A small model with random weights: where training from nothing begins, and what tests compute with.
 */
import type { Rng } from "../../core/math/index.ts";
import type { Shapes, TensorData } from "../checkpoint/index.ts";

/**
 * Weights as transformers starts them: norms at one, biases at zero, logit_scale at its 2.6592, everything else normal
 * with this deviation. Each parameter draws from a stream of its own name.
 */
export function initialWeights(shapes: Shapes, rng: Rng, deviation = 0.02): Map<string, TensorData> {
  return new Map(
    [...shapes].map(([name, shape]) => [name, { shape, data: initialValues(name, shape, rng, deviation) }]),
  );
}

function initialValues(name: string, shape: readonly number[], rng: Rng, deviation: number): Float32Array {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  if (name === "logit_scale") return data.fill(2.6592);
  if (/(norm\d?|layrnorm)\.weight$/.test(name)) return data.fill(1);
  if (name.endsWith(".bias")) return data;
  const stream = rng.fork(name);
  for (let i = 0; i < data.length; i++) data[i] = deviation * stream.normal();
  return data;
}
