/**
 * A checkpoint folder before any weight is read: its configuration, what it should hold and where everything lies.
 */
import type { Shapes, TensorSource } from "../checkpoint/index.ts";
import { listWeights } from "../checkpoint/index.ts";
import { type ModelConfig, parseModelConfig, readModelConfig } from "./model-config.ts";
import { modelShapes, parameterName } from "./model-shapes.ts";
import { towerSources } from "./vision-tower-folder.ts";
import { isFile, vtimellmConfigOf, vtimellmParts, vtimellmSources } from "./vtimellm-parts.ts";

export type OpenCheckpoint = Readonly<{
  folder: string;
  config: ModelConfig;
  /** The content of config.json, for saving it again. */
  rawConfig: Readonly<Record<string, unknown>>;
  /** Of every parameter that the model needs, by our names. */
  shapes: Shapes;
  /** Of every tensor that is there, by our names. */
  sources: ReadonlyMap<string, TensorSource>;
  /** Folders of adapters that belong to it, in the order in which they were trained on top of each other. */
  adapters: readonly string[];
  /** Where its tokenizer and its image processor lie; null of a CLIP of OpenAI's, whose processor is always the same. */
  tokenizerFolder: string;
  processorFolder: string | null;
}>;

/** Look at a folder (no adapter). Throws when it is no checkpoint, its model is unknown or its files are damaged. */
export function openCheckpoint(folder: string): OpenCheckpoint {
  const parts = vtimellmParts(folder);
  if (parts !== null) {
    const rawConfig = vtimellmConfigOf(parts);
    const config = parseModelConfig(rawConfig, folder);
    const sources = vtimellmSources(parts);
    const places = {
      adapters: parts.adapters,
      tokenizerFolder: parts.base,
      processorFolder: isFile(parts.visionTower) ? null : parts.visionTower,
    };
    return { folder, config, rawConfig, shapes: modelShapes(config), sources, ...places };
  }
  const { config, raw } = readModelConfig(folder);
  const sources = new Map([...towerSources(raw, folder), ...listWeights(folder, parameterName(config))]);
  const shapes = modelShapes(config);
  // A vision checkpoint may come without its projection, which only embeddings need.
  if (config.model_type === "clip_vision_model" && !sources.has("visual_projection.weight")) {
    shapes.delete("visual_projection.weight");
  }
  const places = { adapters: [], tokenizerFolder: folder, processorFolder: folder };
  return { folder, config, rawConfig: raw, shapes, sources, ...places };
}
