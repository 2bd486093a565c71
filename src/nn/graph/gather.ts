/**
 * Looking up rows by index, and the scatter that is its gradient; one-hot rows; the index of the largest.
 */
import { broadcastTo, reshape } from "./broadcast.ts";
import { cast, equal } from "./elementwise.ts";
import { describe, sizeOf, type Tensor } from "./graph.ts";
import { matmul } from "./linear.ts";

/** Rows of a table: table (V, ...), ids int32 of any shape -> (...ids, ...row). Differentiable in the table. */
export function embedding(table: Tensor, ids: Tensor): Tensor {
  return gatherRows(table, ids);
}

/** Rows of x along its first axis: x (N, ...), indices int32 of any shape -> (...indices, ...row). */
export function gatherRows(x: Tensor, indices: Tensor): Tensor {
  requireIndices(indices);
  const { graph } = x;
  const row = x.shape.slice(1);
  const shape = [...indices.shape, ...row];
  const y = graph.node("Gather", [x, indices], [{ shape, dtype: x.dtype }], { axis: { int: 0 } })[0] as Tensor;
  const pull = (d: Tensor) => {
    const count = sizeOf(indices.shape);
    const flat = reshape(d, [count, sizeOf(row)]);
    return reshape(scatterRows(flat, reshape(indices, [count]), x.shape[0] as number), x.shape);
  };
  graph.differentiable([y], [{ operand: x, pull: ([d]) => pull(d as Tensor) }]);
  return y;
}

/** Up to this many rows a one-hot product is at least as fast as a scatter, which ONNX Runtime runs in one thread. */
const largestOneHot = 512;

/** Sum the rows of d (N, D) that share an index: -> (rows, D). */
function scatterRows(d: Tensor, indices: Tensor, rows: number): Tensor {
  const { graph } = d;
  if (rows <= largestOneHot) {
    const classes = graph.constant(range(rows), [rows, 1], indices.dtype);
    return matmul(cast(equal(classes, reshape(indices, [1, -1])), "float32"), d);
  }
  const [count, width] = d.shape as [number, number];
  const zeros = broadcastTo(graph.scalar(0), [rows, width]);
  const positions = broadcastTo(reshape(indices, [count, 1]), [count, width]);
  const attributes = { axis: { int: 0 }, reduction: { string: "add" } };
  // ScatterElements and not ScatterND: the latter adds in parallel without locks.
  const shape = [rows, width];
  const sums = graph.node("ScatterElements", [zeros, positions, d], [{ shape }], attributes)[0] as Tensor;
  graph.differentiable([sums], [{ operand: d, pull: ([g]) => gatherRows(g as Tensor, indices) }]);
  return sums;
}

/** float32 rows with a one at each index: ids (...) -> (..., depth). Indices outside [0, depth) give zeros. */
export function oneHot(ids: Tensor, depth: number): Tensor {
  requireIndices(ids);
  const { graph } = ids;
  const classes = graph.constant(range(depth), [depth], ids.dtype);
  return cast(equal(reshape(ids, [...ids.shape, 1]), classes), "float32");
}

/** Index of the largest along the last axis, the first of equals: (..., N) -> int32 (...). Not differentiable. */
export function argmax(x: Tensor): Tensor {
  const results = [{ shape: x.shape.slice(0, -1), dtype: "int64" as const }];
  const attributes = { axis: { int: -1 }, keepdims: { int: 0 } };
  return cast(x.graph.node("ArgMax", [x], results, attributes)[0] as Tensor, "int32");
}

/** The k largest along the last axis, largest first: (..., N) -> values float32 and indices int32 (..., k). Not differentiable. */
export function largest(x: Tensor, k: number): Readonly<{ values: Tensor; indices: Tensor }> {
  const { graph } = x;
  const shape = [...x.shape.slice(0, -1), k];
  const count = graph.constant([k], [1], "int64");
  const results = [{ shape }, { shape, dtype: "int64" as const }];
  const attributes = { axis: { int: -1 }, largest: { int: 1 }, sorted: { int: 1 } };
  const [values, indices] = graph.node("TopK", [x, count], results, attributes) as [Tensor, Tensor];
  return { values, indices: cast(indices, "int32") };
}

/** One value a row: x (N, V), indices int32 (N) -> (N, 1). The gradient is the caller's business. */
export function pickColumns(x: Tensor, indices: Tensor): Tensor {
  const rows = x.shape[0] as number;
  return x.graph.node("GatherElements", [x, reshape(indices, [rows, 1])], [{ shape: [rows, 1] }], {
    axis: { int: 1 },
  })[0] as Tensor;
}

/** Add values (N, 1) to one column a row of x (N, V). The gradient is the caller's business. */
export function addToColumns(x: Tensor, indices: Tensor, values: Tensor): Tensor {
  const operands = [x, reshape(indices, [x.shape[0] as number, 1]), values];
  return x.graph.node("ScatterElements", operands, [{ shape: x.shape }], {
    axis: { int: 1 },
    reduction: { string: "add" },
  })[0] as Tensor;
}

/** 0, 1, ..., n - 1. */
function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function requireIndices(indices: Tensor): void {
  if (indices.dtype !== "int32" && indices.dtype !== "int64") {
    throw new TypeError(`Expected int32 indices, got ${describe(indices)}.`);
  }
}
