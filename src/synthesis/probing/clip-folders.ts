/**
 * A user's folder of clips: a sub-folder for each of three things, clips apart for training and validation.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Rng } from "../../core/math/index.ts";
import type { ProbingSplit } from "./aspects.ts";
import { type Clip, clipsIn } from "./clip.ts";
import { folderOf, type ProbingItem, type ProbingVocabulary, t3Vocabulary } from "./vocabulary.ts";

export type ClipFolders = Readonly<{
  vocabulary: ProbingVocabulary;
  /** Clips by the name of an item, in questions. */
  clips: ReadonlyMap<string, Readonly<Record<ProbingSplit, readonly Clip[]>>>;
}>;

/** Sub-folders that are T3's items under another name. */
const t3Names: readonly (readonly [folders: readonly string[], item: ProbingItem])[] = [
  [["cat", "cats"], t3Vocabulary.items[0] as ProbingItem],
  [["person", "people"], t3Vocabulary.items[1] as ProbingItem],
  [["flower", "flowers", "bloom"], t3Vocabulary.items[2] as ProbingItem],
];

/**
 * Read the sub-folders. `items` names them in order, the blooming one last; without it T3's names, or three sub-folders in order
 * of the alphabet. Throws an Error that says which folder is missing, empty or has no clip to spare for validation.
 */
export async function readClipFolders(folder: string, items?: readonly string[]): Promise<ClipFolders> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new Error(`Expected a folder of clips, got "${folder}". Pass one with a sub-folder for each of three items.`);
  }
  const found = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const names = items ?? t3Folders(found) ?? found.filter((name) => name !== "car");
  if (names.length !== 3) {
    throw new Error(
      `Expected sub-folders for three items in ${folder}, got ${found.length === 0 ? "none" : found.join(", ")}. Name three of them with --items.`,
    );
  }
  const missing = names.find((name) => !found.includes(name));
  if (missing !== undefined)
    throw new Error(`Expected a sub-folder "${missing}" in ${folder}, got ${found.join(", ")}.`);
  const drawn = names.map((name) => t3Item(name) ?? { folder: folderOf(name), name });
  const [first, second, third] = drawn as [ProbingItem, ProbingItem, ProbingItem];
  const hasCar = found.includes("car") && !names.includes("car");
  const clips = new Map<string, Record<ProbingSplit, readonly Clip[]>>();
  for (const [i, name] of names.entries()) clips.set((drawn[i] as ProbingItem).name, await halves(join(folder, name)));
  if (hasCar) clips.set("car", await halves(join(folder, "car"), { train: 1, val: 0 }));
  return {
    vocabulary: {
      items: drawn,
      ramp: {
        train: hasCar ? { folder: "car", name: "car" } : second,
        val: hasCar ? { folder: "cat", name: first.name } : first,
      },
      change: third.name === "flower" ? "bloom" : "playback",
    },
    clips,
  };
}

/** The three sub-folders in T3's order, when all of them are there. */
function t3Folders(found: readonly string[]): string[] | null {
  const names = t3Names.map(([folders]) => folders.find((name) => found.includes(name)));
  return names.every((name) => name !== undefined) ? (names as string[]) : null;
}

function t3Item(name: string): ProbingItem | undefined {
  return t3Names.find(([folders]) => folders.includes(name))?.[1];
}

/** Clips of train/ and val/ where there are such folders, otherwise half of the clips each, always the same ones. */
async function halves(
  folder: string,
  least: Readonly<Record<ProbingSplit, number>> = { train: 1, val: 1 },
): Promise<Record<ProbingSplit, readonly Clip[]>> {
  const [train, val] = [join(folder, "train"), join(folder, "val")];
  const apart = existsSync(train) && existsSync(val);
  const drawn = apart ? [] : new Rng("clips").shuffle(await clipsIn(folder));
  const middle = least.val === 0 ? drawn.length : Math.ceil(drawn.length / 2);
  const clips = apart
    ? { train: await clipsIn(train), val: await clipsIn(val) }
    : { train: drawn.slice(0, middle), val: drawn.slice(middle) };
  if (clips.train.length >= least.train && clips.val.length >= least.val) return clips;
  throw new Error(
    `Expected at least one clip (video, picture, folder of pictures) for training and another one for validation in ${folder}, got ${clips.train.length} and ${clips.val.length}. Add clips.`,
  );
}
