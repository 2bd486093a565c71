/**
 * What a benchmark is: items with a prompt, readers of replies, and groups to report by. Everything here is pure; a file a
 * benchmark says how its data lie on the user's disk.
 */
import type { Span } from "../../core/time/index.ts";
import type { Problem } from "../../data/index.ts";

export { type Problem, problem } from "../../data/index.ts";

/**
 * How a reply was read. Unparsed replies count as wrong and are counted apart; what only a judge can decide and no judge has
 * decided is unjudged and counts nowhere.
 */
export type Reading =
  | Readonly<{ kind: "read"; correct: boolean; rule: string }>
  | Readonly<{ kind: "unparsed"; reason: string }>
  | Readonly<{ kind: "unjudged"; reason: string }>;

export type Reader = (reply: string) => Reading;

/** How a language model is asked whether a reply is right; `read` gives null where its answer says neither. */
export type Judging = Readonly<{
  prompt: (reply: string) => string;
  read: (verdict: string) => boolean | null;
}>;

export type BenchmarkItem = Readonly<{
  id: string;
  /** Id of the video; intervals are clustered by it. */
  video: string;
  /** Where the video may lie, relative to the data folder; the first that exists is taken. */
  files: readonly string[];
  /** The part of the video that is asked about, in seconds of the container's clock. Default: all of it. */
  span?: Span;
  /** The text of the user's turn after the frames. */
  prompt: string;
  /** What can be chosen, without letters, and which is right. */
  options: readonly string[];
  answerIndex: number;
  /** What the score is broken down by: { task: "multi-choice", aspect: "order" }. */
  groups: Readonly<Record<string, string>>;
  /** Readers by name: the profile's own first, then ours ("default"). */
  read: Readonly<Record<string, Reader>>;
  judging?: Judging;
  /** The reply is a text of its own (a caption), not a choice. */
  isFreeText?: boolean;
  /** The annotation as JSON: what `itemOf` makes this item of again. */
  source: unknown;
}>;

export type OpenBenchmark = Readonly<{
  name: string;
  /** Names the prompts and readers. */
  profile: string;
  items: readonly BenchmarkItem[];
  problems: readonly Problem[];
  /** Longest reply, in tokens. */
  maxNewTokens: number;
  /** The names of item.groups that tables show, in order. */
  groupings: readonly string[];
  /** Items by group of the first grouping as released, where that is known. */
  released?: Readonly<Record<string, number>>;
  /** A grouping whose mean over groups is the benchmark's headline figure. Default: the mean over items. */
  macro?: string;
}>;

export type MakeOptions = Readonly<{
  seed: number;
  signal: AbortSignal;
  onProgress: (done: number, of: number) => void;
}>;

export type Benchmark = Readonly<{
  name: string;
  title: string;
  /** Benchmarks of TempCompass's layout share its official scores. */
  family?: "tempcompass";
  /** The first is the default. */
  profiles: readonly string[];
  /** How the files lie in the data folder, for help and errors; lines without indentation. */
  layout: string;
  /** Read the annotations. Throws an Error that says what is missing and what the layout is. */
  open: (folder: string, profile: string) => OpenBenchmark;
  /** An item from its source, as a run log keeps it, with no data folder at hand. Throws ZodError where it is none. */
  itemOf: (source: unknown, profile: string) => BenchmarkItem;
  /** As in OpenBenchmark. */
  groupings: readonly string[];
  macro?: string;
  /**
   * Make the data, for benchmarks that are synthesised; called before every run without --data, so it leaves alone what lies
   * there already.
   */
  make?: (folder: string, options: MakeOptions) => Promise<void>;
}>;
