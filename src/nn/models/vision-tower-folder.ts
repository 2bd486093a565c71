/**
 * The vision tower that a configuration of the LLaVA-NeXT repository names (mm_vision_tower): its sizes, from a folder or, for
 * the towers that published models use, from here; and its weights, where the checkpoint leaves them out.
 */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { hasWeights, listWeights, readJson, type TensorSource } from "../checkpoint/index.ts";

/** vision_config of the towers by name, as their own config.json has it. */
const knownTowers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "clip-vit-large-patch14-336": clipLarge(336),
  "clip-vit-large-patch14": clipLarge(224),
  "siglip-so400m-patch14-384": {
    model_type: "siglip_vision_model",
    hidden_size: 1152,
    intermediate_size: 4304,
    num_hidden_layers: 27,
    num_attention_heads: 16,
    image_size: 384,
    patch_size: 14,
  },
};

function clipLarge(image_size: number) {
  return {
    model_type: "clip_vision_model",
    hidden_size: 1024,
    intermediate_size: 4096,
    num_hidden_layers: 24,
    num_attention_heads: 16,
    image_size,
    patch_size: 14,
    projection_dim: 768,
  };
}

/** config.json with vision_config filled in, where it names a tower; any other as it is. */
export function withVisionConfig(
  raw: Readonly<Record<string, unknown>>,
  folder: string,
): Readonly<Record<string, unknown>> {
  const tower = raw.mm_vision_tower;
  if (typeof tower !== "string" || raw.vision_config !== undefined) return raw;
  const place = towerFolder(tower, folder);
  const config = place === null ? knownTowers[basename(tower)] : visionConfigIn(place);
  if (config === undefined) {
    throw new Error(
      `Expected mm_vision_tower of ${join(folder, "config.json")} to be a folder beside the checkpoint or one of ${Object.keys(knownTowers).join(", ")}, got "${tower}". Download it to ${join(folder, basename(tower))}.`,
    );
  }
  if (config.model_type !== "siglip_vision_model") return { ...raw, vision_config: config };
  // The repository cuts the last layer off.
  return { ...raw, vision_config: { ...config, num_hidden_layers: Number(config.num_hidden_layers) - 1 } };
}

/** The tower's tensors in a folder of its own, by our names; none where there is no such folder. */
export function towerSources(raw: Readonly<Record<string, unknown>>, folder: string): Map<string, TensorSource> {
  const place = typeof raw.mm_vision_tower === "string" ? towerFolder(raw.mm_vision_tower, folder) : null;
  if (place === null || !hasWeights(place)) return new Map();
  return listWeights(place, (name) => name.replace(/^vision_model\./, "vision_tower."));
}

/** A folder of the tower: inside the checkpoint, beside it, or where the configuration says. */
function towerFolder(tower: string, folder: string): string | null {
  const places = [join(folder, basename(tower)), join(resolve(folder), "..", basename(tower)), resolve(folder, tower)];
  return places.find((place) => existsSync(join(place, "config.json"))) ?? null;
}

function visionConfigIn(folder: string): Record<string, unknown> {
  const raw = readJson(join(folder, "config.json"), z.looseObject({ model_type: z.string() }));
  if (raw.model_type.endsWith("_vision_model")) return raw;
  const inner = z.looseObject({}).parse(raw.vision_config ?? {});
  return { ...inner, model_type: `${raw.model_type}_vision_model` };
}
