/**
 * Is a benchmark's folder complete? Annotations are read, every video of an item is looked for and opened, and what lies
 * beside them unasked is counted.
 */
import { readdirSync } from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { inspectVideo, VideoError } from "../media/video/index.ts";
import { fileOf, type VideoQuestion } from "./ask-videos.ts";
import { type BenchmarkItem, type OpenBenchmark, type Problem, problem } from "./benchmarks/index.ts";

export type BenchmarkCheck = Readonly<{
  items: number;
  /** Items by group, for every grouping. */
  groups: Readonly<Record<string, Readonly<Record<string, number>>>>;
  videos: Readonly<{
    wanted: number;
    found: number;
    unreadable: number;
    damaged: number;
    missing: number;
    extra: number;
  }>;
  /** Items whose video is there and opens. */
  askable: number;
  problems: readonly Problem[];
}>;

/** What a check needs of a benchmark, of whatever kind. */
export type CheckedBenchmark = Pick<OpenBenchmark, "problems" | "groupings" | "released"> &
  Readonly<{ items: readonly (VideoQuestion & Pick<BenchmarkItem, "groups">)[] }>;

export type CheckOptions = Readonly<{
  /** Decode every frame, or key frames only. Default: every frame of files of moderate length. */
  deep?: boolean;
  signal?: AbortSignal;
  onProgress?: (done: number, of: number) => void;
}>;

/** Endings of video files. */
export const videoEndings: ReadonlySet<string> = new Set([".mp4", ".mkv", ".webm", ".mov", ".m4v", ".avi", ".ts"]);

/** Check the files of an opened benchmark. Throws the signal's reason when aborted. */
export async function checkBenchmark(
  benchmark: CheckedBenchmark,
  folder: string,
  { deep, signal, onProgress }: CheckOptions = {},
): Promise<BenchmarkCheck> {
  const byVideo = new Map(benchmark.items.map((item) => [item.video, item]));
  const found = new Map<string, string>();
  const missing: string[] = [];
  for (const [video, item] of byVideo) {
    const file = fileOf(item, folder);
    if (file === undefined) missing.push(video);
    else found.set(video, file);
  }
  const unreadable = new Map<string, string>();
  const damaged: string[] = [];
  let done = 0;
  for (const [video, file] of found) {
    signal?.throwIfAborted();
    try {
      const { brokenParts, frameCount } = await inspectVideo(file, deep === undefined ? {} : { deep });
      const lost = brokenParts.reduce((sum, part) => sum + part.lostFrames, 0);
      if (frameCount > 0 && lost === frameCount) unreadable.set(video, "none of its frames decodes");
      else if (brokenParts.length > 0) damaged.push(`${video} (${brokenParts.length} broken parts)`);
    } catch (error) {
      if (!(error instanceof VideoError)) throw error;
      unreadable.set(video, error.message);
    }
    onProgress?.(++done, found.size);
  }
  const extra = extraVideos(folder, [...found.values()]);
  const groups = Object.fromEntries(
    benchmark.groupings.map((grouping) => {
      const counts: Record<string, number> = {};
      for (const { groups } of benchmark.items) {
        const group = groups[grouping];
        if (group !== undefined) counts[group] = (counts[group] ?? 0) + 1;
      }
      return [grouping, counts];
    }),
  );
  return {
    items: benchmark.items.length,
    groups,
    videos: {
      wanted: byVideo.size,
      found: found.size,
      unreadable: unreadable.size,
      damaged: damaged.length,
      missing: missing.length,
      extra: extra.length,
    },
    askable: benchmark.items.filter(({ video }) => found.has(video) && !unreadable.has(video)).length,
    problems: [
      ...benchmark.problems,
      ...problem("groups of another size than released", otherSizes(benchmark, groups)),
      ...problem("videos missing", missing),
      ...problem(
        "videos that cannot be read",
        [...unreadable].map(([video, reason]) => `${video} (${reason})`),
      ),
      ...problem("videos with broken parts (they can be asked about)", damaged),
      ...problem(
        "videos that no item asks about",
        extra.map((path) => relative(folder, path)),
      ),
    ],
  };
}

/** "yes_no: 28 of 2453" for every group whose size in the release is known and differs. */
function otherSizes({ groupings, released = {} }: CheckedBenchmark, groups: BenchmarkCheck["groups"]): string[] {
  const counts = groups[groupings[0] ?? ""] ?? {};
  return Object.entries(released).flatMap(([group, size]) =>
    (counts[group] ?? 0) === size ? [] : [`${group}: ${counts[group] ?? 0} of ${size}`],
  );
}

/** Video files beside those that were found, which nothing asks about. */
function extraVideos(folder: string, found: readonly string[]): string[] {
  const wanted = new Set(found);
  const folders = new Set(found.map((path) => dirname(path)));
  return [...folders].flatMap((each) =>
    readdirSync(each, { withFileTypes: true })
      .filter((entry) => entry.isFile() && videoEndings.has(extname(entry.name).toLowerCase()))
      .map((entry) => join(each, basename(entry.name)))
      .filter((path) => !wanted.has(path) && path.startsWith(folder)),
  );
}
