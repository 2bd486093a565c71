/**
 * Losses.
 */
import { broadcastTo, reduceSum, reshape } from "./broadcast.ts";
import { div, equal, maximum, mul, where } from "./elementwise.ts";
import { addToColumns, pickColumns } from "./gather.ts";
import { describe, type Tensor } from "./graph.ts";
import { logSoftmax, softmax } from "./normalisation.ts";

export type CrossEntropyOptions = Readonly<{
  /** Rows with this label do not count. Default -100, as in PyTorch. */
  ignoreIndex?: number;
  /** float32 (N): the mean is sum(weight nll) / sum(weight) over counted rows. Not differentiable. */
  weights?: Tensor;
  /** "sum" gives sum(weight nll) and leaves the division to whoever made the weights. Default "mean". */
  reduction?: "mean" | "sum";
}>;

/**
 * Mean of -log softmax(logits)[label] over counted rows: logits (N, V), labels int32 (N) -> scalar.
 * When no row counts the loss is 0 (PyTorch gives NaN).
 */
export function crossEntropy(logits: Tensor, labels: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { graph } = logits;
  const rows = logits.shape[0] as number;
  if (logits.shape.length !== 2 || labels.shape.length !== 1 || labels.shape[0] !== rows) {
    throw new RangeError(`Expected logits (N, V) and labels (N), got ${describe(logits)} and ${describe(labels)}.`);
  }
  const ignored = equal(labels, graph.constant([options.ignoreIndex ?? -100], [], labels.dtype));
  const column = where(ignored, graph.constant([0], [], labels.dtype), labels);
  const counted = options.weights
    ? where(ignored, graph.scalar(0), options.weights)
    : where(ignored, graph.scalar(0), broadcastTo(graph.scalar(1), [rows]));
  const mean = () => div(counted, maximum(reduceSum(counted), graph.scalar(1e-12)));
  const share = reshape(options.reduction === "sum" ? counted : mean(), [rows, 1]);
  const picked = pickColumns(logSoftmax(logits), column);
  // Neg gives this node a result of its own: gradients pass here straight to the logits.
  const loss = graph.node("Neg", [reduceSum(mul(picked, share))], [{ shape: [] }])[0] as Tensor;
  const pull = (d: Tensor) => {
    const minusOnes = graph.constant(new Float32Array(rows).fill(-1), [rows, 1]);
    return mul(addToColumns(softmax(logits), column, minusOnes), mul(share, d));
  };
  graph.differentiable([loss], [{ operand: logits, pull: ([d]) => pull(d as Tensor) }]);
  return loss;
}
