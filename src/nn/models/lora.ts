/**
 * Low-rank adapters (Hu et al. 2021, arXiv:2106.09685): which modules get one, its shapes, its start, merging it.
 */
import type { Rng } from "../../core/math/index.ts";
import type { Adapter, AdapterConfig, Shapes, TensorData, Weights } from "../checkpoint/index.ts";

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
  return pairShapes(shapes, modules, config.r);
}

/**
 * Shapes of the pairs that an adapter should have on this base. PEFT's rule holds in the decoder; elsewhere (a vision tower has
 * a q_proj too) and where target_modules is written in other names, the modules that the adapter has (`present`) count.
 */
export function adapterShapes(
  shapes: Shapes,
  config: AdapterConfig,
  present: ReadonlySet<string>,
): Map<string, readonly number[]> {
  const listed = loraModules(shapes, config.target_modules).filter(
    (module) => present.has(module) || /^(?:language_model\.)?model\./.test(module),
  );
  return pairShapes(shapes, [...new Set([...listed, ...present])], config.r);
}

function pairShapes(shapes: Shapes, modules: readonly string[], rank: number): Map<string, readonly number[]> {
  return new Map(
    modules.flatMap((module) => {
      const [out, inner] = shapes.get(`${module}.weight`) as readonly [number, number];
      return [
        [`${module}.lora_A.weight`, [rank, inner]],
        [`${module}.lora_B.weight`, [out, rank]],
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
      if (!adapter.has(name.replace(/\.weight$/, ".lora_A.weight"))) return [name, weight];
      const merged = { shape: weight.shape, data: Float32Array.from(weight.data) };
      addPair(merged, name, adapter, scaling);
      return [name, merged];
    }),
  );
}

/** The same in the base's own arrays, for models that are too large for a second copy. */
export function mergeLoraInPlace(base: Weights, adapter: Weights, scaling: number): void {
  for (const [name, weight] of base) addPair(weight, name, adapter, scaling);
}

function addPair({ shape, data }: TensorData, name: string, adapter: Weights, scaling: number): void {
  const module = name.replace(/\.weight$/, "");
  const [a, b] = [adapter.get(`${module}.lora_A.weight`), adapter.get(`${module}.lora_B.weight`)];
  if (a === undefined || b === undefined) return;
  const [out, inner] = shape as readonly [number, number];
  const rank = a.shape[0] as number;
  for (let row = 0; row < out; row++) {
    for (let k = 0; k < rank; k++) {
      const factor = scaling * (b.data[row * rank + k] as number);
      for (let column = 0; column < inner; column++) {
        data[row * inner + column] =
          (data[row * inner + column] as number) + factor * (a.data[k * inner + column] as number);
      }
    }
  }
}

/**
 * Adapters that were trained one on top of the other as one: W + s1 B1 A1 + s2 B2 A2 = W + [s1 B1, s2 B2] [A1; A2], which is
 * what merging them in order gives. The result has scaling 1.
 */
export function stackAdapters(adapters: readonly Adapter[]): Adapter {
  const [first] = adapters;
  if (first === undefined) throw new RangeError("Expected adapters to stack, got none.");
  if (adapters.length === 1) return first;
  const r = adapters.reduce((sum, { config }) => sum + config.r, 0);
  const names = new Set(adapters.flatMap(({ weights }) => [...weights.keys()]));
  const weights = new Map<string, TensorData>();
  for (const name of names) {
    const isFirst = name.endsWith(".lora_A.weight");
    const known = adapters.find((adapter) => adapter.weights.has(name))?.weights.get(name) as TensorData;
    const width = known.shape[isFirst ? 1 : 0] as number;
    const data = new Float32Array(r * width);
    let rank = 0;
    for (const { config, weights: own } of adapters) {
      // A module that an adapter leaves alone keeps its zeros.
      const values = own.get(name)?.data;
      if (values && isFirst) data.set(values, rank * width);
      if (values && !isFirst) {
        const scaling = loraScaling(config);
        for (let row = 0; row < width; row++)
          for (let k = 0; k < config.r; k++)
            data[row * r + rank + k] = scaling * (values[row * config.r + k] as number);
      }
      rank += config.r;
    }
    weights.set(name, { shape: isFirst ? [r, width] : [width, r], data });
  }
  return { config: { ...first.config, r, lora_alpha: r, use_rslora: false }, weights };
}
