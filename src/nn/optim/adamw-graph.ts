/**
 * AdamW as a graph, for weights, gradients and moments that stay in a device's memory. The update is that of adamw.ts.
 */
import { add, div, Graph, mul, type Shape, scale, shift, sqrt, sub, type Tensor } from "../graph/index.ts";
import type { Feeds } from "../runtime/index.ts";
import type { AdamWOptions } from "./adamw.ts";

/** What a step needs and gives of each parameter: inputs KIND.NAME, outputs next.KIND.NAME, but for the gradient. */
export const adamWKinds = ["weight", "first", "second"] as const;
export type AdamWKind = (typeof adamWKinds)[number];

/**
 * Inputs of each parameter: weight.NAME, gradient.NAME, first.NAME, second.NAME, all of its shape; and the scalars of
 * adamWScalars. Outputs: next.weight.NAME, next.first.NAME, next.second.NAME.
 */
export function adamWGraph(shapes: ReadonlyMap<string, Shape>, options: AdamWOptions): Graph {
  const { beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weightDecay = 0.01, decays, rateScale } = options;
  const graph = new Graph();
  const scalar = (name: ScalarName) => graph.input(name, []);
  for (const [name, shape] of shapes) {
    const of = (kind: string) => graph.input(`${kind}.${name}`, shape);
    const own = scale(scalar("rate"), rateScale?.(name) ?? 1);
    const gradient = mul(of("gradient"), scalar("gradient_scale"));
    const first = add(scale(of("first"), beta1), scale(gradient, 1 - beta1));
    const second = add(scale(of("second"), beta2), scale(mul(gradient, gradient), 1 - beta2));
    const spread = shift(mul(sqrt(second), scalar("second_root")), eps);
    const step = mul(div(first, spread), mul(own, scalar("first_share")));
    const decay = decays && !decays(name) ? 0 : weightDecay;
    const kept = decay === 0 ? of("weight") : mul(of("weight"), sub(graph.scalar(1), scale(own, decay)));
    const next: Record<AdamWKind, Tensor> = { weight: sub(kept, step), first, second };
    for (const kind of adamWKinds) graph.output(`next.${kind}.${name}`, next[kind]);
  }
  return graph;
}

type ScalarName = "rate" | "gradient_scale" | "first_share" | "second_root";

/** Scalars of step number `step` (from 1): the rate, the factor of all gradients, and the corrections of both moments. */
export function adamWScalars(
  { step, rate, gradientScale }: Readonly<{ step: number; rate: number; gradientScale: number }>,
  { beta1 = 0.9, beta2 = 0.999 }: AdamWOptions,
): Feeds {
  const values: Record<ScalarName, number> = {
    rate,
    gradient_scale: gradientScale,
    first_share: 1 / (1 - beta1 ** step),
    second_root: 1 / Math.sqrt(1 - beta2 ** step),
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Float32Array.of(value)]));
}
