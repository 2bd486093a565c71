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
  /** Checkpoint folder of the shipped model that everything starts from. */
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

export async function reproduceMoments<Arm extends string, S extends Size>(
  reproduction: Reproduction<Arm>,
  runSeed: (work: SeedWork<S>, context: RecipeContext) => Promise<SeedOutcome<Arm>>,
  { options, size }: Readonly<{ options: ReproduceMomentsOptions; size: S }>,
  context: RecipeContext,
): Promise<RecipeResult> {
  const { arms, name, shown } = reproduction;
  const { seed: first, seeds: count, quick } = options;
  const folder = resolve(options.folder ?? join("runs", `reproduce-${name}-seed${first}${quick ? "-quick" : ""}`));
  const model = join(modelsFolder(), reproduction.model);
  const began = performance.now();
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
    ...{ folder, seeds, quick, size },
    answers: Object.fromEntries(arms.map((arm) => [arm, ofArm(arm)])) as Record<Arm, SeedAnswers[]>,
    losses: outcomes.flatMap(({ losses }) => losses),
    trainingSeconds: outcomes.reduce((sum, { trainingSeconds }) => sum + trainingSeconds, 0),
    films: outcomes[0]?.films ?? [],
    fingerprint: fingerprintOfModel(model),
    seconds: (performance.now() - began) / 1000,
  });
}
