/**
 * "As whom?": what other code bases would have shown of a video, and how they would have read the replies. What a preset does not
 * define (VLMEvalKit has no rule for moments) stays as it was.
 */
import { everyTwoSeconds, interior, linspace, linspaceRound, type Sampler } from "../../../media/sampling/index.ts";
import type { GroundingRules } from "../grounding-row.ts";
import type { LetterRule } from "../letter-readers.ts";

export type ReplayPreset = Readonly<{
  name: string;
  sampler: Sampler;
  /** Frames that it shows: a number of its own, or null for as many as the run showed. */
  frames: number | null;
  /** The sampler in words. */
  shows: string;
  /** How it reads moments; null: it has no rule of its own. */
  moments: GroundingRules | null;
  /** How it reads letters; null: it has no rule of its own. */
  letters: LetterRule | null;
  /** Where its rules are written down. */
  source: string;
}>;

const seconds = { unit: "seconds", frameRate: 1 } as const;

export const replayPresets: readonly ReplayPreset[] = [
  {
    name: "lmms-eval",
    sampler: linspace,
    frames: null,
    shows: "evenly with both ends, cut off",
    moments: { convention: "strict", units: seconds, reads: "lmms-charades" },
    letters: "lmms-eval",
    source: "models/model_utils/load_video.py, tasks/charades_sta, tasks/_task_utils/mcq_extract.py",
  },
  {
    name: "vlmevalkit",
    sampler: interior,
    frames: null,
    shows: "inner points, neither end, cut off",
    moments: null,
    letters: "vlmevalkit",
    source: "vlmeval/dataset/video_base.py, dataset/utils/videomme.py without a judge's key",
  },
  {
    name: "qwen",
    sampler: linspaceRound,
    frames: null,
    shows: "evenly with both ends, rounded",
    moments: null,
    letters: null,
    source: "qwen_vl_utils/vision_process.py",
  },
  {
    name: "vtimellm",
    sampler: linspace,
    frames: 100,
    shows: "100 evenly with both ends, cut off",
    moments: { convention: "vtimellm", units: { unit: "percent", frameRate: 0.5 } },
    letters: null,
    source: "vtimellm/mm_utils.py, eval/eval.py and metric.py",
  },
  {
    name: "numpro",
    sampler: everyTwoSeconds,
    frames: 240,
    shows: "every int(2 fps)-th frame, 240 at most",
    moments: { convention: "numpro", units: { unit: "frames", frameRate: 0.5 } },
    letters: null,
    source: "eval/numpro_ft_mr.py, metrics_mr.py",
  },
];

/** A preset by its name. Throws RangeError with those that there are. */
export function replayPreset(name: string): ReplayPreset {
  const found = replayPresets.find((each) => each.name === name);
  if (found) return found;
  throw new RangeError(
    `Expected --as to be one of ${replayPresets.map((each) => each.name).join(", ")} or all, got "${name}".`,
  );
}
