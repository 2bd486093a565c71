/**
 * The parts that VTimeLLM is shipped in, found by a config.json that names them or by the folders' own names:
 *
 *     checkpoints/
 *       vicuna-7b-v1.5/                       the decoder, as LMSYS publishes it
 *       clip/ViT-L-14.pt                      CLIP, as OpenAI published it; or clip-vit-large-patch14/ of the hub
 *       vtimellm-vicuna-v1-5-7b-stage1/       mm_projector.bin
 *       vtimellm-vicuna-v1-5-7b-stage2/       a PEFT adapter
 *       vtimellm-vicuna-v1-5-7b-stage3/       another, on top of it
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import {
  hasWeights,
  listWeights,
  readJson,
  readWeightFile,
  type TensorSource,
  type WeightFile,
} from "../checkpoint/index.ts";
import { openOpenaiClip } from "./openai-clip.ts";
import { vtimellmConfigSchema } from "./vtimellm-config.ts";

export type VtimellmParts = Readonly<{
  /** A checkpoint folder. */
  base: string;
  /** A checkpoint folder of CLIP, or a file of OpenAI's. */
  visionTower: string;
  /** mm_projector.bin. */
  projector: string;
  /** Adapter folders in the order of their stages. */
  adapters: readonly string[];
  frames?: number;
}>;

const namedParts = z.looseObject({
  model_type: z.literal("vtimellm"),
  base: z.string(),
  vision_tower: z.string(),
  projector: z.string(),
  adapters: z.array(z.string()).default([]),
  num_frames: z.int().positive().optional(),
});

/** The parts of a folder; null when it is none of VTimeLLM's, or has its weights in one place. */
export function vtimellmParts(folder: string): VtimellmParts | null {
  const path = join(folder, "config.json");
  if (existsSync(path)) {
    const raw = readJson(path, z.looseObject({ model_type: z.string().optional() }));
    if (raw.model_type !== "vtimellm" || hasWeights(folder)) return null;
    const { base, vision_tower, projector, adapters, num_frames } = readJson(path, namedParts);
    const at = (part: string) => resolve(folder, part);
    return {
      base: at(base),
      visionTower: at(vision_tower),
      projector: at(projector),
      adapters: adapters.map(at),
      ...(num_frames !== undefined && { frames: num_frames }),
    };
  }
  return partsByName(folder);
}

function partsByName(folder: string): VtimellmParts | null {
  if (!existsSync(folder)) return null;
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .sort();
  const stages = inside.filter((path) => /vtimellm.*stage\d/i.test(path.slice(folder.length)));
  if (stages.length === 0) return null;
  const find = (what: string, matches: (path: string) => boolean): string => {
    const found = inside.find((path) => !stages.includes(path) && matches(path));
    if (found !== undefined) return found;
    throw new Error(
      `Expected ${what} beside VTimeLLM's stages in ${folder}, got none. Copy it there, or name the parts in a config.json (docs/models.md).`,
    );
  };
  const typeOf = (path: string) => {
    const config = join(path, "config.json");
    return existsSync(config) ? readJson(config, z.looseObject({ model_type: z.string().optional() })).model_type : "";
  };
  const projector = stages.map((stage) => join(stage, "mm_projector.bin")).find((path) => existsSync(path));
  if (projector === undefined) throw new Error(`Expected mm_projector.bin of stage 1 in ${folder}, got none.`);
  return {
    base: find("a Llama decoder (vicuna-7b-v1.5)", (path) => typeOf(path) === "llama"),
    visionTower: openaiFile(inside) ?? find("CLIP (clip/ViT-L-14.pt)", (path) => /^clip/.test(typeOf(path) ?? "")),
    projector,
    adapters: stages.filter((stage) => existsSync(join(stage, "adapter_config.json"))),
  };
}

function openaiFile(folders: readonly string[]): string | null {
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  return files.find((path) => /ViT[^/\\]*\.pt$/i.test(path)) ?? null;
}

/** The configuration that the parts make together, as config.json would say it. */
export function vtimellmConfigOf(parts: VtimellmParts): Record<string, unknown> {
  const read = (folder: string) => readJson(join(folder, "config.json"), z.looseObject({}));
  const raw = {
    model_type: "vtimellm",
    vision_config: isFile(parts.visionTower)
      ? openOpenaiClip(parts.visionTower).visionConfig
      : visionConfigOf(read(parts.visionTower)),
    text_config: read(parts.base),
    ...(parts.frames !== undefined && { num_frames: parts.frames }),
  };
  const checked = vtimellmConfigSchema.safeParse(raw);
  if (checked.success) return raw;
  throw new Error(
    `Expected CLIP in ${parts.visionTower} and a Llama decoder in ${parts.base}: ${z.prettifyError(checked.error)}.`,
  );
}

function visionConfigOf(clip: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const vision = clip.model_type === "clip" ? (clip.vision_config as Record<string, unknown>) : clip;
  return { ...vision, model_type: "clip_vision_model", projection_dim: clip.projection_dim };
}

/** Is the vision tower one file of OpenAI's, and no folder? */
export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** Where the tensors of all parts lie, by our names. */
export function vtimellmSources(parts: VtimellmParts): Map<string, TensorSource> {
  const towerName = (name: string) => name.replace(/^vision_model\./, "vision_tower.");
  const projectorName = (name: string) => name.replace(/^.*\bmm_projector\./, "mm_projector.");
  // Stages may have trained the projector further and bring it along.
  const later = parts.adapters
    .map((stage) => join(stage, "non_lora_trainables.bin"))
    .filter((path) => existsSync(path));
  const projectors = [parts.projector, ...later].flatMap((path) => tensorsOf(readWeightFile(path), projectorName));
  return new Map([
    ...listWeights(parts.base, (name) => `language_model.${name}`),
    ...(isFile(parts.visionTower)
      ? tensorsOf(openOpenaiClip(parts.visionTower).file, towerName)
      : listWeights(parts.visionTower, towerName)),
    ...projectors,
  ]);
}

function tensorsOf(file: WeightFile, rename: (name: string) => string): [string, TensorSource][] {
  return [...file.tensors].map(([name, { shape }]) => [rename(name), { file, name, shape }]);
}
