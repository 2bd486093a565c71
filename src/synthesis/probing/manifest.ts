/**
 * probing.json: what a folder of probing videos was made of. Sets from elsewhere have none and hold T3's own items.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseJsonFile, writeAtomically } from "../../core/files/index.ts";
import type { ProbingVocabulary } from "./vocabulary.ts";

const item = z.object({ folder: z.string().min(1), name: z.string().min(1) });

const vocabulary: z.ZodType<ProbingVocabulary> = z.object({
  items: z.array(item).length(3),
  ramp: z.object({ train: item, val: item }),
  change: z.enum(["bloom", "growth", "playback"]),
});

const count = z.int().positive();

const schema = z.object({
  format: z.literal("zoetrope-probing"),
  version: z.literal(1),
  vocabulary,
  aspects: z.array(z.string()),
  /** Videos a class. */
  counts: z.object({ two: count, three: count, six: count }),
  seed: z.string(),
  options: z.enum(["fixed", "shuffled"]),
  source: z.record(z.string(), z.unknown()),
  /** False while the videos are being written. */
  complete: z.boolean(),
});

export type ProbingManifest = Readonly<z.output<typeof schema>>;

const nameOf = (folder: string) => join(folder, "probing.json");

/** The manifest of a folder, or null where there is none. Throws an Error that names the fault. */
export function readProbingManifest(folder: string): ProbingManifest | null {
  const path = nameOf(folder);
  if (!existsSync(path)) return null;
  const result = schema.safeParse(parseJsonFile(path));
  if (result.success) return result.data;
  throw new Error(
    `Expected the record of a probing set in ${path}: ${z.prettifyError(result.error)}. Make the set again.`,
  );
}

export function writeProbingManifest(folder: string, manifest: ProbingManifest): void {
  writeAtomically(nameOf(folder), [`${JSON.stringify(manifest, null, 2)}\n`]);
}
