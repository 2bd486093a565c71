/**
 * Pictures and texts as vectors of unit length in one space: CLIP's two towers, or, for a LLaVA model whose pictures were drawn to
 * words (docs/decisions/002), the mean of the visual tokens and the mean of the words' embeddings.
 */
import { checkpointFolder, imagePixels, readImageProcessor } from "../../src/chat/index.ts";
import type { RgbaImage } from "../../src/media/image/index.ts";
import { Graph } from "../../src/nn/graph/index.ts";
import {
  bindWeights,
  type ClipConfig,
  clipImageEmbeds,
  clipTextEmbeds,
  clipVisionHidden,
  decoderOf,
  endRows,
  type LoadedModel,
  loadModel,
} from "../../src/nn/models/index.ts";
import { compile, type Feeds } from "../../src/nn/runtime/index.ts";
import { loadTokenizer } from "../../src/nn/tokenizer/index.ts";
import { openFeatures } from "../../src/probes/index.ts";

export type Embedder = Readonly<{
  name: string;
  /** What the vectors are, in words. */
  space: string;
  images(images: readonly RgbaImage[], signal?: AbortSignal): Promise<Float32Array[]>;
  texts(texts: readonly string[]): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}>;

const batch = 16;

/** Open a checkpoint folder or a shipped model. Throws an Error where it has no space that pictures and texts share. */
export function openEmbedder(reference: string): Embedder {
  const folder = checkpointFolder(reference);
  const model = loadModel(folder);
  switch (model.config.model_type) {
    case "clip":
      return clipEmbedder(reference, folder, model, model.config);
    case "llava":
      return wordEmbedder(reference, folder, model);
    default:
      throw new Error(
        `Expected a CLIP or LLaVA checkpoint in ${folder}, got ${model.config.model_type}. Pass one with a vision and a text side.`,
      );
  }
}

function clipEmbedder(name: string, folder: string, { weights, shapes }: LoadedModel, config: ClipConfig): Embedder {
  const processor = readImageProcessor(folder);
  const tokenizer = loadTokenizer(folder);
  const fed: Feeds = Object.fromEntries([...weights].map(([key, { data }]) => [key, data]));
  const { vision_config: vision, text_config: text } = config;
  const imageGraph = () => {
    const bound = bindWeights(new Graph(), shapes);
    const side = vision.image_size;
    const pixels = bound.graph.input("pixel_values", [batch, vision.num_channels, side, side]);
    const hidden = clipVisionHidden(vision, bound, pixels, { prefix: "vision_model." });
    bound.graph.output("embeds", clipImageEmbeds(vision, bound, hidden.at(-1) as (typeof hidden)[number]));
    return compile(bound.graph);
  };
  const textGraph = (length: number) => {
    const bound = bindWeights(new Graph(), shapes);
    const ids = bound.graph.input("input_ids", [batch, length], "int32");
    const rows = bound.graph.input("end_rows", [batch], "int32");
    bound.graph.output("embeds", clipTextEmbeds(text, bound, ids, rows));
    return compile(bound.graph);
  };
  let images: ReturnType<typeof imageGraph> | undefined;
  return {
    name,
    space: "CLIP's joint space",
    async images(list, signal) {
      images ??= imageGraph();
      const executable = await images;
      return inBatches(list, async (chunk) => {
        signal?.throwIfAborted();
        const pixels = chunk.map((image) => imagePixels(image, processor));
        const size = pixels[0]?.length ?? 0;
        const feed = new Float32Array(batch * size);
        pixels.forEach((each, i) => {
          feed.set(each, i * size);
        });
        return (await executable.run({ ...fed, pixel_values: feed })).embeds as Float32Array;
      });
    },
    async texts(list) {
      const longest = text.max_position_embeddings;
      const end = tokenizer.eosId ?? text.eos_token_id;
      const all = list.map((each) => {
        const ids = tokenizer.encode(each, { addSpecialTokens: true });
        return ids.at(-1) === end ? ids : [...ids, end];
      });
      // A text that is cut still ends in its end token, whose state is the embedding.
      const ids = all.map((row) => (row.length <= longest ? row : [...row.slice(0, longest - 1), end]));
      const length = Math.max(...ids.map((row) => row.length));
      const executable = await textGraph(length);
      try {
        return await inBatches(ids, async (chunk) => {
          const filled = Array.from({ length: batch }, (_, i) => chunk[i] ?? (chunk[0] as number[]));
          // Nothing attends to what stands behind the end token, but its id must not be a second, higher one.
          const rows = filled.map((row) => [...row, ...new Array<number>(length - row.length).fill(row[0] as number)]);
          const feeds = { input_ids: Int32Array.from(rows.flat()), end_rows: endRows(text, rows) };
          return (await executable.run({ ...fed, ...feeds })).embeds as Float32Array;
        });
      } finally {
        await executable.dispose();
      }
    },
    async dispose() {
      await (await images)?.dispose();
    },
  };
}

function wordEmbedder(name: string, folder: string, { config, weights }: LoadedModel): Embedder {
  const tokenizer = loadTokenizer(folder);
  const features = openFeatures(name, { from: "projector" }, { frames: 1 });
  const { prefix, decoder } = decoderOf(config as Parameters<typeof decoderOf>[0]);
  const table = weights.get(`${prefix}model.embed_tokens.weight`)?.data as Float32Array;
  const width = decoder.hidden_size;
  const meanOf = (rows: readonly Float32Array[]) => {
    const sum = new Float32Array(width);
    for (const row of rows)
      for (let i = 0; i < width; i++) sum[i] = (sum[i] as number) + (row[i] as number) / rows.length;
    return sum;
  };
  /** What all have in common says nothing about which is which. */
  const centred = (vectors: readonly Float32Array[]) => {
    const mean = vectors.length > 1 ? meanOf(vectors) : new Float32Array(width);
    return vectors.map((vector) => unit(vector.map((value, i) => value - (mean[i] as number))));
  };
  return {
    name,
    space: "mean visual token against mean word embedding, each without its mean",
    async images(list, signal) {
      const vectors: Float32Array[] = [];
      for (const [index, image] of list.entries()) {
        signal?.throwIfAborted();
        const { length, data } = await features.read([{ image, time: 0, index }]);
        vectors.push(meanOf(Array.from({ length }, (_, i) => data.subarray(i * width, (i + 1) * width))));
      }
      return centred(vectors);
    },
    async texts(list) {
      const rows = (text: string) =>
        tokenizer.encode(` ${text}`).map((id) => table.subarray(id * width, (id + 1) * width));
      return centred(list.map((text) => meanOf(rows(text))));
    },
    dispose: () => features.dispose(),
  };
}

/** Rows of a function of batches, as vectors of unit length. */
async function inBatches<T>(
  items: readonly T[],
  run: (chunk: readonly T[]) => Promise<Float32Array>,
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let start = 0; start < items.length; start += batch) {
    const chunk = items.slice(start, start + batch);
    const rows = await run(chunk);
    const width = rows.length / batch;
    chunk.forEach((_, i) => {
      vectors.push(unit(rows.slice(i * width, (i + 1) * width)));
    });
  }
  return vectors;
}

function unit(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector) || 1;
  return vector.map((value) => value / norm);
}
