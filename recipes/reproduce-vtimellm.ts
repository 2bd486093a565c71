/**
 * VTimeLLM in miniature (arXiv 2311.18445, table 4): what its boundary stage is worth, and whether the third stage should get an adapter
 * of its own. Stage 1 draws a new projector to the words; stage 2 learns boundaries; stage 3 learns dialogues.
 */
import { join, resolve } from "node:path";
import { modelsFolder } from "../src/core/files/index.ts";
import { commit, machine } from "./machine.ts";
import { type Asking, askFilms } from "./moments/ask-films.ts";
import { describeFilms } from "./moments/describe-films.ts";
import { armDifference, armFigures, type SeedAnswers } from "./moments/figures.ts";
import { formatArms } from "./moments/format-arms.ts";
import { projected } from "./moments/projector.ts";
import { type TestFilm, testFilms } from "./moments/test-films.ts";
import { tuned } from "./moments/tuned.ts";
import { evenlySpread } from "./moments/vtimellm-source.ts";
import type { RecipeContext, RecipeResult, ReproduceMomentsOptions } from "./recipe.ts";

const arms = ["noStage2", "loraReused", "full"] as const;
type Arm = (typeof arms)[number];

const armNames: Readonly<Record<Arm, string>> = {
  noStage2: "no stage 2",
  loraReused: "stage-2 LoRA reused in stage 3",
  full: "merged, new LoRA in stage 3",
};

const asking: Asking = { numbers: false, prompt: "vtimellm" };

/** The paper's findings, each as a paired difference in mIoU. */
const claims = [
  { claim: "The boundary stage helps", arms: ["full", "noStage2"] },
  { claim: "A new LoRA beats going on with stage 2's", arms: ["full", "loraReused"] },
] as const;

const usual = { projectorSteps: 400, boundarySteps: 900, dialogueSteps: 200, films: 400, testFilms: 50 };
const quick = { projectorSteps: 20, boundarySteps: 20, dialogueSteps: 20, films: 12, testFilms: 6 };

export async function reproduceVtimellm(
  options: ReproduceMomentsOptions,
  context: RecipeContext,
  size: typeof usual = options.quick ? quick : usual,
): Promise<RecipeResult> {
  const { seeds, seed: first, quick: isQuick } = options;
  const folder = resolve(options.folder ?? join("runs", `reproduce-vtimellm-seed${first}${isQuick ? "-quick" : ""}`));
  const reader = join(modelsFolder(), "zoetrope-micro-reader");
  const answers: Record<Arm, SeedAnswers[]> = { noStage2: [], loraReused: [], full: [] };
  for (let seed = first; seed < first + seeds; seed++) {
    const place = join(folder, `seed-${seed}`);
    const films = await testFilms(
      { seed, count: size.testFilms, folder: join(place, "videos"), shown: evenlySpread },
      context,
    );
    const checkpoints = await trainStages({ reader, place, seed, size }, context);
    for (const arm of arms) {
      const about = { model: checkpoints[arm], films, folder: place, name: arm };
      const moments = ({ strip }: TestFilm) => strip.events;
      const found = await askFilms({ ...about, asking, moments }, context);
      answers[arm].push({ seed, answers: [...found, ...(await describeFilms(about, context))] });
    }
  }
  const figures = arms.map((arm) => ({ arm, name: armNames[arm], ...armFigures(arm, answers[arm]) }));
  const differences = claims.map(({ claim, arms: [after, before] }) => ({
    claim,
    estimate: armDifference("miou", [answers[after], answers[before]]),
  }));
  const summary = Object.fromEntries(
    figures.flatMap(({ arm, figures: { miou, r1At05, sodaC } }) => [
      [`${arm}.miou`, miou.value],
      [`${arm}.r1At05`, r1At05.value],
      [`${arm}.sodaC`, sodaC.value],
    ]),
  );
  return {
    folder,
    summary,
    text: formatArms(figures, differences),
    details: { ...size, seeds, machine: machine(), commit: commit(), figures, differences },
  };
}

type Training = Readonly<{ reader: string; place: string; seed: number; size: typeof usual }>;

/** The three stages and the two ways around them; a checkpoint folder for each arm. */
async function trainStages(
  { reader, place, seed, size }: Training,
  context: RecipeContext,
): Promise<Record<Arm, string>> {
  const { boundarySteps, dialogueSteps, films, projectorSteps } = size;
  const at = (name: string) => join(place, name);
  const stage1 = at("stage1");
  await projected({ model: reader, folder: stage1, seed, steps: projectorSteps }, context);
  const train = async (lessons: "stage2" | "stage3", from: string, to: string, continues?: string) => {
    const steps = lessons === "stage2" ? boundarySteps : dialogueSteps;
    const options = { model: from, folder: to, lessons, seed, steps, films };
    await tuned({ ...options, ...(continues !== undefined && { continues }) }, context);
    return to;
  };
  const stage2 = await train("stage2", stage1, at("stage2"));
  return {
    full: await train("stage3", stage2, at("stage3-full")),
    loraReused: await train("stage3", stage1, at("stage3-reused"), stage2),
    noStage2: await train("stage3", stage1, at("stage3-alone")),
  };
}
