/** What the report of a transfer holds. */
import type { TransferSummary, TransferTable } from "../evals/index.ts";
import type { FrameStrip } from "./frame-strip.ts";
import type { AnswerTriple } from "./pick-examples.ts";

/** Losses of one training run on answer tokens, in nats, in order of steps. */
export type LossCurve = Readonly<{
  arm: "control" | "t3";
  seed: number;
  points: readonly Readonly<{ step: number; loss: number }>[];
}>;

/** A question with its answers and the frames behind it. */
export type ReportExample = AnswerTriple & Readonly<{ strip: FrameStrip }>;

/** A training row as the model reads it: the user's turn, the answer it is trained on, and what kind of row it is. */
export type TextRow = Readonly<{ family: string; prompt: string; answer: string }>;

/** What the figures depend on, in words for the page. */
export type Provenance = Readonly<{
  command: string;
  commit: string;
  machine: string;
  /** Name and fingerprint of the checkpoint that everything starts from. */
  model: string;
  fingerprint: string;
  seeds: readonly number[];
  sampler: string;
  /** How long everything took, in seconds. */
  seconds: number;
  /** Such as training rows, steps, tokens, trained parameters. */
  counts: readonly Readonly<{ what: string; count: number }>[];
  /** What training never saw, a sentence each. */
  heldOut: readonly string[];
}>;

export type TransferReport = Readonly<{
  table: TransferTable;
  summary: TransferSummary;
  losses: readonly LossCurve[];
  /** One a task, then those that T3 still gets wrong; see pickExamples. */
  examples: Readonly<{ learnt: readonly ReportExample[]; stillWrong: readonly ReportExample[] }>;
  texts: Readonly<{ t3: readonly TextRow[]; control: readonly TextRow[] }>;
  provenance: Provenance;
}>;
