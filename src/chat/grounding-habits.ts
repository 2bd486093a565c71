/**
 * How a checkpoint wants to be asked when something happens: grounding.json beside its weights. Only models that were trained for it have
 * one; what it says are defaults of `zoetrope ground`.
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../nn/checkpoint/index.ts";
import { checkpointFolder, shippedModels } from "./open-local-model.ts";

const habitsSchema = z.object({
  /** Height of the font of numbers, as a share of the frame's shorter side. */
  numberScale: z.number().positive().max(1),
  /** Frames a second. */
  fps: z.number().positive(),
  /** Wording of the question, one of tasks' groundingPrompts. */
  prompt: z.string(),
});

export type GroundingHabits = Readonly<z.infer<typeof habitsSchema>>;

/** The habits of a model reference; null for models that have none, endpoints among them. */
export function groundingHabits(reference: string): GroundingHabits | null {
  const isFolder = existsSync(reference) && statSync(reference).isDirectory();
  if (!isFolder && !shippedModels().includes(reference.replace(/^zoetrope-/, ""))) return null;
  const path = join(checkpointFolder(reference), "grounding.json");
  return existsSync(path) ? readJson(path, habitsSchema) : null;
}
