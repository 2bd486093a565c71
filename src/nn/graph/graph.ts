/**
 * The graph: a list of ONNX nodes over tensors of static shape, with what each tensor needs for its gradient.
 *
 * Operations (the files beside this one) append nodes through `node` and say with `differentiable` how a gradient of the
 * result becomes gradients of the operands. Equal nodes and equal constants are made once, so operations need not share
 * intermediate results by hand, and nothing that no output reaches is ever emitted. All operations are pure.
 */
export type DType = "float32" | "int32" | "int64" | "bool" | "uint8";
export type Shape = readonly number[];
/** A shape with named sizes that each run decides. In a tensor's shape they are 1. */
export type OpenShape = readonly (number | string)[];

/** A value in a graph. Tensors carry no numbers: those come when the compiled graph runs. */
export type Tensor = Readonly<{ graph: Graph; id: number; shape: Shape; dtype: DType }>;

/** An ONNX attribute. ONNX distinguishes 1 from 1.0, hence the tags. */
export type Attribute =
  | Readonly<{ int: number }>
  | Readonly<{ float: number }>
  | Readonly<{ ints: readonly number[] }>
  | Readonly<{ string: string }>;

/** One ONNX operator. An undefined operand is an optional input left out. */
export type Node = Readonly<{
  op: string;
  inputs: readonly (Tensor | undefined)[];
  outputs: readonly Tensor[];
  attributes: Readonly<Record<string, Attribute>>;
}>;

/** Where values enter: fed at each run (input, parameter) or fixed (constant, initializer). */
export type Source = Readonly<{
  kind: "input" | "parameter" | "constant" | "initializer";
  name: string;
  tensor: Tensor;
  values?: Values;
}>;
export type Values = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** One character a byte, whatever the byte: a key that needs no hash. */
const byteText = new TextDecoder("latin1");

/** How the gradients of an operation's results become the gradient of one operand; absent results got no gradient. */
export type Pullback = Readonly<{ operand: Tensor; pull: (gradients: readonly (Tensor | undefined)[]) => Tensor }>;
export type Derivative = Readonly<{ results: readonly Tensor[]; pullbacks: readonly Pullback[] }>;

export class Graph {
  readonly nodes: Node[] = [];
  readonly sources: Source[] = [];
  readonly outputs = new Map<string, Tensor>();
  readonly derivatives: Derivative[] = [];
  /** Shapes of inputs and outputs with open sizes, by tensor id. */
  readonly openShapes = new Map<number, OpenShape>();
  readonly #nodesByKey = new Map<string, readonly Tensor[]>();
  readonly #sourcesByName = new Map<string, Source>();
  readonly #constantsByKey = new Map<string, Tensor>();
  readonly #differentiable = new Set<number>();
  readonly #producers = new Map<number, Node>();
  #nextId = 0;

  /** A value fed at each run. */
  input(name: string, shape: Shape, dtype: DType = "float32"): Tensor {
    return this.#source("input", name, shape, dtype).tensor;
  }

  /**
   * A value fed at each run, with sizes that the run decides. Operations take open sizes for 1, so between such an input and
   * an output only those may stand whose attributes and constants do not depend on them (no reshape, say).
   */
  openInput(name: string, shape: OpenShape, dtype: DType = "float32"): Tensor {
    const tensor = this.input(name, nominal(shape), dtype);
    this.openShapes.set(tensor.id, shape);
    return tensor;
  }

  /** A float32 value fed at each run that gradients are usually taken of; asking again by name gives the same tensor. */
  parameter(name: string, shape: Shape): Tensor {
    return this.#source("parameter", name, shape, "float32").tensor;
  }

  /** Frozen weights inside the graph, deduplicated by name. No gradient flows into them. */
  initializer(name: string, shape: Shape, values: Float32Array | Uint8Array): Tensor {
    const dtype = values instanceof Uint8Array ? "uint8" : "float32";
    return this.#source("initializer", name, shape, dtype, values).tensor;
  }

  /** Fixed numbers, deduplicated by content. */
  constant(values: ArrayLike<number>, shape: Shape, dtype: DType = "float32"): Tensor {
    const stored = store(values, dtype);
    const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
    const key = `${dtype}(${shape.join()})${byteText.decode(bytes)}`;
    const known = this.#constantsByKey.get(key);
    if (known) return known;
    const { tensor } = this.#source("constant", `constant.${this.#nextId}`, shape, dtype, stored);
    this.#constantsByKey.set(key, tensor);
    return tensor;
  }

  /** A float32 scalar. */
  scalar(value: number): Tensor {
    return this.constant([value], []);
  }

  /** Make a tensor a result of the graph's runs, under this name. */
  output(name: string, tensor: Tensor): void {
    this.#own(tensor);
    if (this.outputs.has(name)) throw new TypeError(`Expected a new output name, got "${name}" twice.`);
    if (this.#sourcesByName.has(name)) throw new TypeError(`Output "${name}" has the name of an input. Rename one.`);
    this.outputs.set(name, tensor);
  }

  /** The same for a tensor with open sizes, whose names are those of the inputs. */
  openOutput(name: string, tensor: Tensor, shape: OpenShape): void {
    this.output(name, tensor);
    this.openShapes.set(tensor.id, shape);
  }

  /** Append an ONNX operator with the given result types; an equal operator that exists already is reused. */
  node(
    op: string,
    inputs: readonly (Tensor | undefined)[],
    results: readonly Readonly<{ shape: Shape; dtype?: DType }>[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): readonly Tensor[] {
    for (const input of inputs) if (input) this.#own(input);
    const key = JSON.stringify([op, inputs.map((input) => input?.id ?? -1), attributes, results.length]);
    const known = this.#nodesByKey.get(key);
    if (known) return known;
    const outputs = results.map(({ shape, dtype }) => this.#tensor(shape, dtype ?? "float32"));
    const node = { op, inputs, outputs, attributes };
    this.nodes.push(node);
    for (const { id } of outputs) this.#producers.set(id, node);
    this.#nodesByKey.set(key, outputs);
    return outputs;
  }

  /** The operator that computes a tensor; undefined for inputs and constants. */
  producer(tensor: Tensor): Node | undefined {
    return this.#producers.get(tensor.id);
  }

  /** Say how gradients pass through an operation, one pullback an operand that has a gradient. The first word counts. */
  differentiable(results: readonly Tensor[], pullbacks: readonly Pullback[]): void {
    if (results.some((result) => this.#differentiable.has(result.id))) return;
    for (const result of results) this.#differentiable.add(result.id);
    this.derivatives.push({ results, pullbacks });
  }

  #source(kind: Source["kind"], name: string, shape: Shape, dtype: DType, values?: Values): Source {
    const known = this.#sourcesByName.get(name);
    if (known) {
      if (known.kind === kind && sameShape(known.tensor.shape, shape) && known.tensor.dtype === dtype) return known;
      const [was, is] = [`${known.kind} ${describe(known.tensor)}`, `${kind} ${dtype} ${formatShape(shape)}`];
      throw new TypeError(`Expected one meaning of "${name}", got ${was} and then ${is}. Rename one.`);
    }
    if (values && values.length !== sizeOf(shape)) {
      throw new RangeError(
        `Expected ${sizeOf(shape)} values for "${name}" ${formatShape(shape)}, got ${values.length}.`,
      );
    }
    const tensor = this.#tensor(shape, dtype);
    const source: Source = values ? { kind, name, tensor, values } : { kind, name, tensor };
    this.sources.push(source);
    this.#sourcesByName.set(name, source);
    return source;
  }

  #tensor(shape: Shape, dtype: DType): Tensor {
    // Sizes of 0 occur in one place: the empty list that is the shape of a scalar.
    if (!shape.every((size) => Number.isInteger(size) && size >= 0)) {
      throw new RangeError(`Expected a static shape of integers, got ${formatShape(shape)}.`);
    }
    return { graph: this, id: this.#nextId++, shape: [...shape], dtype };
  }

  #own(tensor: Tensor): void {
    if (tensor.graph !== this) throw new TypeError(`Tensor ${describe(tensor)} belongs to another graph.`);
  }
}

function store(values: ArrayLike<number>, dtype: DType): Values {
  switch (dtype) {
    case "float32":
      return Float32Array.from(values);
    case "int32":
      return Int32Array.from(values);
    case "int64":
      return BigInt64Array.from(Array.from(values, BigInt));
    case "bool":
    case "uint8":
      return Uint8Array.from(values);
    default:
      return dtype satisfies never;
  }
}

function nominal(shape: OpenShape): Shape {
  return shape.map((size) => (typeof size === "number" ? size : 1));
}

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Have two shapes the same rank and sizes? */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** A shape for an error message: (2, 3). */
export function formatShape(shape: Shape): string {
  return `(${shape.join(", ")})`;
}

/** A tensor's type for an error message: float32 (2, 3). */
export function describe(tensor: Readonly<{ dtype: DType; shape: Shape }>): string {
  return `${tensor.dtype} ${formatShape(tensor.shape)}`;
}
