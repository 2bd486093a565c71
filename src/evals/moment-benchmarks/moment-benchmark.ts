/**
 * Benchmarks of moments: when something happens, which clips are the highlights, what happens when. Their data come from the user's
 * disk; a file a benchmark says how they lie there.
 */
import type { HighlightTruth, MomentQuery, Problem, VideoMoments } from "../../data/index.ts";
import type { VideoQuestion } from "../ask-videos.ts";

/** grounding: when does the query happen? highlights: a score for every clip. captioning: all events with their times. */
export const momentTasks = ["grounding", "highlights", "captioning"] as const;
export type MomentTask = (typeof momentTasks)[number];

/** What is asked, with its answer: a moment, ranked windows, the saliency of clips, or every event of the video. */
export type MomentSubject =
  | Readonly<{ kind: "moment"; query: MomentQuery }>
  | Readonly<{ kind: "windows"; truth: HighlightTruth }>
  | Readonly<{ kind: "saliency"; truth: HighlightTruth }>
  | Readonly<{ kind: "captions"; truth: VideoMoments }>;

export type MomentItem = VideoQuestion & Readonly<{ groups: Readonly<Record<string, string>>; subject: MomentSubject }>;

export type OpenMomentBenchmark = Readonly<{
  name: string;
  title: string;
  task: MomentTask;
  /** The file of annotations. */
  truth: string;
  items: readonly MomentItem[];
  problems: readonly Problem[];
  groupings: readonly string[];
}>;

export type OpenMomentOptions = Readonly<{
  task: MomentTask;
  /** Another file of annotations than the one in the folder. */
  truth?: string | undefined;
  /** Charades-STA: the csv with the videos' lengths. */
  durations?: string | undefined;
  /** YouCook2: a subset of its annotations. */
  subset?: string | undefined;
}>;

export type MomentBenchmark = Readonly<{
  name: string;
  title: string;
  /** What can be asked; the first is the default. */
  tasks: readonly MomentTask[];
  /** How the files lie in the data folder, for help and errors; lines without indentation. */
  layout: string;
  /** Read the annotations and find the videos. Throws an Error that says what is missing. */
  open: (folder: string, options: OpenMomentOptions) => OpenMomentBenchmark;
}>;

/** The default task of a benchmark, or the one that is asked for. Throws RangeError where it has no such task. */
export function taskOf({ title, tasks }: MomentBenchmark, wanted: string | undefined): MomentTask {
  const found = wanted === undefined ? tasks[0] : tasks.find((task) => task === wanted);
  if (found) return found;
  throw new RangeError(`Expected --task to be one of ${tasks.join(", ")} for ${title}, got "${wanted}".`);
}
