/** A run as the page shows it, whatever tool wrote its log. */
import type { Span } from "zoetrope/core/time";
import type { RawSpan } from "zoetrope/data/moments";
import type { Comparison, FingerprintParts, Outcome, RunFigures } from "zoetrope/evals/runs/format";

/** How an answer went: a hit (IoU of 0.5 or more, or right), a kind of fault, or that nothing can be said. */
export type Verdict = string;

export type StudioSample = Readonly<{
  id: string;
  video: string;
  /** Seconds; null where no file tells it. */
  duration: number | null;
  /** What was asked for: the query, or the stem of the question. */
  question: string;
  options: readonly string[];
  target: string | null;
  prompt: string | null;
  reply: string | null;
  truths: readonly Span[] | null;
  predicted: readonly RawSpan[] | null;
  /** Times of the frames that the model saw. */
  frames: readonly Readonly<{ time: number; index: number }>[] | null;
  rule: string | null;
  reason: string | null;
  verdict: Verdict;
  outcome: Outcome;
}>;

export type StudioRun = Readonly<{
  /** Unique on the page. */
  id: string;
  file: string;
  /** "zoetrope run", "lmms-eval", ... */
  format: string;
  model: string;
  benchmark: string;
  /** The metric that is shown first. */
  headline: string;
  samples: readonly StudioSample[];
  figures: RunFigures;
  fingerprint: FingerprintParts | null;
  notes: readonly string[];
}>;

export type DroppedFile = Readonly<{ name: string; text: string }>;

export type ReadRuns = Readonly<{
  runs: readonly StudioRun[];
  /** Files of annotations that were used as the truth. */
  truths: readonly string[];
  /** One sentence for every file that could not be read. */
  problems: readonly Readonly<{ file: string; reason: string }>[];
}>;

export type RunsCall =
  | Readonly<{ id: number; call: "read"; files: readonly DroppedFile[] }>
  | Readonly<{ id: number; call: "compare"; a: readonly Outcome[]; b: readonly Outcome[]; metric: string }>;
export type RunsResult = Readonly<{ id: number } & ({ read: ReadRuns } | { compare: Comparison } | { error: string })>;
