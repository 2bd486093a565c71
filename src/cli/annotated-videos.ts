/**
 * `--annotations FILE [--durations CSV] [--videos DIR]` of commands that make training data: annotated videos, and whether
 * their files are there.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { momentsByVideo, type Problem, readMomentAnnotations, type VideoMoments } from "../data/index.ts";
import { openVideo } from "../media/video/index.ts";
import type { CommandContext } from "./context.ts";

export type AnnotatedVideos = Readonly<{
  format: string;
  videos: readonly VideoMoments[];
  problems: readonly Problem[];
}>;

export type AnnotationFlags = Readonly<{ annotations: string; durations?: string; videos?: string }>;

/** What decoders here read. */
const endings = [".mp4", ".mkv", ".webm", ".mov", ".m4v", ".ts"];
/** Annotated and real length may differ by this much before it is told; seconds. */
const tolerance = 1;

/**
 * Read annotations. With a folder of videos only those whose file opens come back, with the file's own length: numbers on
 * frames stand for its seconds, not for the annotation's.
 */
export async function readAnnotatedVideos(
  { annotations, durations, videos }: AnnotationFlags,
  context: CommandContext,
): Promise<AnnotatedVideos> {
  const read = readMomentAnnotations(annotations, durations === undefined ? {} : { durations });
  const all = momentsByVideo(read.queries);
  if (videos === undefined) return { format: read.format, videos: all, problems: read.problems };
  const files = filesByName(videos);
  const bar = context.progress().task("videos", { total: all.length, unit: "videos" });
  const signal = context.interruptible("Stopping; nothing is written.");
  const [found, missing, broken, differing]: [VideoMoments[], string[], string[], string[]] = [[], [], [], []];
  for (const [i, annotated] of all.entries()) {
    signal.throwIfAborted();
    const file = files.get(annotated.video);
    const length = file === undefined ? undefined : await lengthOf(file);
    if (file === undefined) missing.push(annotated.video);
    else if (length === undefined) broken.push(annotated.video);
    else {
      if (Number.isFinite(annotated.duration) && Math.abs(length - annotated.duration) > tolerance)
        differing.push(annotated.video);
      found.push({ ...annotated, duration: length });
    }
    bar.update(i + 1);
  }
  bar.finish();
  if (found.length === 0) {
    throw new RangeError(
      `Expected videos of ${annotations} in ${videos}, got none of ${all.length} (first: ${all[0]?.video}). Name the folder that holds them.`,
    );
  }
  return {
    format: read.format,
    videos: found,
    problems: [
      ...read.problems,
      ...named("annotated videos without a file (left out)", missing),
      ...named("videos that cannot be opened (left out)", broken),
      ...named(
        `videos whose length differs from the annotation by more than ${tolerance} s (the file counts)`,
        differing,
      ),
    ],
  };
}

/** One line a problem. */
export function problemLines(problems: readonly Problem[]): string[] {
  return problems.map(({ what, count, names }) => {
    const more = count > 3 ? ", ..." : "";
    return `${count} ${what}: ${names.slice(0, 3).join(", ")}${more}`;
  });
}

/** How often each reason came. */
export function tally(reasons: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

function named(what: string, names: readonly string[]): Problem[] {
  return names.length === 0 ? [] : [{ what, count: names.length, names: names.slice(0, 20) }];
}

function filesByName(folder: string): Map<string, string> {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new RangeError(`Expected --videos to be a folder of videos, got "${folder}".`);
  const files = readdirSync(folder).filter((file) => endings.includes(extname(file).toLowerCase()));
  return new Map(files.map((file) => [file.slice(0, -extname(file).length), join(folder, file)]));
}

async function lengthOf(path: string): Promise<number | undefined> {
  try {
    await using video = await openVideo(path);
    return video.duration;
  } catch {
    return undefined;
  }
}
