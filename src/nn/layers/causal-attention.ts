/**
 * Attention of a sequence to itself where every position sees itself and what is before it.
 */
import { attention, concat, slice, type Tensor } from "../graph/index.ts";
import { causalMask } from "./masks.ts";

/**
 * q (B, Hq, T, dh), k and v (B, Hkv, T, dh) -> (B, Hq, T, dh). A block of queries meets only the keys that it may see, so a
 * long prompt costs half the products, and its scores take T times the block instead of T squared.
 */
export function causalAttention(q: Tensor, k: Tensor, v: Tensor, { blockLength = 256 } = {}): Tensor {
  const length = q.shape[2] as number;
  if (length <= 2 * blockLength) return attention(q, k, v, { mask: causalMask(q.graph, length) });
  const blocks: Tensor[] = [];
  for (let start = 0; start < length; start += blockLength) {
    const end = Math.min(start + blockLength, length);
    const [keys, values] = [slice(k, 2, 0, end), slice(v, 2, 0, end)];
    const mask = causalMask(q.graph, end - start, end);
    blocks.push(attention(slice(q, 2, start, end), keys, values, { mask }));
  }
  return concat(blocks, 2);
}
