/**
 * What the reference kernels share: values of known shape and walking over indices.
 */
import { type Attribute, type Node, type Shape, sizeOf } from "../graph.ts";

export type Value = Readonly<{ shape: Shape; data: Float64Array }>;
/** From operand values to result values; result shapes stand in the node. */
export type Kernel = (inputs: readonly Value[], node: Node) => Float64Array[];

/** Row-major index of every position, in order. */
export function* indices(shape: Shape): Generator<number[]> {
  const index = shape.map(() => 0);
  for (let n = sizeOf(shape); n > 0; n--) {
    yield [...index];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      index[axis] = 0;
    }
  }
}

/** The number at an index; the index may have extra leading axes, and axes of size 1 stretch. */
export function at(value: Value, index: readonly number[]): number {
  return value.data[offsetOf(value.shape, index)] as number;
}

/** Position of an index in a row-major array, with broadcasting. */
export function offsetOf(shape: Shape, index: readonly number[]): number {
  const lead = index.length - shape.length;
  return shape.reduce((offset, size, axis) => offset * size + (size === 1 ? 0 : (index[axis + lead] as number)), 0);
}

/** One number for every index of the shape. */
export function build(shape: Shape, compute: (index: number[]) => number): Float64Array {
  const out = new Float64Array(sizeOf(shape));
  let n = 0;
  for (const index of indices(shape)) out[n++] = compute(index);
  return out;
}

/** The i-th operand. */
export function operand(inputs: readonly Value[], i: number): Value {
  const value = inputs[i];
  if (!value) throw new TypeError(`Expected an operand ${i}, got none.`);
  return value;
}

/** Shape of the node's first result. */
export function resultShape(node: Node): Shape {
  return node.outputs[0]?.shape ?? [];
}

/** A number attribute. */
export function numberAttribute(node: Node, name: string): number {
  const attribute: Attribute | undefined = node.attributes[name];
  if (attribute && "int" in attribute) return attribute.int;
  if (attribute && "float" in attribute) return attribute.float;
  throw new TypeError(`Expected a number attribute "${name}" on ${node.op}.`);
}

/** A string attribute. */
export function stringAttribute(node: Node, name: string): string {
  const attribute = node.attributes[name];
  if (attribute && "string" in attribute) return attribute.string;
  throw new TypeError(`Expected a string attribute "${name}" on ${node.op}.`);
}
