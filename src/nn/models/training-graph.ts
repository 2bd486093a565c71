/**
 * Graphs for training: the loss and the gradient of every trainable parameter as outputs.
 *
 * Feeds are the batch's (languageFeeds) and the parameters by name; updating them is left to nn/optim.
 */
import type { AdapterConfig, Shapes, Weights } from "../checkpoint/index.ts";
import { Graph, gradients, type Tensor } from "../graph/index.ts";
import { clipImageEmbeds, clipLogits, clipLoss, clipShapes, clipTextEmbeds, clipVisionHidden } from "./clip.ts";
import type { ClipConfig } from "./clip-config.ts";
import { type BatchShape, type LanguageConfig, languageForward, languageShapes } from "./language-model.ts";
import { loraScaling, loraShapes } from "./lora.ts";
import { bindWeights, type ModelWeights } from "./model-weights.ts";

export type TrainingOptions = Readonly<{
  /** Which parameters get a gradient. Default: all, or the adapter's when there is one. */
  trainable?: (name: string) => boolean;
  /** Frozen weights to build into the graph, so that they need not be fed. Trainable ones among them stay parameters. */
  fixed?: Weights;
  /** Train a LoRA adapter of this configuration. */
  lora?: AdapterConfig;
}>;

export type TrainingGraph = Readonly<{
  graph: Graph;
  loss: Tensor;
  /** Parameters that have an output `grad.NAME`. Those that the loss does not depend on are not among them. */
  trainable: readonly string[];
  /** Shapes of every parameter of the model, adapter included, fed or not. */
  shapes: Shapes;
}>;

/** Loss and gradients of a decoder or of LLaVA. Outputs: loss (a scalar), grad.NAME for each trainable parameter. */
export function languageTraining(
  config: LanguageConfig,
  shape: BatchShape,
  options: TrainingOptions = {},
): TrainingGraph {
  const base = languageShapes(config);
  const adapter = options.lora ? loraShapes(base, options.lora) : new Map<string, readonly number[]>();
  const trainable = options.trainable ?? ((name) => options.lora === undefined || adapter.has(name));
  const shapes = new Map([...base, ...adapter]);
  return training(shapes, { ...options, trainable }, (weights) => languageForward(config, weights, shape).loss);
}

/**
 * Contrastive loss and gradients of CLIP over `pairs` images and texts. Inputs: pixel_values (N, channels, size, size),
 * input_ids int32 (N, length), end_rows int32 (N) of endRows.
 */
export function clipTraining(
  config: ClipConfig,
  shape: Readonly<{ pairs: number; length: number }>,
  options: TrainingOptions = {},
): TrainingGraph {
  return training(clipShapes(config), options, (weights) => {
    const { graph } = weights;
    const { num_channels, image_size } = config.vision_config;
    const pixels = graph.input("pixel_values", [shape.pairs, num_channels, image_size, image_size]);
    const hidden = clipVisionHidden(config.vision_config, weights, pixels, { prefix: "vision_model." });
    const images = clipImageEmbeds(config.vision_config, weights, hidden.at(-1) as Tensor);
    const ids = graph.input("input_ids", [shape.pairs, shape.length], "int32");
    const ends = graph.input("end_rows", [shape.pairs], "int32");
    return clipLoss(clipLogits(weights, images, clipTextEmbeds(config.text_config, weights, ids, ends)));
  });
}

function training(shapes: Shapes, options: TrainingOptions, loss: (weights: ModelWeights) => Tensor): TrainingGraph {
  const { trainable = () => true, lora } = options;
  const graph = new Graph();
  const fixed = new Map([...(options.fixed ?? [])].filter(([name]) => !trainable(name)));
  const weights = bindWeights(graph, shapes, { fixed, ...(lora && { loraScaling: loraScaling(lora) }) });
  const scalar = loss(weights);
  // Only parameters that the forward pass asked for are in the graph.
  const used = graph.sources.filter(({ kind, name }) => kind === "parameter" && trainable(name));
  if (used.length === 0) throw new Error("Expected trainable parameters that the loss depends on, got none.");
  const found = gradients(
    scalar,
    used.map(({ tensor }) => tensor),
  );
  graph.output("loss", scalar);
  used.forEach(({ name }, i) => {
    graph.output(`grad.${name}`, found[i] as Tensor);
  });
  return { graph, loss: scalar, trainable: used.map(({ name }) => name), shapes };
}
