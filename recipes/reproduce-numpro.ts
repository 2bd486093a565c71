/**
 * NumPro in miniature (arXiv 2411.10332): when does it happen, asked of one model without numbers on its frames and with them, before
 * and after fine-tuning on moments. Without numbers the frames' seconds stand in the question, so that all arms know the time.
 */
import { join, resolve } from "node:path";
import { modelsFolder } from "../src/core/files/index.ts";
import type { MomentsLoss } from "../src/report/index.ts";
import { testVocabulary } from "../src/world/index.ts";
import { fingerprintOfModel } from "./fingerprint.ts";
import { type Asking, askFilms } from "./moments/ask-films.ts";
import { concluded, type Reproduction } from "./moments/conclude.ts";
import type { SeedAnswers } from "./moments/figures.ts";
import { everySecond } from "./moments/strip.ts";
import { type TestFilm, testFilms } from "./moments/test-films.ts";
import { tuned } from "./moments/tuned.ts";
import type { RecipeContext, RecipeResult, ReproduceMomentsOptions } from "./recipe.ts";

const arms = ["none", "numpro", "ftPlain", "ftNumpro"] as const;
type Arm = (typeof arms)[number];

const armNames: Readonly<Record<Arm, string>> = {
  none: "frames and their seconds",
  numpro: "NumPro, training-free",
  ftPlain: "fine-tuned, seconds",
  ftNumpro: "NumPro-FT",
};

const askings: Readonly<Record<Arm, Asking>> = {
  none: { numbers: false, prompt: "times", highlights: "numpro" },
  numpro: { numbers: true, prompt: "numpro", highlights: "numpro" },
  ftPlain: { numbers: false, prompt: "times", highlights: "numpro-ft" },
  ftNumpro: { numbers: true, prompt: "numpro-ft", highlights: "numpro-ft" },
};

const modelName = "zoetrope-micro-reader";

const reproduction: Reproduction<Arm> = {
  paper: "NumPro in miniature (arXiv 2411.10332)",
  command: "zoetrope reproduce numpro",
  lead: `When does it happen? ${modelName} is asked about films of several events, with the frames' seconds in the question or with numbers drawn on the frames, before and after its decoder was fine-tuned each way. Both ways tell the model the time of every frame.`,
  steps: [
    "Write test films of several events as mp4 files, decode them as any video, one frame a second.",
    "Ask the model for every moment and for the highlights: frames bare and their seconds in the text (frames and their seconds), frames with numbers and the paper's prompt (NumPro, training-free).",
    "Fine-tune the decoder on other films with the seconds in the text, and another copy with numbers on the frames (NumPro-FT): same films, same questions, same steps.",
    "Ask each copy the same questions in the way that it was taught.",
  ],
  heldOut: [
    `No film that is learnt from shows the things of the test films: ${testVocabulary.shapes.join(", ")}.`,
    `Nor their backgrounds: ${testVocabulary.backgrounds.join(", ")}.`,
    "The vision tower and the projector are frozen; the model was made to read the numbers, and no other design of them.",
  ],
  sampler: "one frame a second",
  arms,
  names: armNames,
  claims: [
    { claim: "NumPro beats frames and seconds without training", figure: "miou", arms: ["numpro", "none"] },
    { claim: "NumPro-FT beats fine-tuning without numbers", figure: "miou", arms: ["ftNumpro", "ftPlain"] },
    { claim: "NumPro-FT finds highlights better, too", figure: "highlightMap", arms: ["ftNumpro", "ftPlain"] },
  ],
  summary: ["miou", "r1At05", "highlightMap"],
  numbers: true,
};

const usual = { steps: 900, films: 500, testFilms: 50 };
const quick = { steps: 20, films: 12, testFilms: 6 };

export async function reproduceNumpro(
  options: ReproduceMomentsOptions,
  context: RecipeContext,
  size: typeof usual = options.quick ? quick : usual,
): Promise<RecipeResult> {
  const { seeds, seed: first, quick: isQuick } = options;
  const folder = resolve(options.folder ?? join("runs", `reproduce-numpro-seed${first}${isQuick ? "-quick" : ""}`));
  const model = join(modelsFolder(), modelName);
  const began = performance.now();
  const answers: Record<Arm, SeedAnswers[]> = { none: [], numpro: [], ftPlain: [], ftNumpro: [] };
  const losses: MomentsLoss[] = [];
  let trainingSeconds = 0;
  let shown: readonly TestFilm[] = [];
  for (let seed = first; seed < first + seeds; seed++) {
    const place = join(folder, `seed-${seed}`);
    const films = await testFilms(
      { seed, count: size.testFilms, folder: join(place, "videos"), shown: everySecond },
      context,
    );
    if (seed === first) shown = films;
    const ask = async (arm: Arm, checkpoint: string) => {
      const asked = { model: checkpoint, films, asking: askings[arm], folder: place, name: arm };
      answers[arm].push({ seed, answers: await askFilms(asked, context) });
    };
    await ask("none", model);
    await ask("numpro", model);
    for (const [arm, lessons] of [
      ["ftPlain", "plain"],
      ["ftNumpro", "numpro"],
    ] as const) {
      const to = join(place, lessons);
      const told = await tuned({ model, folder: to, lessons, seed, steps: size.steps, films: size.films }, context);
      trainingSeconds += told.seconds;
      losses.push({ name: armNames[arm], arm: arms.indexOf(arm), losses: told.losses });
      await ask(arm, to);
    }
  }
  const fingerprint = fingerprintOfModel(model);
  return concluded(reproduction, {
    ...{ folder, answers, losses, trainingSeconds, films: shown, size },
    ...{ seeds: Array.from({ length: seeds }, (_, i) => first + i), model: { name: modelName, fingerprint } },
    seconds: (performance.now() - began) / 1000,
  });
}
