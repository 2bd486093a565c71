/**
 * The graph that computes what a golden file may hold, under the golden file's names, and its feeds.
 *
 * Golden files are made with transformers; see verify-checkpoint.ts for the comparison.
 */
import { adapterParameterName, type SafetensorsFile } from "../checkpoint/index.ts";
import { Graph, gradients, normalize, type Tensor } from "../graph/index.ts";
import type { Feeds } from "../runtime/index.ts";
import { clipImageEmbeds, clipLogits, clipLoss, clipTextEmbeds, clipVisionHidden, endRows } from "./clip.ts";
import type { ClipConfig, ClipVisionConfig } from "./clip-config.ts";
import { seeingResults } from "./golden-seeing.ts";
import { ignoredLabel, languageFeeds, type Sequence } from "./language-batch.ts";
import { type BatchShape, imageShape, type LanguageConfig, languageForward } from "./language-model.ts";
import { tokensPerImage } from "./llava-config.ts";
import type { LoadedModel } from "./load-model.ts";
import { loraScaling } from "./lora.ts";
import { parameterName } from "./model-shapes.ts";
import { bindWeights, type ModelWeights } from "./model-weights.ts";
import { siglipNormed, siglipPooled, siglipVisionHidden } from "./siglip.ts";
import type { SiglipVisionConfig } from "./siglip-config.ts";

export type GoldenGraph = Readonly<{ graph: Graph; feeds: Feeds }>;

/** Build the graph of every tensor in the golden file that we can compute. */
export function goldenGraph(model: LoadedModel, golden: SafetensorsFile): GoldenGraph {
  const graph = new Graph();
  const weights = bindWeights(graph, model.shapes, model.adapter ? { loraScaling: loraScaling(model.adapter) } : {});
  const { results, feeds } = forward(model, weights, golden);
  const wanted = [...golden.tensors.keys()];
  for (const name of wanted) {
    const result = results.get(name);
    if (result) graph.output(name, result);
  }
  const loss = results.get("loss");
  const graded = wanted.filter((name) => name.startsWith("grad."));
  if (loss && graded.length > 0) {
    const parameters = graded.map((name) => weights.tensor(parameterOf(model, name)));
    gradients(loss, parameters).forEach((gradient, i) => {
      graph.output(graded[i] as string, gradient);
    });
  }
  const parameters = [...model.weights].map(([name, { data }]) => [name, data] as const);
  return { graph, feeds: { ...Object.fromEntries(parameters), ...feeds } };
}

/** grad.NAME in transformers' or PEFT's words -> our name of the parameter. */
function parameterOf(model: LoadedModel, name: string): string {
  return parameterName(model.config)(adapterParameterName(name.replace(/^grad\./, "")));
}

type Forward = Readonly<{ results: ReadonlyMap<string, Tensor>; feeds: Feeds }>;

function forward(model: LoadedModel, weights: ModelWeights, golden: SafetensorsFile): Forward {
  const { config } = model;
  switch (config.model_type) {
    case "clip":
      return clipForward(config, weights, golden);
    case "clip_vision_model":
      return visionForward(config, weights, golden);
    case "siglip_vision_model":
      return siglipForward(config, weights, golden);
    case "llama":
    case "qwen2":
    case "llava":
      return languageResults(config, weights, golden);
    default:
      return seeingResults(config, weights, golden);
  }
}

function languageResults(config: LanguageConfig, weights: ModelWeights, golden: SafetensorsFile): Forward {
  const sequences = goldenSequences(config, golden);
  const images = sequences.reduce((sum, sequence) => sum + (sequence.images?.length ?? 0), 0);
  const shape: BatchShape = { batch: sequences.length, length: sequences[0]?.ids.length ?? 0, images };
  const { hidden, logits, loss } = languageForward(config, weights, shape);
  const results = new Map(hidden.map((state, i) => [`hidden.${i}`, state]));
  results.set("logits", logits).set("last_hidden_state", hidden.at(-1) as Tensor);
  if (golden.tensors.has("labels")) results.set("loss", loss);
  return { results, feeds: languageFeeds(config, shape, sequences) };
}

/** The sequences of a golden file, each with its images. */
export function goldenSequences(config: LanguageConfig, golden: SafetensorsFile): Sequence[] {
  const ids = rowsOf(golden, "input_ids");
  const labels = golden.tensors.has("labels") ? rowsOf(golden, "labels") : null;
  let pixels: Float32Array[] = [];
  if (config.model_type === "llava" && golden.tensors.has("pixel_values")) {
    const all = golden.read("pixel_values").data as Float32Array;
    const size = imageShape(config, 1, "pixels").reduce((a, b) => a * b, 1);
    pixels = Array.from({ length: all.length / size }, (_, i) => all.subarray(i * size, (i + 1) * size));
  }
  return ids.map((row, b) => {
    const count = config.model_type === "llava" ? row.filter((id) => id === config.image_token_index).length : 0;
    const images = config.model_type === "llava" ? pixels.splice(0, count / tokensPerImage(config)) : [];
    return { ids: row, labels: labels?.[b] ?? row.map(() => ignoredLabel), images };
  });
}

function clipForward(config: ClipConfig, weights: ModelWeights, golden: SafetensorsFile): Forward {
  const { graph } = weights;
  const pixels = golden.read("pixel_values");
  const ids = rowsOf(golden, "input_ids");
  const input = graph.input("pixel_values", pixels.shape);
  const hidden = clipVisionHidden(config.vision_config, weights, input, { prefix: "vision_model." });
  const images = clipImageEmbeds(config.vision_config, weights, hidden.at(-1) as Tensor);
  const tokens = graph.input("input_ids", [ids.length, ids[0]?.length ?? 0], "int32");
  const texts = clipTextEmbeds(config.text_config, weights, tokens, graph.input("end_rows", [ids.length], "int32"));
  const logits = clipLogits(weights, images, texts);
  const results = new Map([
    ["image_embeds", normalize(images)],
    ["text_embeds", normalize(texts)],
    ["logits_per_image", logits],
  ]);
  if (images.shape[0] === texts.shape[0]) results.set("loss", clipLoss(logits));
  const feeds = {
    pixel_values: pixels.data,
    input_ids: Int32Array.from(ids.flat()),
    end_rows: endRows(config.text_config, ids),
  };
  return { results, feeds };
}

function visionForward(config: ClipVisionConfig, weights: ModelWeights, golden: SafetensorsFile): Forward {
  const pixels = golden.read("pixel_values");
  const input = weights.graph.input("pixel_values", pixels.shape);
  const hidden = clipVisionHidden(config, weights, input, { prefix: "vision_model." });
  const last = hidden.at(-1) as Tensor;
  const results = new Map(hidden.map((state, i) => [`hidden.${i}`, state]));
  results.set("last_hidden_state", last);
  if (golden.tensors.has("image_embeds")) results.set("image_embeds", clipImageEmbeds(config, weights, last));
  return { results, feeds: { pixel_values: pixels.data } };
}

function siglipForward(config: SiglipVisionConfig, weights: ModelWeights, golden: SafetensorsFile): Forward {
  const prefix = "vision_model.";
  const pixels = golden.read("pixel_values");
  const hidden = siglipVisionHidden(config, weights, weights.graph.input("pixel_values", pixels.shape), { prefix });
  const normed = siglipNormed(config, weights, hidden.at(-1) as Tensor, prefix);
  const results = new Map(hidden.map((state, i) => [`hidden.${i}`, state])).set("last_hidden_state", normed);
  if (config.vision_use_head) results.set("image_embeds", siglipPooled(config, weights, normed, prefix));
  return { results, feeds: { pixel_values: pixels.data } };
}

function rowsOf(golden: SafetensorsFile, name: string): number[][] {
  const { shape, data } = golden.read(name);
  const [rows, columns] = shape as [number, number];
  return Array.from({ length: rows }, (_, row) => Array.from(data.subarray(row * columns, (row + 1) * columns)));
}
