/**
 * Weights of a model inside a graph, found by upstream name: fed at each run, or fixed in the graph.
 *
 * LoRA lives here and not in the models: a linear layer whose lora_A and lora_B exist computes
 * W x + b + scaling B A x (Hu et al. 2021, arXiv:2106.09685), any other W x + b.
 */
import type { Shapes, Weights } from "../checkpoint/index.ts";
import { add, type Graph, linear, type Tensor } from "../graph/index.ts";

export type ModelWeights = Readonly<{
  graph: Graph;
  /** The tensor of this upstream name. Throws when the model has no such parameter. */
  tensor(name: string): Tensor;
  /** x (..., in) -> (..., out) by `${module}.weight`, its bias if it has one, and its LoRA pair if it has one. */
  linear(x: Tensor, module: string): Tensor;
}>;

export type BindOptions = Readonly<{
  /** Numbers of weights to fix in the graph. A weight that is not here is a parameter, fed at each run. */
  fixed?: Weights;
  /** lora_alpha / r, for names ending in lora_A.weight and lora_B.weight. */
  loraScaling?: number;
}>;

/** Tensors for the parameters of a model, made in the graph when they are first asked for. */
export function bindWeights(graph: Graph, shapes: Shapes, options: BindOptions = {}): ModelWeights {
  const tensor = (name: string): Tensor => {
    const shape = shapes.get(name);
    if (shape === undefined) throw new TypeError(`Expected a parameter of this model, got "${name}".`);
    const values = options.fixed?.get(name)?.data;
    if (values === undefined) return graph.parameter(name, shape);
    if (!(values instanceof Float32Array)) throw new TypeError(`Expected float weights for "${name}", got integers.`);
    return graph.initializer(name, shape, values);
  };
  return {
    graph,
    tensor,
    linear(x, module) {
      const bias = shapes.has(`${module}.bias`) ? tensor(`${module}.bias`) : undefined;
      const y = linear(x, tensor(`${module}.weight`), bias);
      if (!shapes.has(`${module}.lora_A.weight`)) return y;
      const low = linear(x, tensor(`${module}.lora_A.weight`)); // (..., r)
      return add(y, linear(low, tensor(`${module}.lora_B.weight`), undefined, { scale: options.loraScaling ?? 1 }));
    },
  };
}
