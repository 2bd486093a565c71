/**
 * VTimeLLM in miniature (arXiv 2311.18445, table 4): what its boundary stage is worth, and whether the third stage should get an adapter
 * of its own. Stage 1 draws a new projector to the words; stage 2 learns boundaries; stage 3 learns dialogues.
 */
import { basename, join } from "node:path";
import type { MomentsLoss } from "../src/report/index.ts";
import { askFilms } from "./moments/ask-films.ts";
import type { Reproduction } from "./moments/conclude.ts";
import { describeFilms } from "./moments/describe-films.ts";
import type { Asking } from "./moments/film-chats.ts";
import { projected } from "./moments/projector.ts";
import { reproduceMoments, type SeedOutcome, type SeedWork } from "./moments/reproduce-moments.ts";
import type { TestFilm } from "./moments/test-films.ts";
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

const model = "zoetrope-micro-reader";

const reproduction: Reproduction<Arm> = {
  paper: "VTimeLLM in miniature (arXiv 2311.18445)",
  name: "vtimellm",
  model,
  lead: `Three stages teach ${model} when things happen: a new projector, a LoRA on boundaries, a LoRA on dialogues. What is the boundary stage worth, and should the last stage get a LoRA of its own (table 4 of the paper)?`,
  steps: [
    "Stage 1: a new projector is drawn to the words of the decoder.",
    "Stage 2: a LoRA learns moments and all events of films, then is merged.",
    "Stage 3: a LoRA learns dialogues about other films: a new one on the merged decoder, stage 2's trained on, or one that follows stage 1 at once.",
    "Every arm is asked for each event of the same test films, and for all events of each film in one answer (SODA_c).",
  ],
  frozen: "The vision tower is frozen.",
  shown: evenlySpread,
  sampler: `${evenlySpread.budget} frames, spread evenly`,
  arms,
  names: armNames,
  claims: [
    { claim: "The boundary stage helps to find moments", figure: "miou", arms: ["full", "noStage2"] },
    { claim: "The boundary stage helps to describe all events", figure: "sodaC", arms: ["full", "noStage2"] },
    { claim: "A new LoRA finds moments better than stage 2's", figure: "miou", arms: ["full", "loraReused"] },
    { claim: "A new LoRA describes better than stage 2's", figure: "sodaC", arms: ["full", "loraReused"] },
  ],
  summary: ["miou", "r1At05", "sodaC"],
  numbers: false,
};

const usual = { projectorSteps: 400, boundarySteps: 900, dialogueSteps: 200, films: 400, testFilms: 50 };
const quick = { projectorSteps: 20, boundarySteps: 20, dialogueSteps: 20, films: 12, testFilms: 6 };

export function reproduceVtimellm(
  options: ReproduceMomentsOptions,
  context: RecipeContext,
  size: typeof usual = options.quick ? quick : usual,
): Promise<RecipeResult> {
  return reproduceMoments(reproduction, runSeed, { options, size }, context);
}

async function runSeed(work: SeedWork<typeof usual>, context: RecipeContext): Promise<SeedOutcome<Arm>> {
  const { films, folder } = work;
  const { checkpoints, losses, seconds } = await trainStages(work, context);
  const ask = async (arm: Arm) => {
    const about = { model: checkpoints[arm], films, folder, name: arm };
    const moments = ({ strip }: TestFilm) => strip.events;
    const found = await askFilms({ ...about, asking, moments }, context);
    return [...found, ...(await describeFilms(about, context))];
  };
  const answers = { noStage2: await ask("noStage2"), loraReused: await ask("loraReused"), full: await ask("full") };
  return { answers, losses, trainingSeconds: seconds };
}

/** Folders of the arms' last stages. */
const stages: Readonly<Record<Arm, string>> = {
  full: "stage3-full",
  loraReused: "stage3-reused",
  noStage2: "stage3-alone",
};

/** The three stages and the two ways around them; a checkpoint folder for each arm. */
async function trainStages(
  { model: reader, folder, seed, size }: SeedWork<typeof usual>,
  context: RecipeContext,
): Promise<Readonly<{ checkpoints: Readonly<Record<Arm, string>>; losses: readonly MomentsLoss[]; seconds: number }>> {
  const { boundarySteps, dialogueSteps, films, projectorSteps } = size;
  const at = (name: string) => join(folder, name);
  const stage1 = at("stage1");
  let { seconds } = await projected({ model: reader, folder: stage1, seed, steps: projectorSteps }, context);
  const losses: MomentsLoss[] = [];
  const train = async (lessons: "stage2" | "stage3", from: string, to: string, continues?: string) => {
    const steps = lessons === "stage2" ? boundarySteps : dialogueSteps;
    const options = { model: from, folder: to, lessons, seed, steps, films };
    const trained = await tuned({ ...options, ...(continues !== undefined && { continues }) }, context);
    const arm = arms.find((each) => stages[each] === basename(to));
    losses.push({
      name: arm ? `stage 3: ${armNames[arm]}` : "stage 2",
      arm: arm ? arms.indexOf(arm) : arms.length,
      losses: trained.losses,
    });
    seconds += trained.seconds;
    return to;
  };
  const stage2 = await train("stage2", stage1, at("stage2"));
  const checkpoints = {
    full: await train("stage3", stage2, at(stages.full)),
    loraReused: await train("stage3", stage1, at(stages.loraReused), stage2),
    noStage2: await train("stage3", stage1, at(stages.noStage2)),
  };
  return { checkpoints, losses, seconds };
}
