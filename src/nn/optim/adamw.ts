/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101), as torch.optim.AdamW computes it.
 */
import { type AdamWKernel, type Factors, instantiateAdamW } from "./adamw-kernel.ts";

export type NamedArrays = Readonly<Record<string, Float32Array>>;

export type AdamWOptions = Readonly<{
  beta1?: number;
  beta2?: number;
  eps?: number;
  /** Weights shrink by the factor 1 - rate x weightDecay a step. Default 0.01. */
  weightDecay?: number;
  /** Which parameters decay. Default: all. Norms, biases and embeddings are usually left out. */
  decays?: (name: string) => boolean;
  /** Factor of the learning rate for a parameter. Default 1. */
  rateScale?: (name: string) => number;
}>;

export type StepOptions = Readonly<{
  /** Factor of all gradients, such as the clipping factor; saves a pass over them. */
  gradientScale?: number;
}>;

/** What a resumed run needs: the number of steps taken and both moments by parameter name. */
export type AdamWState = Readonly<{ steps: number; first: NamedArrays; second: NamedArrays }>;

/** An optimizer of these arrays, which its steps change in place. A state from `state` continues where that one was. */
export function adamW(parameters: NamedArrays, options: AdamWOptions = {}, state?: AdamWState): AdamW {
  return new AdamW(parameters, options, state);
}

/** Elements that the kernel takes at a time; weights and gradients of one chunk stay in the second-level cache. */
const chunk = 16384;

/** Moments live in WebAssembly memory (at most 4 GiB: 500 million trained parameters). */
export class AdamW {
  #steps = 0;
  readonly #parameters: NamedArrays;
  readonly #options: AdamWOptions;
  readonly #memory: WebAssembly.Memory;
  readonly #kernel: AdamWKernel;
  /** Byte addresses of each parameter's first moment; the second follows it. */
  readonly #addresses = new Map<string, number>();

  constructor(parameters: NamedArrays, options: AdamWOptions, state?: AdamWState) {
    this.#parameters = parameters;
    this.#options = options;
    let bytes = 2 * chunk * 4;
    for (const [name, { length }] of Object.entries(parameters)) {
      this.#addresses.set(name, bytes);
      bytes += 2 * padded(length) * 4;
    }
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536) });
    this.#kernel = instantiateAdamW(this.#memory);
    if (!state) return;
    this.#steps = state.steps;
    for (const [name, { length }] of Object.entries(parameters)) {
      this.#moment(name, 0).set(requireArray(state.first, name, length, "first moments"));
      this.#moment(name, 1).set(requireArray(state.second, name, length, "second moments"));
    }
  }

  /** Take one step against the gradients, which may hold more names than there are parameters. */
  step(gradients: NamedArrays, rate: number, { gradientScale = 1 }: StepOptions = {}): void {
    this.#steps++;
    const { beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weightDecay = 0.01, decays, rateScale } = this.#options;
    const firstCorrection = 1 - beta1 ** this.#steps;
    const root = 1 / Math.sqrt(1 - beta2 ** this.#steps);
    for (const [name, weights] of Object.entries(this.#parameters)) {
      const own = rate * (rateScale?.(name) ?? 1);
      const keep = decays && !decays(name) ? 1 : 1 - own * weightDecay;
      const gradient = requireArray(gradients, name, weights.length, "a gradient");
      const factors = [gradientScale, beta1, 1 - beta1, beta2, 1 - beta2, keep, own / firstCorrection, root, eps];
      this.#update(name, weights, gradient, factors as Factors);
    }
  }

  /** A copy of the optimizer's memory for a checkpoint. */
  state(): AdamWState {
    const copy = (which: 0 | 1) =>
      Object.fromEntries(Object.keys(this.#parameters).map((name) => [name, this.#moment(name, which).slice()]));
    return { steps: this.#steps, first: copy(0), second: copy(1) };
  }

  #update(name: string, weights: Float32Array, gradient: Float32Array, factors: Factors): void {
    const first = this.#addresses.get(name) as number;
    const second = first + padded(weights.length) * 4;
    const w = new Float32Array(this.#memory.buffer, 0, chunk);
    const g = new Float32Array(this.#memory.buffer, chunk * 4, chunk);
    for (let start = 0; start < weights.length; start += chunk) {
      const end = Math.min(start + chunk, weights.length);
      w.set(weights.subarray(start, end));
      g.set(gradient.subarray(start, end));
      // Up to three stale lanes behind the end are computed too; they end in the padding of the moments.
      this.#kernel(0, chunk * 4, first + start * 4, second + start * 4, padded(end - start) * 4, ...factors);
      weights.set(w.subarray(0, end - start), start);
    }
  }

  #moment(name: string, which: 0 | 1): Float32Array {
    const length = (this.#parameters[name] as Float32Array).length;
    const address = (this.#addresses.get(name) as number) + which * padded(length) * 4;
    return new Float32Array(this.#memory.buffer, address, length);
  }
}

/** Length in whole groups of four lanes. */
function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function requireArray(arrays: NamedArrays, name: string, length: number, what: string): Float32Array {
  const array = arrays[name];
  if (array?.length === length) return array;
  throw new RangeError(`Expected ${what} of ${length} values for "${name}", got ${array?.length ?? "none"}.`);
}
