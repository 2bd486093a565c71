/** What the report of a reproduction on moments holds. */
import type { Estimate } from "../core/math/index.ts";
import type { FrameStrip } from "./frame-strip.ts";
import type { Provenance } from "./report-data.ts";

/** A figure of every arm, in percent, in the order of the arms; `name` as a table heads it. */
export type MomentsFigure = Readonly<{ name: string; of: readonly Estimate[] }>;

/** One of the paper's claims beside what came: a paired difference, in points. Not measured where neither arm said anything readable. */
export type MomentsClaim = Readonly<{ claim: string; figure: string; estimate: Estimate; isMeasured: boolean }>;

/** One of the trainings; `arm` is the place of the arm whose colour it takes. Loss in nats a token. */
export type MomentsLoss = Readonly<{ name: string; arm: number; losses: readonly number[] }>;

/** Seconds. */
export type MomentsSpan = readonly [start: number, end: number];

/** A question about one film, and what each arm answered, in the order of the arms. */
export type MomentsExample = Readonly<{
  film: string;
  query: string;
  strip: FrameStrip;
  /** Seconds. */
  duration: number;
  truth: MomentsSpan;
  /** `span` is null where nothing could be read from the reply. */
  replies: readonly Readonly<{ span: MomentsSpan | null; reply: string; iou: number }>[];
}>;

/** All events of one film, and what each arm said they are. */
export type DenseExample = Readonly<{
  film: string;
  strip: FrameStrip;
  truth: string;
  replies: readonly Readonly<{ reply: string; isRead: boolean; sodaC: number }>[];
}>;

export type MomentsReport = Readonly<{
  /** The paper, as the eyebrow names it. */
  paper: string;
  /** What was done, in one sentence or two. */
  lead: string;
  /** At most four. */
  arms: readonly Readonly<{ name: string; asked: number; unparsed: number }>[];
  figures: readonly MomentsFigure[];
  claims: readonly MomentsClaim[];
  losses: readonly MomentsLoss[];
  examples: readonly MomentsExample[];
  dense: readonly DenseExample[];
  /** What was done, a step a sentence. */
  steps: readonly string[];
  provenance: Provenance;
}>;
