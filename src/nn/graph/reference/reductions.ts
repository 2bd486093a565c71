/** Reference kernels: sums, softmax and normalisation along axes. */
import { type Shape, sizeOf } from "../graph.ts";
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

/** Sum over axes, kept as size 1. */
function sumOver(x: Value, axes: readonly number[]): Value {
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const data = new Float64Array(sizeOf(shape));
  for (const index of indices(x.shape)) {
    const offset = offsetOf(shape, index);
    data[offset] = (data[offset] as number) + at(x, index);
  }
  return { shape, data };
}

/** Largest over axes, kept as size 1. */
function maxOver(x: Value, axes: readonly number[]): Value {
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const data = new Float64Array(sizeOf(shape)).fill(Number.NEGATIVE_INFINITY);
  for (const index of indices(x.shape)) {
    const offset = offsetOf(shape, index);
    data[offset] = Math.max(data[offset] as number, at(x, index));
  }
  return { shape, data };
}

/** Rows along the last axis, each mapped to a row. */
function mapRows(x: Value, map: (row: Float64Array) => Float64Array): Float64Array {
  const width = x.shape.at(-1) as number;
  const out = new Float64Array(x.data.length);
  for (let i = 0; i < out.length; i += width) out.set(map(x.data.subarray(i, i + width)), i);
  return out;
}

const sum = (row: Float64Array) => row.reduce((total, value) => total + value, 0);
const meanOf = (row: Float64Array) => sum(row) / row.length;

function softmax(row: Float64Array): Float64Array {
  const largest = Math.max(...row);
  const powers = row.map((value) => Math.exp(value - largest));
  const total = sum(powers);
  return powers.map((value) => value / total);
}

/** Mean (0 for RMS) and 1 / sqrt(mean square + eps) of each row, then (x - mean) inverse weight + bias. */
function normalise(centred: boolean): Kernel {
  return (inputs, node) => {
    const [x, weight, bias] = [operand(inputs, 0), operand(inputs, 1), inputs[2]];
    const eps = numberAttribute(node, "epsilon");
    const means: number[] = [];
    const inverses: number[] = [];
    const y = mapRows(x, (row) => {
      const mean = centred ? meanOf(row) : 0;
      const inverse = 1 / Math.sqrt(meanOf(row.map((value) => (value - mean) ** 2)) + eps);
      means.push(mean);
      inverses.push(inverse);
      return row.map((value, i) => (value - mean) * inverse * (weight.data[i] as number) + (bias?.data[i] ?? 0));
    });
    const statistics = centred ? [means, inverses] : [inverses];
    return [y, ...statistics.map((values) => Float64Array.from(values))];
  };
}

export const reductions: Readonly<Record<string, Kernel>> = {
  ReduceSum: (inputs) => [sumOver(operand(inputs, 0), axesOf(inputs)).data],
  ReduceMax: (inputs) => [maxOver(operand(inputs, 0), axesOf(inputs)).data],
  ReduceMean: (inputs) => {
    const x = operand(inputs, 0);
    const total = sumOver(x, axesOf(inputs));
    return [total.data.map((value) => (value * total.data.length) / x.data.length)];
  },
  Softmax: (inputs) => [mapRows(operand(inputs, 0), softmax)],
  LogSoftmax: (inputs) => [
    mapRows(operand(inputs, 0), (row) => {
      const largest = Math.max(...row);
      const logTotal = largest + Math.log(sum(row.map((value) => Math.exp(value - largest))));
      return row.map((value) => value - logTotal);
    }),
  ],
  SimplifiedLayerNormalization: normalise(false),
  LayerNormalization: normalise(true),
  ArgMax: (inputs, node) => {
    const x = operand(inputs, 0);
    const width = x.shape.at(-1) as number;
    return [
      build(resultShape(node) satisfies Shape, (index) => {
        const row = Array.from({ length: width }, (_, i) => at(x, [...index, i]));
        return row.indexOf(Math.max(...row));
      }),
    ];
  },
};

function axesOf(inputs: readonly Value[]): number[] {
  return Array.from(operand(inputs, 1).data);
}
