/**
 * Golden tensors of models that look at videos: one prompt with one video (or picture), see golden-graph.ts.
 *
 * Names are transformers': input_ids, pixel_values_videos (or pixel_values); `visual` are the rows that take the places of the
 * visual tokens, the ending included.
 */
import type { SafetensorsFile } from "../checkpoint/index.ts";
import { concat, embedding, reshape, type Tensor } from "../graph/index.ts";
import type { Feeds } from "../runtime/index.ts";
import { decoderFromStart, decoderLogits } from "./decoder.ts";
import type { Eyes, PixelSize } from "./eyes.ts";
import { eyesOf } from "./eyes-of.ts";
import { decoderOf, type SeeingConfig } from "./generative-config.ts";
import { mergeImages } from "./llava.ts";
import type { ModelWeights } from "./model-weights.ts";
import { mropePositions, type RotaryPositions, rotaryFeeds } from "./mrope.ts";
import type { QwenVlConfig } from "./qwen2-vl-config.ts";

export type GoldenVideo = Readonly<{ ids: readonly number[]; pixels: Float32Array; size: PixelSize; frames: number }>;

/** The prompt and the video of a golden file. */
export function goldenVideo(config: SeeingConfig, golden: SafetensorsFile): GoldenVideo {
  const name = golden.tensors.has("pixel_values_videos") ? "pixel_values_videos" : "pixel_values";
  const { shape, data } =
    golden.tensors.has("video_grid_thw") && (config.model_type === "qwen2_vl" || config.model_type === "qwen2_5_vl")
      ? pixelsOfPatches(config, golden.read(name).data, Array.from(golden.read("video_grid_thw").data))
      : golden.read(name);
  const [frames, , height, width] = shape.slice(-4) as [number, number, number, number];
  return {
    ids: Array.from(golden.read("input_ids").data),
    pixels: data as Float32Array,
    size: { width, height },
    frames,
  };
}

/** Qwen2-VL's rows of patches (patches, channels * frames * patch * patch) put back: (frames, channels, height, width). */
function pixelsOfPatches(
  { vision_config: vision }: QwenVlConfig,
  patches: ArrayLike<number>,
  [units = 0, rows = 0, columns = 0]: readonly number[],
): Readonly<{ shape: readonly number[]; data: Float32Array }> {
  const { patch_size: p, spatial_merge_size: m, temporal_patch_size: t, in_channels: C } = vision;
  const [height, width] = [rows * p, columns * p];
  const data = new Float32Array(units * t * C * height * width);
  let from = 0;
  /** Walk the numbers in the order of the file. */
  const walk = (sizes: readonly number[], visit: (index: readonly number[]) => void, index: number[] = []): void => {
    const size = sizes[index.length];
    if (size === undefined) visit(index);
    else for (let i = 0; i < size; i++) walk(sizes, visit, [...index, i]);
  };
  walk([units, rows / m, columns / m, m, m, C, t, p, p], (index) => {
    const [unit, square, column, dy, dx, channel, frame, y, x] = index as Nine;
    const [row, left] = [(square * m + dy) * p + y, (column * m + dx) * p + x];
    data[(((unit * t + frame) * C + channel) * height + row) * width + left] = patches[from++] as number;
  });
  return { shape: [units * t, C, height, width], data };
}

type Nine = [number, number, number, number, number, number, number, number, number];

/** M-RoPE positions of the prompt, by second_per_grid_ts where the golden file has it. */
export function goldenPositions(
  config: SeeingConfig,
  golden: SafetensorsFile,
): Readonly<{ positions?: RotaryPositions }> {
  const eyes = eyesOf(config) as Eyes;
  if (eyes.grid === undefined) return {};
  const { ids, size, frames } = goldenVideo(config, golden);
  const seconds = golden.tensors.has("second_per_grid_ts") ? (golden.read("second_per_grid_ts").data[0] as number) : 1;
  const units = Array.from({ length: frames / eyes.framesPerUnit }, (_, i) => i * seconds);
  return { positions: mropePositions(ids, eyes.tokenId, [eyes.grid(units, size)]) };
}

/** Forward pass over the golden prompt: what can be compared, by golden names, and the feeds. */
export function seeingResults(config: SeeingConfig, weights: ModelWeights, golden: SafetensorsFile) {
  const { graph } = weights;
  const eyes = eyesOf(config) as Eyes;
  const { decoder, prefix } = decoderOf(config);
  const { ids, pixels, size, frames } = goldenVideo(config, golden);
  const D = decoder.hidden_size;
  const shape = [frames, eyes.channels, size.height, size.width];
  const seen = reshape(eyes.see(weights, graph.input("pixel_values", shape)), [-1, D]);
  const visual = eyes.ending === null ? seen : concat([seen, reshape(weights.tensor(eyes.ending), [1, D])], 0);
  const isVisual = ids.map((id) => id === eyes.tokenId);
  const text = embedding(
    weights.tensor(`${prefix}model.embed_tokens.weight`),
    graph.input("input_ids", [1, ids.length], "int32"),
  );
  const rows = visual.shape[0] as number;
  let next = 0;
  const featureAt = isVisual.map((visible) => (visible ? next++ : -1));
  if (next !== rows)
    throw new Error(`Expected ${rows} visual tokens (id ${eyes.tokenId}) in the golden input_ids, got ${next}.`);
  const places = {
    featureAt: graph.constant(featureAt, [ids.length], "int32"),
    positionOf: graph.constant(
      isVisual.flatMap((visible, t) => (visible ? [t] : [])),
      [rows],
      "int32",
    ),
  };
  const embeddings = mergeImages(text, reshape(visual, [1, rows, D]), places);
  const positions = goldenPositions(config, golden);
  const { hidden } = decoderFromStart(decoder, weights, embeddings, prefix);
  const results = new Map(hidden.map((state, i) => [`hidden.${i}`, state]));
  results.set("visual", visual);
  results.set("logits", decoderLogits(decoder, weights, hidden.at(-1) as Tensor, prefix));
  const feeds: Feeds = {
    ...rotaryFeeds(decoder, { prompts: [{ ids, ...positions }], batch: 1, length: ids.length }),
    pixel_values: pixels,
    input_ids: Int32Array.from(ids, (id) => Math.max(id, 0)),
  };
  return { results, feeds };
}
