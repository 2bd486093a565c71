/**
 * Can questions be answered without their captions, or with captions in the wrong order? Without any model: guessers, and a solver
 * that reads captions.
 *
 * A guesser "beats chance" where its interval lies above chance with all guessers counted (Bonferroni over 95 %), so that a clean file
 * is called clean nineteen times out of twenty. A solver that is as good with shuffled captions shows a question that needs no order.
 */
import { clusterBootstrap, type Estimate, type Rng } from "../../core/math/index.ts";
import { chanceLevel } from "../../core/metrics/index.ts";
import { rightOptions, solve } from "../solve/index.ts";
import { bagOfWords, crossFitted, letterPrior } from "./bag-of-words.ts";
import { CUES, chanceOf, type Guess } from "./cues.ts";
import type { LeakageItem } from "./item.ts";

/** Percent right of a guesser with its 95 % interval, clustered by source. */
export type Check = Estimate & Readonly<{ name: string; sees: string; chance: number | null; beatsChance: boolean }>;

/** Percent right of the solver on captions in order and shuffled, of a family or of all; `unsolved` questions are guessed. */
export type OrderCheck = Readonly<{
  family: string;
  n: number;
  unsolved: number;
  chance: number | null;
  inOrder: Estimate;
  shuffled: Estimate;
}>;

export type LeakageReport = Readonly<{
  n: number;
  chance: number | null;
  checks: readonly Check[];
  order: readonly OrderCheck[];
}>;

const SHUFFLES = 4;
const RESAMPLES = 1000;

/** All checks that need no model. */
export function checkLeakage(items: readonly LeakageItem[], rng: Rng): LeakageReport {
  const chance = chanceLevel(items.map(({ options }) => options.length));
  const guesses: { name: string; sees: string; made: readonly Guess[] }[] = [
    ...CUES.map(({ name, sees, guess }) => ({ name, sees, made: items.map(guess) })),
    { name: "most frequent letter", sees: "options", made: crossFitted(items, rng.fork("halves"), letterPrior) },
    {
      name: "words of question and options (trained)",
      sees: "options",
      made: crossFitted(items, rng.fork("halves"), (half) => bagOfWords(half, rng.fork("training"))),
    },
  ];
  const checks = guesses.map(({ name, sees, made }): Check => {
    const values = made.map((guess, i) => 100 * chanceOf(guess, items[i]?.answerIndex as number));
    const above = items.map(({ options }, i) => (values[i] as number) - 100 / options.length);
    const strict = estimate(items, above, { rng: rng.fork(`strict/${name}`), level: 1 - 0.05 / guesses.length });
    return {
      name,
      sees,
      chance,
      ...estimate(items, values, { rng: rng.fork(name) }),
      beatsChance: (strict.low ?? 0) > 0,
    };
  });
  return { n: items.length, chance, checks, order: orderChecks(items, rng.fork("order")) };
}

/** The solver on each family, and on all where there are several. */
function orderChecks(items: readonly LeakageItem[], rng: Rng): OrderCheck[] {
  const shown = items.filter(({ captions }) => captions.length > 1);
  const families = [...new Set(shown.map(({ family }) => family ?? "all"))].sort();
  const groups = families.map((family) => ({ family, own: shown.filter((item) => (item.family ?? "all") === family) }));
  if (groups.length > 1) groups.push({ family: "all", own: shown });
  const results = new Map(shown.map((item) => [item, solved(item, rng.fork(item.id))]));
  return groups.map(({ family, own }) => {
    const of = (key: "inOrder" | "shuffled") => own.map((item) => results.get(item)?.[key] as number);
    return {
      family,
      n: own.length,
      unsolved: own.filter((item) => !results.get(item)?.isSolved).length,
      chance: chanceLevel(own.map(({ options }) => options.length)),
      inOrder: estimate(own, of("inOrder"), { rng: rng.fork(`in order/${family}`) }),
      shuffled: estimate(own, of("shuffled"), { rng: rng.fork(`shuffled/${family}`) }),
    };
  });
}

/** Percent right in order, and the mean over a few random orders. */
function solved(item: LeakageItem, rng: Rng): { inOrder: number; shuffled: number; isSolved: boolean } {
  const percent = (captions: readonly string[]) => 100 * chanceOf(answersOf(item, captions), item.answerIndex);
  let shuffled = 0;
  for (let i = 0; i < SHUFFLES; i++) shuffled += percent(rng.shuffle(item.captions)) / SHUFFLES;
  return { inOrder: percent(item.captions), shuffled, isSolved: rightOptions(solve(item)) !== undefined };
}

/** What the solver would answer: among the right options, else among those that it has not found wrong, else any. */
function answersOf(item: LeakageItem, captions: readonly string[]): Guess {
  const solution = solve({ ...item, captions });
  const all = item.options.map((_, i) => i);
  if ("unsolved" in solution) return all;
  const of = (kind: string) => all.filter((i) => solution.verdicts[i]?.kind === kind);
  return [of("right"), of("unknown"), all].find((among) => among.length > 0) ?? all;
}

type EstimateOptions = Readonly<{ rng: Rng; level?: number; bounds?: readonly [number, number] }>;

function estimate(items: readonly LeakageItem[], values: readonly number[], options: EstimateOptions): Estimate {
  const { bounds = [0, 100], ...bootstrap } = options;
  const observations = items.map(({ cluster }, i) => ({ cluster, value: values[i] as number }));
  return clusterBootstrap(observations, bounds, { ...bootstrap, resamples: RESAMPLES });
}
