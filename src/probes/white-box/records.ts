/** What `look-inside` leaves as JSON; reports and the studio draw it. */
import type { StudyResult } from "./knock-out-study.ts";
import type { LookResult } from "./look-inside.ts";

export type LookRecord = Readonly<{
  format: "zoetrope-look-inside";
  version: 1;
  model: string;
  fingerprint: string;
  question: Readonly<{
    video: string;
    text: string;
    options: readonly string[];
    sampler: string;
    frames: readonly Readonly<{ time: number; index: number }>[];
  }>;
  /** Layers that a knock-out covers, and the distance of the windows. */
  width: number;
  every: number;
  /** Shapes of what was exported, by name. */
  features: Readonly<{ file: string; shapes: Readonly<Record<string, readonly number[]>> }> | null;
}> &
  LookResult;

export type StudyRecord = Readonly<{
  format: "zoetrope-knock-out";
  version: 1;
  model: string;
  fingerprint: string;
  /** Where the questions come from, in words. */
  source: string;
  seeds: readonly number[];
  questions: number;
  videos: number;
}> &
  StudyResult;
