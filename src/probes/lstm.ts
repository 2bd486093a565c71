/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997): one layer, one direction, zero initial state, with the gates and
 * the two bias vectors of torch.nn.LSTM.
 *
 * The recurrence is one operation with a derivative of its own: what a step back in time needs of the gates is computed for
 * all steps at once, and the recurrent weight gets its gradient in one product instead of one a step.
 */
import { add, type Graph, linear, reshape, split, type Tensor } from "../nn/graph/index.ts";

/** Rows are the gates input, forget, cell, output, hidden units each, as torch.nn.LSTM orders them. */
export type LstmWeights = Readonly<{
  /** (4H, D) */
  weightIh: Tensor;
  /** (4H, H) */
  weightHh: Tensor;
  /** (4H) each. */
  biasIh: Tensor;
  biasHh: Tensor;
}>;

/** The last hidden state: x (T, B, D) time first -> (B, H). */
export function lstmLast(x: Tensor, { weightIh, weightHh, biasIh, biasHh }: LstmWeights): Tensor {
  const [T, B, D] = x.shape as [number, number, number];
  const parts = inputParts(D);
  const weights = split(weightIh, parts, 1);
  const projected = split(reshape(x, [T * B, D]), parts, 1)
    .map((part, i) => linear(part, weights[i] as Tensor, i === 0 ? add(biasIh, biasHh) : undefined))
    .reduce(add);
  return recurrence(projected, weightHh, T);
}

/** Float32 numbers in 4 KiB: addresses so far apart fall into the same set of a first-level cache. */
const page = 1024;

/**
 * ONNX Runtime reads the left matrix of a product where it lies; rows that are whole pages apart push each other out of the cache. In two parts
 * of unequal width they do not, and a step at the paper's width of 1,024 is a sixth shorter.
 */
function inputParts(width: number): number[] {
  return width % page === 0 ? [width / 2 + 32, width / 2 - 32] : [width];
}

type Step = Readonly<{
  input: Tensor;
  forget: Tensor;
  cell: Tensor;
  output: Tensor;
  state: Tensor;
  squashed: Tensor;
  hidden: Tensor;
}>;

/** projected (T * B, 4H), what the inputs alone give the gates; weight (4H, H) -> the last hidden state (B, H). */
function recurrence(projected: Tensor, weight: Tensor, T: number): Tensor {
  const { graph } = projected;
  const H = weight.shape[1] as number;
  const B = (projected.shape[0] as number) / T;
  const steps: Step[] = [];
  for (const piece of cut(projected, T)) {
    const before = steps.at(-1);
    const gates = before ? product(before.hidden, weight, { transB: 1 }, piece) : piece;
    const [i, f, g, o] = pieces(gates, [H, H, H, H], 1) as [Tensor, Tensor, Tensor, Tensor];
    const input = apply("Sigmoid", i);
    const forget = apply("Sigmoid", f);
    const cell = apply("Tanh", g);
    const output = apply("Sigmoid", o);
    const written = apply("Mul", input, cell);
    const state = before ? apply("Add", apply("Mul", forget, before.state), written) : written;
    const squashed = apply("Tanh", state);
    steps.push({ input, forget, cell, output, state, squashed, hidden: apply("Mul", output, squashed) });
  }
  const last = (steps.at(-1) as Step).hidden;
  const back = (gradient: Tensor) => backThroughTime(steps, weight, gradient);
  graph.differentiable(
    [last],
    [
      { operand: projected, pull: ([d]) => back(d as Tensor) },
      {
        operand: weight,
        pull: ([d]) => {
          if (T === 1) return zeros(graph, weight.shape as [number, number]);
          const [, later] = pieces(back(d as Tensor), [B, (T - 1) * B], 0) as [Tensor, Tensor];
          return product(later, stack(steps.slice(0, -1).map(({ hidden }) => hidden)), { transA: 1 });
        },
      },
    ],
  );
  return last;
}

/** Gradient of the projected inputs (T * B, 4H), given that of the last hidden state (B, H). */
function backThroughTime(steps: readonly Step[], weight: Tensor, gradient: Tensor): Tensor {
  const { graph } = weight;
  const T = steps.length;
  const all = (name: keyof Step) => stack(steps.map((step) => step[name]));
  const [input, forget, cell, output, squashed] = [
    all("input"),
    all("forget"),
    all("cell"),
    all("output"),
    all("squashed"),
  ];
  const nothing = zeros(graph, gradient.shape as [number, number]);
  const earlier = stack([nothing, ...steps.slice(0, -1).map(({ state }) => state)]);
  const one = graph.scalar(1);
  /** s (1 - s), the slope of the logistic function where it gives s; 1 - t t, that of tanh where it gives t. */
  const logistic = (s: Tensor) => apply("Mul", s, apply("Sub", one, s));
  const flattening = (t: Tensor) => apply("Sub", one, apply("Mul", t, t));
  // Factors of the state's gradient (first three) and of the hidden state's (fourth) in those of the four gates.
  const factors = join(1, [
    apply("Mul", cell, logistic(input)),
    apply("Mul", earlier, logistic(forget)),
    apply("Mul", input, flattening(cell)),
    apply("Mul", squashed, logistic(output)),
  ]);
  const factorAt = cut(factors, T);
  const slopeAt = cut(apply("Mul", output, flattening(squashed)), T);
  const gates: Tensor[] = [];
  let hidden = gradient;
  let carried: Tensor | undefined;
  for (let t = T - 1; t >= 0; t--) {
    const own = apply("Mul", hidden, slopeAt[t] as Tensor);
    const state = carried ? apply("Add", carried, own) : own;
    const gate = apply("Mul", join(1, [state, state, state, hidden]), factorAt[t] as Tensor);
    gates.unshift(gate);
    if (t === 0) break;
    hidden = product(gate, weight, {});
    carried = apply("Mul", state, (steps[t] as Step).forget);
  }
  return stack(gates);
}

/** Nodes without derivatives of their own: the recurrence as a whole has one. */
function apply(op: string, a: Tensor, b?: Tensor): Tensor {
  const shape = a.shape.length === 0 && b ? b.shape : a.shape;
  return a.graph.node(op, b ? [a, b] : [a], [{ shape }])[0] as Tensor;
}

function join(axis: number, parts: readonly Tensor[]): Tensor {
  const [first] = parts as [Tensor];
  const total = parts.reduce((sum, { shape }) => sum + (shape[axis] as number), 0);
  const shape = first.shape.map((size, i) => (i === axis ? total : size));
  return first.graph.node("Concat", parts, [{ shape }], { axis: { int: axis } })[0] as Tensor;
}

function stack(parts: readonly Tensor[]): Tensor {
  return parts.length === 1 ? (parts[0] as Tensor) : join(0, parts);
}

/** Equal parts along the first axis. */
function cut(x: Tensor, count: number): readonly Tensor[] {
  const rows = (x.shape[0] as number) / count;
  return pieces(x, new Array<number>(count).fill(rows), 0);
}

function pieces(x: Tensor, sizes: readonly number[], axis: number): readonly Tensor[] {
  if (sizes.length === 1) return [x];
  const results = sizes.map((size) => ({ shape: x.shape.map((s, i) => (i === axis ? size : s)) }));
  const lengths = x.graph.constant(sizes, [sizes.length], "int64");
  return x.graph.node("Split", [x, lengths], results, { axis: { int: axis } });
}

type Transposes = Readonly<{ transA?: 0 | 1; transB?: 0 | 1 }>;

function product(a: Tensor, b: Tensor, { transA = 0, transB = 0 }: Transposes, plus?: Tensor): Tensor {
  const shape = [a.shape[transA === 1 ? 1 : 0] as number, b.shape[transB === 1 ? 0 : 1] as number];
  const attributes = { transA: { int: transA }, transB: { int: transB }, alpha: { float: 1 } };
  return a.graph.node("Gemm", plus ? [a, b, plus] : [a, b], [{ shape }], attributes)[0] as Tensor;
}

function zeros(graph: Graph, shape: readonly [number, number]): Tensor {
  return graph.constant(new Float32Array(shape[0] * shape[1]), shape);
}
