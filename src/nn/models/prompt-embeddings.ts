/**
 * What a decoder is fed for a batch of prompts: rows of the embedding table, and of pictures where their tokens are.
 */
import { eyesOf } from "./eyes-of.ts";
import { decoderOf, type GenerativeConfig } from "./generative-config.ts";
import type { RotaryPositions } from "./mrope.ts";
import { dequantisedRow, type QuantisedMatrix } from "./quantised-matrix.ts";

/**
 * Ids with a visual token for each row of the pictures, and those rows (rows * D), as VisualEncoder.join gives them; and
 * where the decoder has M-RoPE, the positions (mropePositions), which are 0, 1, 2, ... in a prompt without pictures.
 */
export type Prompt = Readonly<{
  ids: readonly number[];
  images?: readonly Float32Array[];
  positions?: RotaryPositions;
}>;

/** Embeddings of ids: a matrix (V, D), or a quantised one. */
export type EmbeddingTable = Float32Array | QuantisedMatrix;

type Batch = Readonly<{ prompts: readonly Prompt[]; batch: number; length: number }>;

/**
 * (B, T, D), zeros behind the end of each prompt; `table` is (V, D). Throws a RangeError where ids are outside the table or
 * visual tokens and rows do not match.
 */
export function embedPrompts(config: GenerativeConfig, table: EmbeddingTable, { prompts, batch, length }: Batch) {
  const D = decoderOf(config).decoder.hidden_size;
  const out = new Float32Array(batch * length * D);
  const tokenId = eyesOf(config)?.tokenId;
  const known = table instanceof Float32Array ? table.length / D : table.shape[0];
  const rowOf = (id: number) => {
    if (!(id >= 0 && id < known)) return undefined;
    return table instanceof Float32Array ? table.subarray(id * D, (id + 1) * D) : dequantisedRow(table, id);
  };
  prompts.forEach(({ ids, images = [] }, b) => {
    const rows = images.reduce((sum, image) => sum + image.length / D, 0);
    const tokens = images.length === 0 ? 0 : ids.filter((id) => id === tokenId).length;
    if (tokens !== rows) {
      throw new RangeError(
        `Expected ${rows} image tokens for ${images.length} images in prompt ${b}, got ${tokens}. Repeat the token for each row.`,
      );
    }
    let [image, at] = [0, 0];
    ids.forEach((id, t) => {
      const isVisual = images.length > 0 && id === tokenId;
      if (isVisual && at === images[image]?.length) [image, at] = [image + 1, 0];
      const row = isVisual ? images[image]?.subarray(at, at + D) : rowOf(id);
      if (isVisual) at += D;
      if (row?.length !== D)
        throw new RangeError(`Expected ids below ${known}, got ${id} at position ${t} of prompt ${b}.`);
      out.set(row, (b * length + t) * D);
    });
  });
  return out;
}
