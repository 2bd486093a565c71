/**
 * What a local model makes of eight frames, as a sequence of tokens in order of time: behind the vision tower, behind the
 * projector (what T3 probes), or behind a layer of the decoder that reads nothing but the frames.
 */
import { checkpointFolder, imagePixels, readImageProcessor } from "../chat/index.ts";
import type { Frame } from "../media/video/index.ts";
import { Graph } from "../nn/graph/index.ts";
import {
  bindWeights,
  decoderOf,
  imageShape,
  type LlavaConfig,
  languageFeeds,
  languageForward,
  llavaProject,
  llavaVisionFeatures,
  loadModel,
  loraScaling,
  tokensPerImage,
} from "../nn/models/index.ts";
import { compile, type Device, type Executable, type Feeds, ResidentArrays } from "../nn/runtime/index.ts";
import { loadTokenizer } from "../nn/tokenizer/index.ts";
import type { TokenGrid } from "./resize-tokens.ts";

/** Which features: `layer` counts hidden states as transformers does, 0 the embeddings, -1 the last one. */
export type FeatureKind = Readonly<{ from: "vision" | "projector" }> | Readonly<{ from: "llm-layer"; layer: number }>;

/** "vision", "projector", "llm-layer 3". */
export function featureName(kind: FeatureKind): string {
  return kind.from === "llm-layer" ? `llm-layer ${kind.layer}` : kind.from;
}

/** Reads features until it is disposed. */
export type FeatureReader = Readonly<{
  name: string;
  /** Frames in order of time -> (frames x tokens, width). */
  read(frames: readonly Frame[]): Promise<TokenGrid>;
  dispose(): Promise<void>;
}>;

/**
 * Open the checkpoint of a model reference. Throws an Error when it is no local model with a vision tower, or has no such
 * layer.
 */
export function openFeatures(
  reference: string,
  kind: FeatureKind,
  { frames: count, threads, device = "cpu" }: Readonly<{ frames: number; threads?: number; device?: Device }>,
): FeatureReader {
  if (/^(?:https?:\/\/|openai:|replay:|scripted:)/.test(reference)) {
    throw new Error(
      `Expected a local model to read visual tokens of, got "${reference}", which shows its replies only. Pass --arms video,captions, or a checkpoint folder.`,
    );
  }
  const folder = checkpointFolder(reference);
  const { config, weights, shapes, adapter } = loadModel(folder);
  if (config.model_type !== "llava") {
    throw new Error(
      `Expected a model with a vision tower and a projector (LLaVA family) in ${folder}, got ${config.model_type}. Pass --arms captions to ask it on text alone.`,
    );
  }
  const processor = readImageProcessor(folder);
  const resident = new ResidentArrays(weights, device);
  const bound = () => bindWeights(new Graph(), shapes, adapter ? { loraScaling: loraScaling(adapter) } : {});
  const open =
    kind.from === "llm-layer"
      ? llmGraph(config, folder, { kind, count, bound })
      : imageGraph(config, { kind, count, bound });
  let executable: Promise<Executable> | undefined;
  return {
    name: featureName(kind),
    async read(frames) {
      if (frames.length !== count) throw new RangeError(`Expected ${count} frames of a video, got ${frames.length}.`);
      executable ??= compile(open.graph, { device, ...(threads !== undefined && { threads }) });
      const pixels = frames.map(({ image }) => imagePixels(image, processor));
      const compiled = await executable;
      const { features } = await compiled.run({ ...(await resident.feeds(compiled)), ...open.feeds(pixels) });
      return { ...open.size, data: features as Float32Array };
    },
    async dispose() {
      await (await executable)?.dispose();
      await resident.dispose();
    },
  };
}

type Opened = Readonly<{
  graph: Graph;
  feeds: (pixels: readonly Float32Array[]) => Feeds;
  size: Readonly<{ length: number; width: number }>;
}>;

type Building<Kind> = Readonly<{ kind: Kind; count: number; bound: () => ReturnType<typeof bindWeights> }>;

function imageGraph(config: LlavaConfig, { kind, count, bound }: Building<FeatureKind>): Opened {
  const weights = bound();
  const vision = llavaVisionFeatures(
    config,
    weights,
    weights.graph.input("pixel_values", imageShape(config, count, "pixels")),
  );
  const features = kind.from === "vision" ? vision : llavaProject(config, weights, vision);
  weights.graph.output("features", features);
  const [, tokens, width] = features.shape as [number, number, number];
  return {
    graph: weights.graph,
    feeds: (pixels) => ({ pixel_values: joined(pixels) }),
    size: { length: count * tokens, width },
  };
}

type LayerKind = Extract<FeatureKind, { from: "llm-layer" }>;

/** Hidden states of a prompt of "<image>\n" a frame and nothing else, at all its positions (T3 1.6, --feat_type llm). */
function llmGraph(config: LlavaConfig, folder: string, { kind, count, bound }: Building<LayerKind>): Opened {
  const { decoder } = decoderOf(config);
  const states = decoder.num_hidden_layers + 1;
  const layer = kind.layer < 0 ? states + kind.layer : kind.layer;
  if (!(layer >= 0 && layer < states)) {
    throw new RangeError(`Expected a layer from ${-states} to ${states - 1} of ${folder}, got ${kind.layer}.`);
  }
  const tokenizer = loadTokenizer(folder);
  const placeholder = tokenizer.tokenOf(config.image_token_index) ?? "<image>";
  const ids = tokenizer
    .encode(`${placeholder}\n`.repeat(count))
    .flatMap((id) => (id === config.image_token_index ? new Array<number>(tokensPerImage(config)).fill(id) : [id]));
  const shape = { batch: 1, length: ids.length, images: count };
  const weights = bound();
  const { hidden } = languageForward(config, weights, shape);
  weights.graph.output("features", hidden[layer] as (typeof hidden)[number]);
  const labels = new Int32Array(ids.length).fill(-100);
  return {
    graph: weights.graph,
    feeds: (images) => languageFeeds(config, shape, [{ ids, labels, images }]),
    size: { length: ids.length, width: decoder.hidden_size },
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
