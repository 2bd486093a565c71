/**
 * One batch through a decoder, alone or inside LLaVA: ids and images in, hidden states, logits and loss out.
 *
 * Training and checking share it; what a batch's numbers are fed as is in language-batch.ts, generation in generator.ts.
 */
import { crossEntropy, embedding, type Graph, reshape, type Tensor } from "../graph/index.ts";
import { decoderFromStart, decoderLogits, decoderShapes } from "./decoder.ts";
import type { DecoderConfig } from "./decoder-config.ts";
import { decoderOf } from "./generative-config.ts";
import { llavaProject, llavaShapes, llavaVisionFeatures, mergeImages } from "./llava.ts";
import { type LlavaConfig, tokensPerImage } from "./llava-config.ts";
import type { ModelWeights } from "./model-weights.ts";
import { selectedTokens } from "./vision-tower.ts";

export type LanguageConfig = DecoderConfig | LlavaConfig;

/** Sizes of a batch; a graph is built for one of them. */
export type BatchShape = Readonly<{
  /** Sequences. */
  batch: number;
  /** Positions of a sequence; shorter ones are padded at the end. */
  length: number;
  /** Images of the whole batch; 0 or absent for text alone, which then needs no vision weights. */
  images?: number;
  /** Feed pixels, or what llavaVisionFeatures made of them (worth keeping while the vision tower is frozen). */
  imageInput?: "pixels" | "features";
  /** Positions of a sequence that may carry a target. The last layer and the logits are computed for these alone. Absent: all. */
  lossRows?: number;
  /** Feed a weight for each target. */
  weighted?: boolean;
}>;

export type LanguageOutputs = Readonly<{
  /** The embeddings, then what each layer gives, the last one normed: (B, T, D) each; the last (B, lossRows, D). */
  hidden: readonly Tensor[];
  /** (B * T, V), or (B * lossRows, V). */
  logits: Tensor;
  /** Mean cross entropy over the targets. */
  loss: Tensor;
}>;

/** Names and shapes of the parameters of a decoder or of LLaVA, the models that are trained here. */
export function languageShapes(config: LanguageConfig): Map<string, readonly number[]> {
  return config.model_type === "llava" ? llavaShapes(config) : decoderShapes(config);
}

/** Shape of the image feed: pixels (N, channels, size, size), or vision features (N, selected tokens, vision width * layers). */
export function imageShape(config: LlavaConfig, images: number, input: "pixels" | "features"): readonly number[] {
  const vision = config.vision_config;
  if (input === "pixels") return [images, vision.num_channels, vision.image_size, vision.image_size];
  const tokens = selectedTokens(vision, config.vision_feature_select_strategy);
  return [images, tokens, vision.hidden_size * [config.vision_feature_layer].flat().length];
}

/**
 * Build the forward pass and the loss. Inputs: input_ids (B, T), targets and, when asked for, loss_rows, loss_weights,
 * pixel_values or image_features, feature_at, position_of; languageFeeds fills them.
 */
export function languageForward(config: LanguageConfig, weights: ModelWeights, shape: BatchShape): LanguageOutputs {
  const { graph } = weights;
  const { batch: B, length: T } = shape;
  const { decoder, prefix } = decoderOf(config);
  const table = weights.tensor(`${prefix}model.embed_tokens.weight`);
  const text = embedding(table, graph.input("input_ids", [B, T], "int32"));
  const embeddings = shape.images ? withImages(config, weights, shape, text) : text;
  const wanted = shape.lossRows ? graph.input("loss_rows", [B, shape.lossRows], "int32") : undefined;
  const { hidden } = decoderFromStart(decoder, weights, embeddings, prefix, wanted && { wanted });
  const rows = reshape(hidden.at(-1) as Tensor, [-1, decoder.hidden_size]);
  const logits = decoderLogits(decoder, weights, rows, prefix);
  return { hidden, logits, loss: targetLoss(graph, logits, shape.weighted ?? false) };
}

function targetLoss(graph: Graph, logits: Tensor, weighted: boolean): Tensor {
  const rows = logits.shape[0] as number;
  const targets = graph.input("targets", [rows], "int32");
  return crossEntropy(logits, targets, weighted ? { weights: graph.input("loss_weights", [rows]) } : {});
}

function withImages(config: LanguageConfig, weights: ModelWeights, shape: BatchShape, text: Tensor): Tensor {
  if (config.model_type !== "llava") {
    throw new TypeError(`Expected a LLaVA configuration for a batch with images, got "${config.model_type}".`);
  }
  const { graph } = weights;
  const { batch, length, images = 0, imageInput = "pixels" } = shape;
  const name = imageInput === "pixels" ? "pixel_values" : "image_features";
  const fed = graph.input(name, imageShape(config, images, imageInput));
  const features = imageInput === "pixels" ? llavaVisionFeatures(config, weights, fed) : fed;
  return mergeImages(text, llavaProject(config, weights, features), {
    featureAt: graph.input("feature_at", [batch * length], "int32"),
    positionOf: graph.input("position_of", [images * tokensPerImage(config)], "int32"),
  });
}
