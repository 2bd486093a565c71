/**
 * Moving numbers without changing them: transposes, joining, cutting, padding.
 */
import { axisIn, sizeAt } from "./axes.ts";
import { zerosLike } from "./elementwise.ts";
import { describe, type Tensor } from "./graph.ts";

/** Reorder axes: axis i of the result is axis permutation[i] of x. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  const axes = permutation.map((axis) => axisIn(x.shape, axis));
  if (axes.length !== x.shape.length || new Set(axes).size !== axes.length) {
    throw new RangeError(`Expected a permutation of the axes of ${describe(x)}, got [${permutation.join(", ")}].`);
  }
  if (axes.every((axis, i) => axis === i)) return x;
  const shape = axes.map((axis) => sizeAt(x.shape, axis));
  const y = x.graph.node("Transpose", [x], [{ shape, dtype: x.dtype }], { perm: { ints: axes } })[0] as Tensor;
  const inverse = axes.map((_, i) => axes.indexOf(i));
  x.graph.differentiable([y], [{ operand: x, pull: ([d]) => transpose(d as Tensor, inverse) }]);
  return y;
}

/** Join tensors along an axis; all other sizes must agree. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const first = parts[0];
  if (!first) throw new RangeError("Expected tensors to concatenate, got none.");
  if (parts.length === 1) return first;
  const along = axisIn(first.shape, axis);
  for (const part of parts) {
    const fits = part.shape.length === first.shape.length && part.dtype === first.dtype;
    if (!fits || part.shape.some((size, i) => i !== along && size !== first.shape[i])) {
      throw new RangeError(
        `Expected tensors that differ in axis ${along} only, got ${describe(first)} and ${describe(part)}.`,
      );
    }
  }
  const sizes = parts.map((part) => sizeAt(part.shape, along));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const shape = first.shape.map((size, i) => (i === along ? total : size));
  const { graph } = first;
  const y = graph.node("Concat", parts, [{ shape, dtype: first.dtype }], { axis: { int: along } })[0] as Tensor;
  const pullbacks = parts.map((operand, i) => ({
    operand,
    pull: ([d]: readonly (Tensor | undefined)[]) => split(d as Tensor, sizes, along)[i] as Tensor,
  }));
  graph.differentiable([y], pullbacks);
  return y;
}

/** Cut along an axis into pieces of the given sizes. */
export function split(x: Tensor, sizes: readonly number[], axis: number): Tensor[] {
  const along = axisIn(x.shape, axis);
  if (sizes.reduce((sum, size) => sum + size, 0) !== x.shape[along]) {
    throw new RangeError(`Expected sizes that sum to axis ${along} of ${describe(x)}, got [${sizes.join(", ")}].`);
  }
  if (sizes.length === 1) return [x];
  const { graph } = x;
  const results = sizes.map((size) => ({ shape: x.shape.map((s, i) => (i === along ? size : s)), dtype: x.dtype }));
  const sizesTensor = graph.constant(sizes, [sizes.length], "int64");
  const pieces = graph.node("Split", [x, sizesTensor], results, { axis: { int: along } });
  const pull = (gradients: readonly (Tensor | undefined)[]) =>
    concat(
      pieces.map((piece, i) => gradients[i] ?? zerosLike(piece)),
      along,
    );
  graph.differentiable(pieces, [{ operand: x, pull }]);
  return [...pieces];
}

/** The part [start, end) along an axis; negative bounds count from the end. */
export function slice(x: Tensor, axis: number, start: number, end?: number): Tensor {
  const along = axisIn(x.shape, axis);
  const size = sizeAt(x.shape, along);
  const from = start < 0 ? start + size : start;
  const to = end === undefined ? size : end < 0 ? end + size : end;
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to && to <= size)) {
    throw new RangeError(`Expected a part of axis ${along} of ${describe(x)}, got [${start}, ${end ?? size}).`);
  }
  if (from === 0 && to === size) return x;
  const { graph } = x;
  const bounds = [[from], [to], [along]].map((values) => graph.constant(values, [1], "int64"));
  const shape = x.shape.map((s, i) => (i === along ? to - from : s));
  const y = graph.node("Slice", [x, ...bounds], [{ shape, dtype: x.dtype }])[0] as Tensor;
  graph.differentiable([y], [{ operand: x, pull: ([d]) => padZeros(d as Tensor, along, from, size - to) }]);
  return y;
}

/** Put zeros before and after along an axis. */
export function padZeros(x: Tensor, axis: number, before: number, after: number): Tensor {
  const along = axisIn(x.shape, axis);
  if (before === 0 && after === 0) return x;
  const { graph } = x;
  const rank = x.shape.length;
  const pads = Array.from({ length: 2 * rank }, (_, i) => (i === along ? before : i === rank + along ? after : 0));
  const shape = x.shape.map((size, i) => (i === along ? before + size + after : size));
  const padsTensor = graph.constant(pads, [2 * rank], "int64");
  const y = graph.node("Pad", [x, padsTensor], [{ shape, dtype: x.dtype }], {
    mode: { string: "constant" },
  })[0] as Tensor;
  const size = sizeAt(x.shape, along);
  graph.differentiable([y], [{ operand: x, pull: ([d]) => slice(d as Tensor, along, before, before + size) }]);
  return y;
}
