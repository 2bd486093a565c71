/** The flags of `zoetrope eval`: for every benchmark, and those that only questions about moments have. */
import type { ModelFlags } from "./model-flags.ts";

export type MomentEvalFlags = Readonly<{
  task?: string;
  prompt?: string;
  numbers?: boolean;
  fps?: string;
  fontSize?: string;
  color?: string;
  position?: string;
  maxTokens?: string;
  truth?: string;
  durations?: string;
  subset?: string;
}>;

export type EvalFlags = ModelFlags &
  MomentEvalFlags &
  Readonly<{
    data?: string;
    model: string;
    frames?: string;
    sampler?: string;
    profile?: string;
    baselines?: boolean;
    limit?: string;
    output?: string;
    seed: string;
    dryRun?: boolean;
    json?: boolean;
  }>;
