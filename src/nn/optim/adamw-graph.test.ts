/** The oracle is the WebAssembly kernel of adamw.ts, which is tested against torch's formula. */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { interpret } from "../graph/index.ts";
import { adamWGraph, adamWKinds, adamWScalars } from "./adamw-graph.ts";
import { adamW } from "./index.ts";

test("five steps equal those of the kernel, with decay, rates of their own and clipping", () => {
  const rng = new Rng("adamw");
  const shapes = new Map([
    ["matrix", [3, 5]],
    ["norm", [5]],
  ]);
  const options = {
    beta2: 0.95,
    weightDecay: 0.1,
    decays: (name: string) => name === "matrix",
    rateScale: (name: string) => (name === "norm" ? 0.5 : 1),
  };
  const fill = (size: number) => Float32Array.from({ length: size }, () => rng.normal());
  const arrays = { matrix: fill(15), norm: fill(5) };
  let values = new Map<string, ArrayLike<number>>();
  for (const [name, array] of Object.entries(arrays)) {
    values.set(`weight.${name}`, array.slice());
    for (const moment of ["first", "second"]) values.set(`${moment}.${name}`, new Float32Array(array.length));
  }
  const kernel = adamW(arrays, options);
  const graph = adamWGraph(shapes, options);
  for (let step = 1; step <= 5; step++) {
    const gradients = { matrix: fill(15), norm: fill(5) };
    const gradientScale = 1 / step;
    kernel.step(gradients, 0.02 / step, { gradientScale });
    const named = Object.entries(gradients).map(([name, gradient]) => [`gradient.${name}`, gradient]);
    const scalars = adamWScalars({ step, rate: 0.02 / step, gradientScale }, options);
    const next = interpret(graph, { ...Object.fromEntries(values), ...Object.fromEntries(named), ...scalars });
    values = new Map([...next].map(([name, value]) => [name.replace("next.", ""), value]));
  }
  const { first, second } = kernel.state();
  const expected = { weight: arrays, first, second };
  for (const kind of adamWKinds) {
    for (const name of shapes.keys() as MapIterator<"matrix" | "norm">) {
      const [a, b] = [values.get(`${kind}.${name}`), expected[kind][name]];
      const worst = Math.max(
        ...Array.from(a as ArrayLike<number>, (value, i) => Math.abs(value - (b?.[i] ?? Number.NaN))),
      );
      expect(worst, `${kind} ${name}`).toBeLessThan(1e-6);
    }
  }
});
