/** What the report of T3's analyses holds: our figures, and the paper's beside them. */
import type { Correlation } from "../core/math/index.ts";
import type { Difference } from "../core/metrics/index.ts";
import type { Score } from "../evals/index.ts";
import type { Provenance } from "./report-data.ts";

/** TempCompass, multiple choice, in percent: its questions about order, about attribute change, and all of them. */
export type PaperScores = Readonly<{ name: string; order: number; attribute: number; average: number }>;
/** In percent. */
export type PaperModules = Readonly<{ tempCompass: number; mlvu: number; videoMme: number }>;
/** Gains from 32 to 128 frames, in points. */
export type PaperFrames = Readonly<{ videoMme: number; mlvu: number }>;

/** Questions that are scored together; orderAttribute is what TempCompass asks as well. */
export const questionGroups = [
  "order",
  "attribute",
  "referring",
  "grounding",
  "orderAttribute",
  "temporal",
  "static",
] as const;
export type QuestionGroup = (typeof questionGroups)[number];

/** One model over all seeds. */
export type ModelRow = Readonly<{
  id: string;
  name: string;
  video: Readonly<Record<QuestionGroup, Score>>;
  /** Temporal questions about held-out text. */
  text: Score;
  /** Temporal questions about videos, in points; null for the baseline itself. */
  overBaseline: Difference | null;
  /** How often the option letter that the model chooses most is chosen, and how often it is right: percent of replies. */
  favourite: Readonly<{ letter: string; chosen: number; right: number }> | null;
  perSeed: readonly Readonly<{ seed: number; video: number | null; text: number | null }>[];
}>;

export type MixtureRow = ModelRow & Readonly<{ paper: readonly PaperScores[] }>;

export type Verdict = "same direction" | "opposite direction" | "no clear difference";

/** A difference between two models in the paper and here, in points. */
export type Compared = Readonly<{
  paper: number;
  /** How far two independent groups of as many questions as the paper's differ by chance, 95 %, in points. */
  paperReach: number;
  ours: Difference;
  verdict: Verdict;
}>;

/** "TC 8x over TC 1x", over everything that each benchmark asks, and over order and attribute questions alone. */
export type Finding = Readonly<{ claim: string; all: Compared; orderAttribute: Compared }>;

export type TextVideoPoint = Readonly<{
  label: string;
  x: number;
  y: number;
  xInterval?: readonly [number, number];
  yInterval?: readonly [number, number];
}>;

/** Accuracy on held-out text against accuracy on video, a point a model. */
export type TextVideo = Readonly<{
  points: readonly TextVideoPoint[];
  pearson: Correlation;
  spearman: Correlation;
  /** Without the two models that are lowest on text. */
  withoutLowest: Correlation;
}>;

/** Paired differences to the model with everything trainable and to the one with MLPs alone, in points; null for itself. */
export type ModuleRow = ModelRow &
  Readonly<{ parameters: number; overAll: Difference | null; overMlp: Difference | null; paper: PaperModules }>;

export type FrameRow = Readonly<{
  id: string;
  name: string;
  byCount: readonly Readonly<{ frames: number; score: Score }>[];
  gains: readonly Readonly<{ from: number; to: number; difference: Difference }>[];
  paper: PaperFrames;
}>;

export type AnalysisReport = Readonly<{
  mixtures: readonly MixtureRow[];
  findings: readonly Finding[];
  /** Spearman's rho of our means and the paper's, over the models of the table. */
  ranks: Readonly<{ all: Correlation; orderAttribute: Correlation }>;
  correlation: TextVideo & Readonly<{ perSeed: readonly Readonly<{ seed: number; r: number | null }>[] }>;
  paperCorrelation: TextVideo & Readonly<{ published: Readonly<{ r: number; p: number }> }>;
  modules: readonly ModuleRow[];
  frames: readonly FrameRow[];
  quick: boolean;
  steps: number;
  videos: number;
  questions: number;
  provenance: Provenance;
}>;
