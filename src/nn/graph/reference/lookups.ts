/** Reference kernels: gathers and scatters. */
import {
  at,
  build,
  indices,
  type Kernel,
  numberAttribute,
  offsetOf,
  operand,
  resultShape,
  type Value,
} from "./kernel.ts";

/** The index with its entry on one axis replaced. */
function replaced(index: readonly number[], axis: number, entry: number): number[] {
  return index.map((i, a) => (a === axis ? entry : i));
}

export const lookups: Readonly<Record<string, Kernel>> = {
  Gather: (inputs, node) => {
    const [x, ids] = [operand(inputs, 0), operand(inputs, 1)];
    const rank = ids.shape.length;
    return [build(resultShape(node), (index) => at(x, [at(ids, index.slice(0, rank)), ...index.slice(rank)]))];
  },
  GatherElements: (inputs, node) => {
    const [x, positions] = [operand(inputs, 0), operand(inputs, 1)];
    const axis = numberAttribute(node, "axis");
    return [build(resultShape(node), (index) => at(x, replaced(index, axis, at(positions, index))))];
  },
  TopK: ([x, count]) => {
    const { shape, data } = x as Value;
    const [width, k] = [shape.at(-1) as number, count?.data[0] as number];
    const rows = Array.from({ length: data.length / width }, (_, row) => data.subarray(row * width, (row + 1) * width));
    // Of equals the first one, as the ONNX operator says; toSorted is stable.
    const best = rows.map((row) =>
      [...row.keys()].toSorted((a, b) => (row[b] as number) - (row[a] as number)).slice(0, k),
    );
    const values = best.flatMap((places, row) => places.map((place) => rows[row]?.[place] as number));
    return [Float64Array.from(values), Float64Array.from(best.flat())];
  },
  ScatterElements: (inputs, node) => {
    const [x, positions, updates] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
    const axis = numberAttribute(node, "axis");
    const out = x.data.slice();
    for (const index of indices(positions.shape)) {
      const target = offsetOf(x.shape, replaced(index, axis, at(positions, index)));
      out[target] = (out[target] as number) + at(updates, index);
    }
    return [out];
  },
};
