/** What `zoetrope score` is asked, checked: shared by the two kinds of predictions. */
import type { Benchmark } from "../evals/index.ts";
import type { ModelFlags } from "./model-flags.ts";

/** A judge is a model like any other. */
export type ScoreFlags = ModelFlags &
  Readonly<{
    data?: string;
    /** False after --no-judgements; commander's default is true. */
    judgements?: string | boolean;
    judge?: string;
    profile?: string;
    output?: string;
    seed: string;
    json?: boolean;
  }>;

export type ScoreRequest = Readonly<{
  benchmark: Benchmark;
  predictions: string;
  data: string;
  profile: string;
  seed: number;
  flags: ScoreFlags;
}>;
