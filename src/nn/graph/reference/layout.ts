/** Reference kernels: numbers moved, not changed. */
import type { Shape, Tensor } from "../graph.ts";
import { at, build, type Kernel, numberAttribute, operand, resultShape, type Value } from "./kernel.ts";

/** The index with one axis moved by an offset. */
function moved(index: readonly number[], axis: number, offset: number): number[] {
  return index.map((i, a) => (a === axis ? i + offset : i));
}

function inside(shape: Shape, index: readonly number[]): boolean {
  return index.every((i, axis) => 0 <= i && i < (shape[axis] as number));
}

export const layout: Readonly<Record<string, Kernel>> = {
  Reshape: (inputs) => [operand(inputs, 0).data],
  Expand: (inputs, node) => [build(resultShape(node), (index) => at(operand(inputs, 0), index))],
  Transpose: (inputs, node) => {
    const perm = node.attributes.perm;
    if (!perm || !("ints" in perm)) throw new TypeError("Expected Transpose to have perm.");
    return [
      build(resultShape(node), (index) =>
        at(
          operand(inputs, 0),
          perm.ints.map((_, i) => index[perm.ints.indexOf(i)] as number),
        ),
      ),
    ];
  },
  Concat: (inputs, node) => {
    const axis = numberAttribute(node, "axis");
    return [
      build(resultShape(node), (index) => {
        let local = index;
        let part = 0;
        while (!inside((inputs[part] as Value).shape, local)) {
          local = moved(local, axis, -((inputs[part] as Value).shape[axis] as number));
          part++;
        }
        return at(operand(inputs, part), local);
      }),
    ];
  },
  Split: (inputs, node) => {
    const axis = numberAttribute(node, "axis");
    let start = 0;
    return node.outputs.map(({ shape }: Tensor) => {
      const piece = build(shape, (index) => at(operand(inputs, 0), moved(index, axis, start)));
      start += shape[axis] as number;
      return piece;
    });
  },
  Slice: (inputs, node) => {
    const [start, axis] = [operand(inputs, 1).data[0] as number, operand(inputs, 3).data[0] as number];
    return [build(resultShape(node), (index) => at(operand(inputs, 0), moved(index, axis, start)))];
  },
  Pad: (inputs, node) => {
    const [x, pads] = [operand(inputs, 0), operand(inputs, 1)];
    return [
      build(resultShape(node), (index) => {
        const local = index.map((i, axis) => i - (pads.data[axis] as number));
        return inside(x.shape, local) ? at(x, local) : 0;
      }),
    ];
  },
};
