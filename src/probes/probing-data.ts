/**
 * A probing set on disk as a list of items: T3's folder layout, made by us or released by others.
 *
 * One video often lies in several class folders. Items know it by its content, so that it is decoded once and its questions
 * are one cluster in every interval.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseJsonFile } from "../core/files/index.ts";
import {
  aspectsNamed,
  captionsOfPrompt,
  type ProbingAspect,
  type ProbingSplit,
  probingAspects,
  readProbingManifest,
  t3Vocabulary,
} from "../synthesis/index.ts";

export type ProbingVideo = Readonly<{
  /** "order/cats_people_0001", unique within a split. */
  id: string;
  aspect: ProbingAspect;
  category: string;
  /** Index of the category among the aspect's classes. */
  label: number;
  path: string;
  /** Hash of the file's content. */
  video: string;
  /** Captions of the sampled frames (validation only); null where the set has none. */
  captions: readonly string[] | null;
}>;

export type ProbingData = Readonly<{
  folder: string;
  aspects: readonly ProbingAspect[];
  train: readonly ProbingVideo[];
  val: readonly ProbingVideo[];
}>;

export type ReadProbingOptions = Readonly<{
  /** As aspectsNamed takes them. Default: all that the folder holds. */
  aspects?: readonly string[] | undefined;
  /** Cut every class of an aspect to the size of its smallest, rather than refuse unequal ones. */
  balance?: boolean | undefined;
}>;

/** Read a set. Throws an Error that names the folder and the fault: absent classes, classes of unequal size, a set half made. */
export function readProbingData(folder: string, options: ReadProbingOptions = {}): ProbingData {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new Error(
      `Expected a folder of probing videos, got "${folder}". Make one with zoetrope synth probing -o ${folder}.`,
    );
  }
  const manifest = readProbingManifest(folder);
  if (manifest?.complete === false) {
    throw new Error(
      `Expected a finished probing set in ${folder}, got one that was broken off. Run its zoetrope synth probing again.`,
    );
  }
  const all = probingAspects(manifest?.vocabulary ?? t3Vocabulary);
  const present = all.filter(({ folders }) => existsSync(join(folder, folders.val)));
  if (present.length === 0) {
    throw new Error(
      `Expected folders of a probing set (${all[0]?.folders.val}, ...) in ${folder}, got none. Make one with zoetrope synth probing.`,
    );
  }
  const aspects = options.aspects ? aspectsNamed(all, options.aspects) : present;
  const contents = contentHasher();
  const read = (split: ProbingSplit) =>
    aspects.flatMap((aspect) => itemsOf(folder, aspect, { split, ...options, contents }));
  return { folder, aspects, train: read("train"), val: read("val") };
}

type Reading = ReadProbingOptions & Readonly<{ split: ProbingSplit; contents: (path: string) => string }>;

function itemsOf(folder: string, aspect: ProbingAspect, { split, balance, contents }: Reading): ProbingVideo[] {
  const own = join(folder, aspect.folders[split]);
  const files = aspect.classes.map(({ folder: category }) => videosIn(join(own, category), aspect));
  const counts = files.map(({ length }) => length);
  const least = Math.min(...counts);
  if (!balance && Math.max(...counts) !== least) {
    const listed = aspect.classes.map(({ folder: category }, i) => `${category} ${counts[i]}`).join(", ");
    throw new Error(
      `Expected classes of equal size in ${own}, got ${listed}. Add videos, or pass --balance to use ${least} of each.`,
    );
  }
  const captions = split === "val" ? readCaptions(folder, aspect) : null;
  return aspect.classes.flatMap(({ folder: category }, label) =>
    (files[label] ?? []).slice(0, least).map((name): ProbingVideo => {
      const key = `${category}_${name.replace(/\.[^.]+$/, "")}`;
      const path = join(own, category, name);
      return {
        ...{ id: `${aspect.id}/${key}`, aspect, category, label, path },
        ...{ video: contents(path), captions: captions?.get(key) ?? null },
      };
    }),
  );
}

function videosIn(folder: string, aspect: ProbingAspect): string[] {
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => /\.(?:mp4|webm|mkv|mov|avi)$/i.test(name))
    : [];
  if (names.length > 0) return names.sort();
  throw new Error(
    `Expected videos of a class of ${aspect.id} in ${folder}, got none. Complete the set or leave the aspect out.`,
  );
}

const promptsSchema = z.record(z.string(), z.looseObject({ prompt: z.string() }));

function readCaptions(folder: string, { id }: ProbingAspect): Map<string, string[]> | null {
  const path = join(folder, "frame_captions", `${id}.json`);
  if (!existsSync(path)) return null;
  const entries = promptsSchema.safeParse(parseJsonFile(path));
  if (!entries.success) {
    throw new Error(`Expected { "CLASS_VIDEO": { "prompt": ... } } in ${path}: ${z.prettifyError(entries.error)}.`);
  }
  return new Map(Object.entries(entries.data).map(([key, { prompt }]) => [key, captionsOfPrompt(prompt)]));
}

/** Hashes of files by content; links to one file are read once. */
function contentHasher(): (path: string) => string {
  const known = new Map<string, string>();
  return (path) => {
    const { dev, ino } = statSync(path);
    const key = ino === 0 ? path : `${dev}/${ino}`;
    const hash = known.get(key) ?? createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);
    known.set(key, hash);
    return hash;
  };
}
