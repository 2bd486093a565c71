/**
 * What a decoder is fed for a batch of prompts: rows of the embedding table, and of the images where their tokens are.
 */
import { decoderOf, type LanguageConfig } from "./language-model.ts";
import { tokensPerImage } from "./llava-config.ts";

/** Ids with tokensPerImage image tokens for each image, and the images as Generator.encodeImages gives them. */
export type Prompt = Readonly<{ ids: readonly number[]; images?: readonly Float32Array[] }>;

type Batch = Readonly<{ prompts: readonly Prompt[]; batch: number; length: number }>;

/**
 * (B, T, D), zeros behind the end of each prompt; `table` is (V, D). Throws a RangeError where ids are outside the table or
 * image tokens and images do not match.
 */
export function embedPrompts(config: LanguageConfig, table: Float32Array, { prompts, batch, length }: Batch) {
  const D = decoderOf(config).decoder.hidden_size;
  const out = new Float32Array(batch * length * D);
  prompts.forEach(({ ids, images = [] }, b) => {
    const imageToken = config.model_type === "llava" && images.length > 0 ? config.image_token_index : -1;
    const perImage = config.model_type === "llava" ? tokensPerImage(config) : 0;
    let used = 0;
    ids.forEach((id, t) => {
      let row = table.subarray(id * D, (id + 1) * D);
      if (id === imageToken) {
        const image = images[Math.floor(used / perImage)];
        row = image?.subarray((used % perImage) * D, ((used % perImage) + 1) * D) ?? row.subarray(0, 0);
        used++;
      }
      if (row.length !== D)
        throw new RangeError(
          `Expected ids below ${table.length / D} and as many images as image tokens say, got id ${id} at position ${t} of prompt ${b}.`,
        );
      out.set(row, (b * length + t) * D);
    });
    if (used !== images.length * perImage) {
      throw new RangeError(
        `Expected ${images.length * perImage} image tokens for ${images.length} images, got ${used}.`,
      );
    }
  });
  return out;
}
