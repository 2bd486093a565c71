import { expect, test } from "vitest";
import { erf } from "./erf.ts";

test("erf is the integral of 2/sqrt(pi) exp(-t^2)", () => {
  // Simpson's rule, independent of both of erf's formulas.
  const integral = (x: number, n = 2000) => {
    const f = (t: number) => (2 / Math.sqrt(Math.PI)) * Math.exp(-t * t);
    const h = x / n;
    let sum = f(0) + f(x);
    for (let i = 1; i < n; i++) sum += (i % 2 === 0 ? 2 : 4) * f(i * h);
    return (sum * h) / 3;
  };
  for (let x = -5; x <= 5; x += 0.125) expect(erf(x)).toBeCloseTo(integral(x), 12);
});
