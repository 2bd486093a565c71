/**
 * Low-rank adapters (Hu et al. 2021, arXiv:2106.09685): which modules get one, its shapes, its start, merging it.
 */
import type { Rng } from "../../core/math/index.ts";
import type { AdapterConfig, Shapes, TensorData, Weights } from "../checkpoint/index.ts";

/** scaling = lora_alpha / r, or lora_alpha / sqrt(r) with use_rslora. */
export function loraScaling(config: AdapterConfig): number {
  return config.lora_alpha / (config.use_rslora ? Math.sqrt(config.r) : config.r);
}

/** Modules that the adapter changes, by PEFT's rule: a name or a dotted suffix listed, or a regular expression matched whole. */
export function loraModules(shapes: Shapes, targets: AdapterConfig["target_modules"]): string[] {
  const matches = (module: string) =>
    typeof targets === "string"
      ? new RegExp(`^(?:${targets})$`).test(module)
      : targets.some((target) => module === target || module.endsWith(`.${target}`));
  return [...shapes].flatMap(([name, shape]) => {
    const module = name.replace(/\.weight$/, "");
    return module !== name && shape.length === 2 && matches(module) ? [module] : [];
  });
}

/** Shapes of A (r, in) and B (out, r) of every changed module. Throws when no module matches. */
export function loraShapes(shapes: Shapes, config: AdapterConfig): Map<string, readonly number[]> {
  const modules = loraModules(shapes, config.target_modules);
  if (modules.length === 0) {
    throw new Error(
      `Expected target_modules that name modules of the model, got ${JSON.stringify(config.target_modules)}.`,
    );
  }
  return new Map(
    modules.flatMap((module) => {
      const [out, inner] = shapes.get(`${module}.weight`) as readonly [number, number];
      return [
        [`${module}.lora_A.weight`, [config.r, inner]],
        [`${module}.lora_B.weight`, [out, config.r]],
      ] as [string, number[]][];
    }),
  );
}

/** PEFT's start: A uniform in +-1/sqrt(in) (Kaiming with a = sqrt(5)), B zero, so that training starts at the base model. */
export function initialLoraWeights(shapes: Shapes, rng: Rng): Map<string, TensorData> {
  return new Map(
    [...shapes].map(([name, shape]) => {
      const data = new Float32Array((shape[0] as number) * (shape[1] as number));
      const stream = rng.fork(name);
      const bound = 1 / Math.sqrt(shape[1] as number);
      if (name.endsWith(".lora_A.weight"))
        for (let i = 0; i < data.length; i++) data[i] = stream.uniform(-bound, bound);
      return [name, { shape, data }];
    }),
  );
}

/** Base weights with the adapter added in: W + scaling B A. Weights without an adapter are passed on, not copied. */
export function mergeLora(base: Weights, adapter: Weights, scaling: number): Map<string, TensorData> {
  return new Map(
    [...base].map(([name, weight]) => {
      const module = name.replace(/\.weight$/, "");
      const [a, b] = [adapter.get(`${module}.lora_A.weight`), adapter.get(`${module}.lora_B.weight`)];
      if (a === undefined || b === undefined) return [name, weight];
      const [out, inner] = weight.shape as readonly [number, number];
      const rank = a.shape[0] as number;
      const data = Float32Array.from(weight.data);
      for (let row = 0; row < out; row++) {
        for (let k = 0; k < rank; k++) {
          const factor = scaling * (b.data[row * rank + k] as number);
          for (let column = 0; column < inner; column++) {
            data[row * inner + column] =
              (data[row * inner + column] as number) + factor * (a.data[k * inner + column] as number);
          }
        }
      }
      return [name, { shape: weight.shape, data }];
    }),
  );
}
