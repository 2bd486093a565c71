/**
 * What a recipe is: a named script that runs end to end and leaves one output folder. `zoetrope train NAME` and
 * `zoetrope reproduce PAPER` hand it its flags, a place to report progress, and a signal.
 */
import type { Device } from "../src/nn/runtime/index.ts";

/** One piece of work with a known size; its bar or its lines are the terminal's business. */
export type ProgressTask = Readonly<{
  /** `done` units of the total are finished; the note (a loss, say) stands behind the rate. */
  update(done: number, note?: string): void;
  /** The work is over: its bar gives way to one line. Without a note the last one stays. */
  finish(note?: string): void;
}>;

export type Progress = Readonly<{
  /** Begin a piece of work. `begun` units were finished earlier (a resumed run) and do not count for the rate. */
  task(name: string, options: Readonly<{ total: number; unit?: string; begun?: number }>): ProgressTask;
  /** One line for the reader, above the bar. */
  note(line: string): void;
}>;

export type RecipeContext = Readonly<{
  progress: Progress;
  /** Aborted by Ctrl-C: stop after the step in progress, leave what resumes, throw the signal's reason. */
  signal: AbortSignal;
}>;

/** Figures by the names that the documentation gives them. */
export type Summary = Readonly<Record<string, Figure | Readonly<Record<string, Figure>>>>;
type Figure = number | string | boolean | null;

export type RecipeResult = Readonly<{
  /** Where everything was written. */
  folder: string;
  summary: Summary;
  /** What a person reads on stdout: a table, say. */
  text: string;
  /** Beside the summary under --json. */
  details?: Readonly<Record<string, unknown>>;
  /** Sentences that say which thresholds were missed; any of them makes the exit status 100. */
  unmet?: readonly string[];
}>;

/** Flags of `zoetrope train`, read and checked. */
export type RecipeOptions = Readonly<{
  /** Only this stage; it begins from the finished ones before it. Default: all. */
  stage?: string;
  /** Go on from what the folder holds rather than from nothing. */
  resume: boolean;
  /** Default: the recipe's own choice under runs/. */
  folder?: string;
  seed: number;
  /** Every stage's steps times this: below 1 for a quick look. */
  stepsScale: number;
  /** Where it is trained. Default "cpu". */
  device?: Device;
}>;

export type Recipe = Readonly<{
  name: string;
  /** One line for the list. */
  summary: string;
  /** Names in order. */
  stages: readonly string[];
  run(options: RecipeOptions, context: RecipeContext): Promise<RecipeResult>;
}>;

/** Flags of `zoetrope reproduce t3`, read and checked. */
export type ReproduceT3Options = Readonly<{
  /** How many seeds, counted up from `seed`. */
  seeds: number;
  seed: number;
  /** Default: the recipe's own choice under runs/. */
  folder?: string;
  /** Training steps of each arm. Default: the recipe's. */
  steps?: number;
  /** Questions a task and seed. Default: the recipe's. */
  questions?: number;
}>;

/** Flags of `zoetrope reproduce t3 --full`, read and checked. What is not given is the recipe's choice. */
export type AnalyseT3Options = Omit<ReproduceT3Options, "seeds"> &
  Readonly<{
    seeds?: number;
    /** One seed, few steps and questions: to see that it runs and what comes out, not to learn anything. */
    quick: boolean;
  }>;

/** Flags of `zoetrope reproduce overlay-study`, read and checked. */
export type OverlayStudyOptions = Readonly<{
  /** A checkpoint folder or a shipped model. */
  model: string;
  pictures: number;
  seed: number;
  /** All designs rather than one dial turned at a time. */
  grid: boolean;
  /** A caption file and the folder of its pictures. Default: scenes of the world. */
  pairs?: Readonly<{ captions: string; images: string }>;
  /** Default: runs/overlay-study. */
  folder?: string;
}>;

/** Flags of `zoetrope reproduce numpro` and `reproduce vtimellm`, read and checked. */
export type ReproduceMomentsOptions = Readonly<{
  /** How many seeds, counted up from `seed`. */
  seeds: number;
  seed: number;
  /** Few steps and films: to see that it runs, not to learn anything. */
  quick: boolean;
  /** Of fine-tuning an arm, for NumPro. Default: the recipe's own. */
  steps?: number;
  /** Default: the recipe's own choice under runs/. */
  folder?: string;
}>;
