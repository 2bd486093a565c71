/**
 * A training step whose parameters, gradients and moments stay in a device's memory. Batches go there, the loss and the norm of
 * the gradients come back; weights and moments come back for checkpoints and validation.
 */
import type { TensorData, Weights } from "../nn/checkpoint/index.ts";
import { add, mul, reduceSum, sizeOf, sqrt, type Tensor } from "../nn/graph/index.ts";
import {
  type AdamWKind,
  type AdamWOptions,
  type AdamWState,
  adamWGraph,
  adamWKinds,
  adamWScalars,
  clippingFactor,
  type NamedArrays,
} from "../nn/optim/index.ts";
import {
  compile,
  type Device,
  type DeviceTensor,
  download,
  type Executable,
  ExecutableCache,
  ResidentArrays,
  upload,
} from "../nn/runtime/index.ts";
import type { BuildOptions, Objective } from "./objective.ts";
import type { ComputedStep, StepResult } from "./training-step.ts";

export type DeviceStepOptions<Batch, Shape> = Readonly<{
  objective: Objective<Batch, Shape>;
  /** All weights; those that are trained must be arrays of the run's own, which `synchronise` writes. */
  weights: Weights;
  trained: readonly string[];
  build: BuildOptions;
  optimizer: AdamWOptions;
  state?: AdamWState | undefined;
  device: Device;
}>;

type Tensors = Readonly<Record<string, DeviceTensor>>;

/** Holds device memory and compiled graphs until it is disposed. Between two updates both generations of a weight are there. */
export class DeviceStep<Batch, Shape> implements ComputedStep<Batch> {
  readonly #options: DeviceStepOptions<Batch, Shape>;
  readonly #frozen: ResidentArrays;
  readonly #graphs: ExecutableCache<string>;
  readonly #update: Executable;
  #steps: number;
  #compilations = 0;
  #current: Record<AdamWKind, Tensors>;
  #gradients: Tensors = {};
  /** For parameters that no batch of a shape reaches. */
  #zeros: Tensors = {};

  static async open<Batch, Shape>(options: DeviceStepOptions<Batch, Shape>): Promise<DeviceStep<Batch, Shape>> {
    const { weights, trained, optimizer, state, device } = options;
    const shapes = new Map(trained.map((name) => [name, tensorOf(weights, name).shape]));
    const graph = adamWGraph(shapes, optimizer);
    const update = await compile(graph, { device, keep: [...graph.outputs.keys()] });
    const send = (arrays: NamedArrays | undefined) =>
      upload(
        new Map(
          trained.map((name) => {
            const { shape, data } = tensorOf(weights, name);
            return [
              name,
              { shape, data: arrays === undefined ? new Float32Array(data.length) : requireArray(arrays, name) },
            ];
          }),
        ),
        device,
      );
    const weight = await send(
      Object.fromEntries(trained.map((name) => [name, tensorOf(weights, name).data as Float32Array])),
    );
    const moments = { first: await send(state?.first), second: await send(state?.second) };
    return new DeviceStep(options, update, { weight, ...moments });
  }

  private constructor(
    options: DeviceStepOptions<Batch, Shape>,
    update: Executable,
    current: Record<AdamWKind, Tensors>,
  ) {
    const { weights, trained, device, state } = options;
    const isTrained = new Set(trained);
    const frozen = new Map([...weights].filter(([name]) => !isTrained.has(name)));
    this.#options = options;
    this.#update = update;
    this.#current = current;
    this.#steps = state?.steps ?? 0;
    this.#frozen = new ResidentArrays(frozen, device);
    this.#graphs = new ExecutableCache((key) => this.#compile(JSON.parse(key) as Shape));
  }

  /** Loss and gradients of a batch. */
  async gradients(batch: Batch): Promise<StepResult> {
    const { objective } = this.#options;
    const before = this.#compilations;
    const shape = objective.shape(batch);
    const graph = await this.#graphs.at(JSON.stringify(shape));
    const frozen = await this.#frozen.feeds(graph);
    const fed = { ...frozen, ...this.#current.weight, ...objective.feeds(batch, shape) };
    const { outputs, kept } = await graph.runKeeping(fed);
    for (const gradient of Object.values(this.#gradients)) gradient.dispose();
    this.#gradients = Object.fromEntries(
      Object.entries(kept).map(([name, tensor]) => [name.replace(/^grad\./, ""), tensor]),
    );
    const [loss, gradNorm] = [outputs.loss?.[0] as number, outputs.gradient_norm?.[0] as number];
    return { loss, gradNorm, compiled: this.#compilations > before };
  }

  /** Step against the last gradients, shrunk to a global norm of at most `clip`. */
  async update(rate: number, gradNorm: number, clip: number): Promise<void> {
    const { optimizer, trained } = this.#options;
    this.#steps++;
    const gradientScale = clippingFactor(gradNorm, clip);
    const gradients = { ...(await this.#zerosFor(trained)), ...this.#gradients };
    const { kept } = await this.#update.runKeeping({
      ...prefixed("gradient", gradients),
      ...Object.assign({}, ...adamWKinds.map((kind) => prefixed(kind, this.#current[kind]))),
      ...adamWScalars({ step: this.#steps, rate, gradientScale }, optimizer),
    });
    disposeAll(...Object.values(this.#current), this.#gradients);
    this.#gradients = {};
    const next = (kind: AdamWKind) =>
      Object.fromEntries(trained.map((name) => [name, kept[`next.${kind}.${name}`] as DeviceTensor]));
    this.#current = { weight: next("weight"), first: next("first"), second: next("second") };
  }

  /** Write the trained weights into the run's own arrays. */
  async synchronise(): Promise<void> {
    const { weights, trained, device } = this.#options;
    const arrays = Object.fromEntries(trained.map((name) => [name, tensorOf(weights, name).data as Float32Array]));
    await download(this.#current.weight, device, arrays);
  }

  /** A copy of the optimizer's memory. */
  async state(): Promise<AdamWState> {
    const { device } = this.#options;
    const { first, second } = this.#current;
    return { steps: this.#steps, first: await download(first, device), second: await download(second, device) };
  }

  async dispose(): Promise<void> {
    disposeAll(...Object.values(this.#current), this.#gradients, this.#zeros);
    await this.#frozen.dispose();
    await this.#update.dispose();
    await this.#graphs.dispose();
  }

  async #compile(shape: Shape): Promise<Executable> {
    const { objective, build, device, trained } = this.#options;
    this.#compilations++;
    const { graph, trainable } = objective.build(shape, build);
    const unknown = trainable.filter((name) => !trained.includes(name));
    if (unknown.length > 0)
      throw new Error(`Expected the trained parameters, got "${unknown[0]}" besides. Widen the objective.`);
    const gradients = trainable.map((name) => graph.outputs.get(`grad.${name}`) as Tensor);
    const squares = gradients.map((gradient) => reduceSum(mul(gradient, gradient)));
    graph.output("gradient_norm", sqrt(squares.reduce((sum, square) => add(sum, square))));
    return compile(graph, { device, keep: trainable.map((name) => `grad.${name}`) });
  }

  async #zerosFor(names: readonly string[]): Promise<Tensors> {
    const { weights, device } = this.#options;
    const missing = names.filter((name) => !this.#gradients[name] && !this.#zeros[name]);
    const zeros = missing.map((name) => {
      const { shape } = tensorOf(weights, name);
      return [name, { shape, data: new Float32Array(sizeOf(shape)) }] as const;
    });
    this.#zeros = { ...this.#zeros, ...(await upload(new Map(zeros), device)) };
    return this.#zeros;
  }
}

function tensorOf(weights: Weights, name: string): TensorData {
  return weights.get(name) as TensorData;
}

function requireArray(arrays: NamedArrays, name: string): Float32Array {
  const array = arrays[name];
  if (array) return array;
  throw new RangeError(`Expected moments of "${name}" in the checkpoint, got none. Train into another folder.`);
}

function prefixed(prefix: string, tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}.${name}`, tensor]));
}

function disposeAll(...groups: readonly Tensors[]): void {
  for (const tensor of groups.flatMap((group) => Object.values(group))) tensor.dispose();
}
