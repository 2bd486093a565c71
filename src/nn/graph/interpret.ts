/**
 * A slow interpreter of graphs in float64: the oracle of tests. It computes each ONNX operator from its definition, one
 * function an operator (folder reference/), sharing nothing with ONNX Runtime.
 */
import { formatShape, type Graph, sizeOf, type Tensor } from "./graph.ts";
import { kernels, type Value } from "./reference/kernels.ts";

export type ReferenceFeeds = Readonly<Record<string, ArrayLike<number | bigint>>>;

/** Values of the graph's outputs by name, in float64 whatever their type. */
export function interpret(graph: Graph, feeds: ReferenceFeeds): Map<string, Float64Array> {
  const values = new Map<number, Value>();
  for (const { name, tensor, values: fixed } of graph.sources) {
    const numbers = fixed ?? feeds[name];
    if (!numbers) continue;
    if (numbers.length !== sizeOf(tensor.shape)) {
      throw new RangeError(`Expected "${name}" ${formatShape(tensor.shape)}, got ${numbers.length} values.`);
    }
    values.set(tensor.id, { shape: tensor.shape, data: Float64Array.from(Array.from(numbers, Number)) });
  }
  const needed = reachable(graph);
  for (const node of graph.nodes) {
    if (!node.outputs.some(({ id }) => needed.has(id))) continue;
    const kernel = kernels[node.op];
    if (!kernel) throw new TypeError(`The reference interpreter has no kernel for ${node.op}. Add one to reference/.`);
    const inputs = node.inputs.map((input) => (input ? lookUp(values, input, graph) : undefined));
    const results = kernel(inputs as Value[], node);
    node.outputs.forEach(({ id, shape }, i) => {
      values.set(id, { shape, data: results[i] as Float64Array });
    });
  }
  return new Map([...graph.outputs].map(([name, tensor]) => [name, lookUp(values, tensor, graph).data]));
}

function lookUp(values: ReadonlyMap<number, Value>, tensor: Tensor, graph: Graph): Value {
  const value = values.get(tensor.id);
  if (value) return value;
  const name = graph.sources.find((source) => source.tensor.id === tensor.id)?.name;
  throw new RangeError(`Expected a value for "${name}" ${formatShape(tensor.shape)}, got none. Add it to the feeds.`);
}

function reachable(graph: Graph): Set<number> {
  const needed = new Set([...graph.outputs.values()].map(({ id }) => id));
  for (const node of graph.nodes.toReversed()) {
    if (node.outputs.some(({ id }) => needed.has(id))) for (const input of node.inputs) if (input) needed.add(input.id);
  }
  return needed;
}
