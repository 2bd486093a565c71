/**
 * A probing set on disk: mp4 files in T3's folders, frame captions in T3's layout, the questions, and what it was made of.
 *
 * A file lies under its name only when it is whole, so that a set that was broken off is gone on with.
 */
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeAtomically } from "../../core/files/index.ts";
import { Rng } from "../../core/math/index.ts";
import { optionLine } from "../../core/text/index.ts";
import { writeMp4 } from "../../media/video/index.ts";
import { aspectsNamed, type ProbingAspect, probingAspects } from "./aspects.ts";
import { type ProbingManifest, readProbingManifest, writeProbingManifest } from "./manifest.ts";
import { type ClassCounts, type PlannedVideo, planProbing, usualCounts } from "./plan.ts";
import { frameCaptionPrompt, type ProbingQuestion, probingQuestion } from "./question.ts";
import type { ProbingSource } from "./source.ts";

export type WriteProbingOptions = Readonly<{
  source: ProbingSource;
  /** Names as aspectsNamed takes them. Default: all ten aspects. */
  aspects?: readonly string[] | undefined;
  /** Videos of every class. Default: 400, 200 and 100 where there are two, three and six classes. */
  perClass?: number | undefined;
  seed: number | string;
  /** "fixed": T3's letters. "shuffled": an order of its own for every video, in captions and questions. */
  options?: ProbingManifest["options"];
  signal?: AbortSignal;
  onVideo?: (done: number, of: number) => void;
}>;

export type WrittenProbing = Readonly<{
  folder: string;
  aspects: readonly ProbingAspect[];
  /** Different videos; a file may lie in several folders. */
  videos: number;
  files: number;
  /** Validation videos in frame_captions, over all aspects. */
  captions: number;
  /** Aspects whose frames nobody could caption. */
  uncaptioned: readonly string[];
}>;

/** Write a set, or go on with one that the same call began. Throws an Error when the folder holds something else. */
export async function writeProbing(folder: string, options: WriteProbingOptions): Promise<WrittenProbing> {
  const { source, perClass, seed, signal, onVideo } = options;
  const all = probingAspects(source.vocabulary);
  const aspects = options.aspects ? aspectsNamed(all, options.aspects) : all;
  const counts: ClassCounts = perClass === undefined ? usualCounts : { two: perClass, three: perClass, six: perClass };
  const manifest: ProbingManifest = {
    format: "zoetrope-probing",
    version: 1,
    vocabulary: source.vocabulary,
    aspects: aspects.map(({ id }) => id),
    counts,
    seed: String(seed),
    options: options.options ?? "fixed",
    source: { ...source.describe },
    complete: false,
  };
  checkFolder(folder, manifest);
  writeProbingManifest(folder, manifest);
  const plan = planProbing(aspects, source.vocabulary, counts);
  const captions = new Map<string, Map<string, unknown>>(aspects.map(({ id }) => [id, new Map()]));
  const questions: string[] = [];
  const uncaptioned = new Set<string>();
  for (const [done, video] of plan.entries()) {
    signal?.throwIfAborted();
    const scene = await source.scene(video, new Rng(`probing/${seed}/${video.split}/${video.stem}`));
    await writeFiles(folder, video, async (path) => {
      await writeMp4(path, scene.frames(), { fps: scene.fps });
    });
    if (video.split === "val") {
      for (const { aspect, category } of video.places) {
        const question = probingQuestion(aspect, category, shuffleOf(manifest, aspect, video));
        questions.push(questionRow(aspect, { category, video, question }));
        const prompt = scene.captions && frameCaptionPrompt(scene.captions, question.text);
        if (prompt === null) uncaptioned.add(aspect.id);
        else captions.get(aspect.id)?.set(`${category}_${video.stem}`, { prompt });
      }
    }
    onVideo?.(done + 1, plan.length);
  }
  for (const [id, entries] of captions) {
    if (entries.size === 0) continue;
    const path = join(folder, "frame_captions", `${id}.json`);
    writeAtomically(path, [`${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`]);
  }
  writeAtomically(join(folder, "questions.jsonl"), questions);
  writeProbingManifest(folder, { ...manifest, complete: true });
  return {
    folder,
    aspects,
    videos: plan.length,
    files: plan.reduce((sum, { places }) => sum + places.length, 0),
    captions: [...captions.values()].reduce((sum, { size }) => sum + size, 0),
    uncaptioned: [...uncaptioned],
  };
}

/** The file of a video in a class folder. */
export function probingFile(aspect: ProbingAspect, category: string, video: Pick<PlannedVideo, "split" | "stem">) {
  return join(aspect.folders[video.split], category, `${video.stem}.mp4`);
}

/** One file, and links to it (copies where the disk has no links) in the other folders. */
async function writeFiles(folder: string, video: PlannedVideo, write: (path: string) => Promise<void>): Promise<void> {
  const paths = video.places.map(({ aspect, category }) => join(folder, probingFile(aspect, category, video)));
  const written = paths.find((path) => existsSync(path));
  const first = written ?? (paths[0] as string);
  if (written === undefined) await write(first);
  for (const path of paths) {
    if (existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true });
    try {
      linkSync(first, path);
    } catch {
      copyFileSync(first, path);
    }
  }
}

function shuffleOf({ options, seed }: ProbingManifest, aspect: ProbingAspect, { stem }: PlannedVideo): Rng | undefined {
  return options === "shuffled" ? new Rng(`probing-options/${seed}/${aspect.id}/${stem}`) : undefined;
}

type Asked = Readonly<{ category: string; video: PlannedVideo; question: ProbingQuestion }>;

function questionRow(aspect: ProbingAspect, { category, video, question }: Asked): string {
  const { text, options, answerIndex } = question;
  const row = {
    id: `${aspect.id}/${category}_${video.stem}`,
    aspect: aspect.id,
    video: probingFile(aspect, category, video).replaceAll("\\", "/"),
    question: text,
    options,
    answer: optionLine(answerIndex, options[answerIndex] as string),
  };
  return `${JSON.stringify(row)}\n`;
}

/** An empty folder, or one with the same set: videos of two sets in one folder would be asked as one. */
function checkFolder(folder: string, manifest: ProbingManifest): void {
  const found = readProbingManifest(folder);
  if (found) {
    for (const key of Object.keys(manifest) as (keyof ProbingManifest)[]) {
      const [was, is] = [JSON.stringify(found[key]), JSON.stringify(manifest[key])];
      if (key === "complete" || was === is) continue;
      throw new Error(`Expected ${folder} to hold a probing set with ${key} ${is}, got ${was}. Give another folder.`);
    }
    return;
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Error(
      `Expected an empty folder or a probing set of ours, got ${folder} with other files. Give another folder.`,
    );
  }
}
