/** The oracle is the update of torch.optim.AdamW's documentation, one number at a time in double precision. */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { adamW, clipByGlobalNorm, clippingFactor, cosineWithWarmup, globalNorm } from "./index.ts";

const settings = { beta1: 0.8, beta2: 0.95, eps: 1e-6, weightDecay: 0.1 };

function scalarAdamW(w: number, gradients: readonly number[], rate: number, decay: number): number {
  let [m, v] = [0, 0];
  gradients.forEach((g, i) => {
    w -= rate * decay * w;
    m = settings.beta1 * m + (1 - settings.beta1) * g;
    v = settings.beta2 * v + (1 - settings.beta2) * g ** 2;
    const mHat = m / (1 - settings.beta1 ** (i + 1));
    const vHat = v / (1 - settings.beta2 ** (i + 1));
    w -= (rate * mHat) / (Math.sqrt(vHat) + settings.eps);
  });
  return w;
}

/** Lengths that leave lanes over and that span several chunks. */
const lengths = { a: 1, b: 7, c: 16384, d: 40001 };
const random = (rng: Rng) =>
  Object.fromEntries(
    Object.entries(lengths).map(([name, length]) => [name, Float32Array.from({ length }, () => rng.normal())]),
  );

test("every element follows the scalar update, with decay exclusions and rate scales", () => {
  const rng = new Rng(1);
  const start = random(rng);
  const gradients = [random(rng), random(rng), random(rng)];
  const weights = Object.fromEntries(Object.entries(start).map(([name, array]) => [name, array.slice()]));
  const optimizer = adamW(weights, {
    ...settings,
    decays: (name) => name !== "b",
    rateScale: (name) => (name === "c" ? 0.5 : 1),
  });
  for (const gradient of gradients) optimizer.step(gradient, 0.01, { gradientScale: 0.5 });
  for (const [name, array] of Object.entries(start)) {
    const [rate, decay] = [name === "c" ? 0.005 : 0.01, name === "b" ? 0 : settings.weightDecay];
    let worst = 0;
    array.forEach((w, i) => {
      const own = gradients.map((gradient) => (gradient[name]?.[i] as number) * 0.5);
      worst = Math.max(worst, Math.abs((weights[name]?.[i] as number) - scalarAdamW(w, own, rate, decay)));
    });
    expect(worst, name).toBeLessThan(1e-6);
  }
});

test("an optimizer restored from a state takes the same steps", () => {
  const rng = new Rng(2);
  const [one, gradients] = [random(rng), [random(rng), random(rng), random(rng)] as const];
  const optimizer = adamW(one, settings);
  optimizer.step(gradients[0], 0.01);
  const two = Object.fromEntries(Object.entries(one).map(([name, array]) => [name, array.slice()]));
  const restored = adamW(two, settings, optimizer.state());
  for (const gradient of gradients.slice(1)) {
    optimizer.step(gradient, 0.02);
    restored.step(gradient, 0.02);
  }
  expect(two).toEqual(one);
});

test("a missing or misshapen gradient is named", () => {
  const optimizer = adamW({ w: new Float32Array(3) });
  expect(() => optimizer.step({}, 0.1)).toThrow('Expected a gradient of 3 values for "w", got none.');
  expect(() => optimizer.step({ w: new Float32Array(2) }, 0.1)).toThrow("got 2");
});

test("clipping keeps direction and brings the norm to the limit", () => {
  const gradients = random(new Rng(3));
  const squares = Object.values(gradients).flatMap((array) => Array.from(array, (x) => x * x));
  const norm = Math.sqrt(squares.reduce((a, b) => a + b, 0));
  expect(globalNorm(gradients)).toBeCloseTo(norm, 6);
  const before = structuredClone(gradients);
  expect(clipByGlobalNorm(gradients, 2)).toBeCloseTo(norm, 6);
  expect(globalNorm(gradients)).toBeCloseTo(2, 5);
  expect(gradients.b?.[3]).toBeCloseTo((before.b?.[3] as number) * clippingFactor(norm, 2), 6);
});

test("short gradients are left alone", () => {
  const gradients = { a: Float32Array.of(3, 4) };
  expect(clipByGlobalNorm(gradients, 5)).toBe(5);
  expect(gradients.a).toEqual(Float32Array.of(3, 4));
});

test("the schedule rises linearly, peaks at the end of warm-up, halves midway and ends at the floor", () => {
  const options = { total: 110, warmup: 10, peak: 1, floor: 0.2 };
  const rates = Array.from({ length: 111 }, (_, step) => cosineWithWarmup(step, options));
  expect(rates[0]).toBeCloseTo(1 / 11);
  expect(rates[4]).toBeCloseTo(5 / 11);
  expect(rates[10]).toBe(1);
  expect(rates[60]).toBeCloseTo(0.6);
  expect(rates[110]).toBeCloseTo(0.2);
  expect(rates.slice(10).every((rate, i, later) => i === 0 || rate <= (later[i - 1] as number))).toBe(true);
});
