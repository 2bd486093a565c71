/**
 * Reverse-mode differentiation: more nodes in the same graph that compute gradients of a scalar.
 */
import { add } from "./elementwise.ts";
import { describe, sameShape, sizeOf, type Tensor } from "./graph.ts";

/**
 * d loss / d tensor for each tensor of `wrt`, in its shape. Only paths from `wrt` to the loss get gradient nodes, so
 * frozen parts cost nothing. Throws a RangeError when the loss does not depend on one of them.
 *
 * With `from`, `loss` is any tensor and `from` the gradient of some scalar with respect to it: the backward pass goes on
 * from there.
 */
export function gradients(loss: Tensor, wrt: readonly Tensor[], from?: Tensor): Tensor[] {
  const { graph } = loss;
  if (from === undefined && sizeOf(loss.shape) !== 1)
    throw new RangeError(`Expected a scalar loss, got ${describe(loss)}.`);
  if (from && !sameShape(from.shape, loss.shape))
    throw new RangeError(`Expected a gradient of the shape of ${describe(loss)}, got ${describe(from)}.`);
  // Pullbacks append derivatives of their own while we walk; those of the forward pass are the ones up to here.
  const derivatives = graph.derivatives.slice();
  const depends = new Set(wrt.map((tensor) => tensor.id));
  for (const { results, pullbacks } of derivatives) {
    if (pullbacks.some(({ operand }) => depends.has(operand.id))) for (const { id } of results) depends.add(id);
  }
  const gradientOf = new Map<number, Tensor>([[loss.id, from ?? graph.constant([1], loss.shape)]]);
  for (const { results, pullbacks } of derivatives.reverse()) {
    const arrived = results.map(({ id }) => gradientOf.get(id));
    if (arrived.every((gradient) => gradient === undefined)) continue;
    for (const { operand, pull } of pullbacks) {
      if (!depends.has(operand.id)) continue;
      const gradient = pull(arrived);
      const sum = gradientOf.get(operand.id);
      gradientOf.set(operand.id, sum ? add(sum, gradient) : gradient);
    }
  }
  return wrt.map((tensor) => {
    const gradient = gradientOf.get(tensor.id);
    if (gradient) return gradient;
    const name = graph.sources.find((source) => source.tensor.id === tensor.id)?.name ?? `tensor ${tensor.id}`;
    throw new RangeError(`The loss does not depend on "${name}" ${describe(tensor)}. Leave it out of the gradients.`);
  });
}
