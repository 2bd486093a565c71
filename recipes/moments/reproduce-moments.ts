/** A paper on moments in miniature: every seed has test films of its own and trains its arms anew; then the arms are compared. */
import { join, resolve } from "node:path";
import { modelsFolder } from "../../src/core/files/index.ts";
import type { MomentsLoss } from "../../src/report/index.ts";
import { fingerprintOfModel } from "../fingerprint.ts";
import type { RecipeContext, RecipeResult, ReproduceMomentsOptions } from "../recipe.ts";
import { concluded, type Reproduction } from "./conclude.ts";
import type { SeedAnswers } from "./figures.ts";
import type { FilmAnswer } from "./kept-answers.ts";
import { type TestFilm, testFilms } from "./test-films.ts";

/** What a seed works with. */
export type SeedWork<Size> = Readonly<{
  seed: number;
  /** Of the seed. */
  folder: string;
  /** Checkpoint folder that everything starts from. */
  model: string;
  films: readonly TestFilm[];
  size: Size;
}>;

/** What a seed gives: answers of all arms to the same questions, and how the training went. */
export type SeedOutcome<Arm extends string> = Readonly<{
  answers: Readonly<Record<Arm, readonly FilmAnswer[]>>;
  losses: readonly MomentsLoss[];
  /** Of training, earlier calls included. */
  trainingSeconds: number;
}>;

type Size = Readonly<{ testFilms: number }>;

/** What every seed starts from, and how long it took to make. */
export type Base = Readonly<{ model: string; seconds: number }>;

export type MomentsWork<Size> = Readonly<{
  options: ReproduceMomentsOptions;
  size: Size;
  /** Makes the checkpoint that every seed starts from out of the shipped model, once a run. Default: the shipped model itself. */
  prepare?: (
    shipped: Readonly<{ model: string; folder: string; seed: number; size: Size }>,
    context: RecipeContext,
  ) => Promise<Base>;
}>;

export async function reproduceMoments<Arm extends string, S extends Size>(
  reproduction: Reproduction<Arm>,
  runSeed: (work: SeedWork<S>, context: RecipeContext) => Promise<SeedOutcome<Arm>>,
  { options, size, prepare }: MomentsWork<S>,
  context: RecipeContext,
): Promise<RecipeResult> {
  const { arms, name, shown } = reproduction;
  const { seed: first, seeds: count, quick, steps } = options;
  const folder = resolve(options.folder ?? join("runs", `reproduce-${name}-seed${first}${quick ? "-quick" : ""}`));
  const shipped = join(modelsFolder(), reproduction.model);
  const began = performance.now();
  const base = await prepare?.({ model: shipped, folder, seed: first, size }, context);
  const model = base?.model ?? shipped;
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  const outcomes: (SeedOutcome<Arm> & Readonly<{ seed: number; films: readonly TestFilm[] }>)[] = [];
  for (const seed of seeds) {
    const place = join(folder, `seed-${seed}`);
    const videos = { seed, count: size.testFilms, folder: join(place, "videos"), shown };
    const films = await testFilms(videos, context);
    const outcome = await runSeed({ seed, folder: place, model, films, size }, context);
    outcomes.push({ seed, films, ...outcome });
  }
  const ofArm = (arm: Arm) => outcomes.map(({ seed, answers }): SeedAnswers => ({ seed, answers: answers[arm] }));
  return concluded(reproduction, {
    ...{ folder, seeds, flags: `${quick ? " --quick" : ""}${steps === undefined ? "" : ` --steps ${steps}`}`, size },
    answers: Object.fromEntries(arms.map((arm) => [arm, ofArm(arm)])) as Record<Arm, SeedAnswers[]>,
    losses: outcomes.flatMap(({ losses }) => losses),
    trainingSeconds: outcomes.reduce((sum, { trainingSeconds }) => sum + trainingSeconds, base?.seconds ?? 0),
    films: outcomes[0]?.films ?? [],
    fingerprint: fingerprintOfModel(shipped),
    seconds: (performance.now() - began) / 1000,
  });
}
