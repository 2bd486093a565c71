/**
 * What probing videos are made of: the synthetic world, or clips of a user's own.
 */
import type { Rng } from "../../core/math/index.ts";
import type { RgbaImage } from "../../media/image/index.ts";
import type { PlannedVideo } from "./plan.ts";
import type { ProbingVocabulary } from "./vocabulary.ts";

export type ProbingScene = Readonly<{
  fps: number;
  /** Nothing is rendered or decoded before this is iterated. */
  frames: () => Iterable<RgbaImage> | AsyncIterable<RgbaImage>;
  /** A caption for each of the eight sampled frames; null where nobody can know what they show. */
  captions: readonly string[] | null;
}>;

export type ProbingSource = Readonly<{
  vocabulary: ProbingVocabulary;
  /** What the videos depend on, for the record. */
  describe: Readonly<Record<string, unknown>>;
  /** The same video, split, stem and stream of draws give the same scene. */
  scene: (video: PlannedVideo, rng: Rng) => Promise<ProbingScene>;
}>;
