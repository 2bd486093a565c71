/**
 * Axes and broadcasting: which shapes go together, and what an axis number means. Throws where ONNX Runtime would only
 * complain once the graph is compiled.
 */
import { formatShape, type Shape } from "./graph.ts";

/** The axis as a number in [0, rank); negative ones count from the last. */
export function axisIn(shape: Shape, axis: number): number {
  const positive = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || positive < 0 || positive >= shape.length) {
    throw new RangeError(`Expected an axis of ${formatShape(shape)}, got ${axis}.`);
  }
  return positive;
}

/** Size along an axis, negative ones from the last. */
export function sizeAt(shape: Shape, axis: number): number {
  return shape[axisIn(shape, axis)] as number;
}

/** The common shape of operands under NumPy's rule: aligned at the last axis, size 1 stretches. */
export function broadcastShapes(...shapes: readonly Shape[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = new Set(shapes.map((shape) => shape[axis - rank + shape.length] ?? 1));
    sizes.delete(1);
    if (sizes.size > 1) {
      throw new RangeError(`Expected shapes that broadcast, got ${shapes.map(formatShape).join(" and ")}.`);
    }
    return [...sizes][0] ?? 1;
  });
}
