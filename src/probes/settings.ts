/**
 * How the probing classifiers are trained: the table of T3's released code ("parity"), and a mode that shuffles ("sane").
 */
import type { ProbingTask } from "../synthesis/index.ts";
import type { ProbeKind } from "./classifier.ts";

/** "parity": as released, no shuffling, class by class. "sane": shuffled, standardised, no pointless upsampling. */
export type ProbeMode = "parity" | "sane";

export type TrainingSettings = Readonly<{
  rate: number;
  batch: number;
  epochs: number;
  /** Draw a new order of the videos every epoch; otherwise they come class by class. */
  shuffles: boolean;
  /** Bring every number of a token to mean 0 and deviation 1 over the training videos. */
  standardises: boolean;
}>;

/** The five seeds of the paper; further ones go on in steps of ten. */
export function probeSeeds(count: number): number[] {
  return Array.from({ length: count }, (_, i) => 12 + 10 * i);
}

const paperRate = { lstm: 5e-5, linear: 5e-4 } as const;
const paperBatch = { lstm: 64, linear: 800 } as const;
const paperEpochs: Readonly<Record<ProbingTask, Readonly<Record<ProbeKind, number>>>> = {
  order: { lstm: 15, linear: 100 },
  order_3: { lstm: 120, linear: 200 },
  referring: { lstm: 120, linear: 200 },
  grounding: { lstm: 120, linear: 200 },
  blooming: { lstm: 80, linear: 200 },
  brightness: { lstm: 80, linear: 200 },
};

/** T3 1.6. */
export function paperSettings(task: ProbingTask, kind: ProbeKind): TrainingSettings {
  return {
    rate: paperRate[kind],
    batch: paperBatch[kind],
    epochs: paperEpochs[task][kind],
    shuffles: false,
    standardises: false,
  };
}

/** Enough steps to fit any of the tasks on a few dozen videos; at least as many epochs as give `steps`. */
export function saneSettings(kind: ProbeKind, videos: number, steps = 300): TrainingSettings {
  const batch = 32;
  const perEpoch = Math.max(1, Math.ceil(videos / batch));
  return {
    rate: kind === "lstm" ? 1e-3 : 3e-3,
    batch,
    epochs: Math.max(1, Math.ceil(steps / perEpoch)),
    shuffles: true,
    standardises: true,
  };
}
