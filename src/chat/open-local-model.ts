/**
 * A checkpoint folder as a chat model: `micro` for the one that ships with the package, or any folder's path.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { modelsFolder } from "../core/files/index.ts";
import {
  eyesOf,
  type GenerativeConfig,
  isBlind,
  loadModel,
  loraScaling,
  type WeightType,
  writesText,
} from "../nn/models/index.ts";
import type { Device } from "../nn/runtime/index.ts";
import { createTokenizer, loadTokenizer, type Tokenizer } from "../nn/tokenizer/index.ts";
import type { ChatModel } from "./chat-model.ts";
import { type ImageProcessor, parseImageProcessor, readImageProcessor } from "./image-processor.ts";
import { type LocalModelParts, localModel } from "./local-model.ts";
import { publishedTemplates } from "./published-templates.ts";

export type OpenLocalOptions = Readonly<{
  batch?: number;
  threads?: number;
  /** Where it is computed. Default "cpu". */
  device?: Device;
  /** What the decoder's matrices are in memory: fewer bits take less of it and answer faster and a little differently. */
  weights?: WeightType;
}>;

/** Open a shipped model by name, or a checkpoint folder. Throws an Error that names what is missing or does not fit. */
export function openLocalModel(nameOrFolder: string, options: OpenLocalOptions = {}): ChatModel {
  const { weights, ...rest } = options;
  return localModel({ ...localParts(nameOrFolder, weights), ...rest });
}

/** The parts of such a model in memory, for those who do more with it than ask. Throws as openLocalModel. */
export function localParts(nameOrFolder: string, type: WeightType = "float32"): LocalModelParts {
  const folder = checkpointFolder(nameOrFolder);
  const { config, weights, quantised, shapes, adapter, tokenizerFolder, processorFolder } = loadModel(folder, { type });
  if (!writesText(config)) {
    throw new Error(`Expected a model that writes text in ${folder}, got ${config.model_type}.`);
  }
  return {
    config,
    weights,
    ...(quantised && { quantised }),
    tokenizer: tokenizerOf(tokenizerFolder, config),
    name: nameOrFolder,
    shapes,
    ...(!isBlind(config) && {
      preprocessor: processorFolder === null ? clipProcessor(config) : readImageProcessor(processorFolder),
    }),
    ...(adapter && { loraScaling: loraScaling(adapter) }),
  };
}

/** What clip.load's preprocessing does, for towers that come without a file of it. */
function clipProcessor(config: GenerativeConfig): ImageProcessor {
  const side = eyesOf(config)?.imageSize ?? 224;
  return parseImageProcessor({ size: { shortest_edge: side }, crop_size: side });
}

/** The folder's tokenizer; models that publish their prompts in code and not as a template get theirs from here. */
function tokenizerOf(folder: string, { model_type }: GenerativeConfig): Tokenizer {
  const tokenizer = loadTokenizer(folder);
  const template = publishedTemplates[model_type];
  if (tokenizer.hasChatTemplate || template === undefined) return tokenizer;
  return createTokenizer(new Map([...tokenizer.files, ["chat_template.jinja", template]]), folder);
}

/** Names of the models that ship with the package: "micro" for models/zoetrope-micro. */
export function shippedModels(): string[] {
  const root = modelsFolder();
  if (!existsSync(root)) return [];
  const folders = readdirSync(root).filter((name) => existsSync(join(root, name, "config.json")));
  return folders.map((name) => name.replace(/^zoetrope-/, ""));
}

/**
 * The folder of a model reference. A name wins over a folder of the same spelling, so that `micro` means the same in every
 * directory.
 */
export function checkpointFolder(nameOrFolder: string): string {
  for (const name of [`zoetrope-${nameOrFolder}`, nameOrFolder]) {
    const folder = join(modelsFolder(), name);
    if (/^[\w-]+$/.test(name) && existsSync(join(folder, "config.json"))) return folder;
  }
  if (existsSync(nameOrFolder) && statSync(nameOrFolder).isDirectory()) return nameOrFolder;
  const shipped = shippedModels();
  const known = shipped.length === 0 ? "a checkpoint folder" : `${shipped.join(", ")} or a checkpoint folder`;
  throw new Error(`Expected a model (${known}), got "${nameOrFolder}", which is neither a shipped model nor a folder.`);
}
