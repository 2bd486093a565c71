/**
 * NumPro in miniature (arXiv 2411.10332): when does it happen, asked of one model without numbers on its frames and with them, before
 * and after fine-tuning on moments. Without numbers the frames' seconds stand in the question, so that all arms know the time.
 */
import { join, resolve } from "node:path";
import { modelsFolder } from "../src/core/files/index.ts";
import { commit, machine } from "./machine.ts";
import { type Asking, askFilms } from "./moments/ask-films.ts";
import { armDifference, armFigures, type SeedAnswers } from "./moments/figures.ts";
import { formatArms } from "./moments/format-arms.ts";
import { everySecond } from "./moments/strip.ts";
import { testFilms } from "./moments/test-films.ts";
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

/** The paper's claims, each as a paired difference in mIoU. */
const claims = [
  { claim: "NumPro beats frames and seconds without training", arms: ["numpro", "none"] },
  { claim: "NumPro-FT beats fine-tuning without numbers", arms: ["ftNumpro", "ftPlain"] },
] as const;

const usual = { steps: 900, films: 500, testFilms: 50 };
const quick = { steps: 20, films: 12, testFilms: 6 };

export async function reproduceNumpro(
  options: ReproduceMomentsOptions,
  context: RecipeContext,
  size: typeof usual = options.quick ? quick : usual,
): Promise<RecipeResult> {
  const { seeds, seed: first, quick: isQuick } = options;
  const folder = resolve(options.folder ?? join("runs", `reproduce-numpro-seed${first}${isQuick ? "-quick" : ""}`));
  const model = join(modelsFolder(), "zoetrope-micro-reader");
  const answers: Record<Arm, SeedAnswers[]> = { none: [], numpro: [], ftPlain: [], ftNumpro: [] };
  for (let seed = first; seed < first + seeds; seed++) {
    const place = join(folder, `seed-${seed}`);
    const films = await testFilms(
      { seed, count: size.testFilms, folder: join(place, "videos"), shown: everySecond },
      context,
    );
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
      await tuned({ model, folder: to, lessons, seed, steps: size.steps, films: size.films }, context);
      await ask(arm, to);
    }
  }
  const figures = arms.map((arm) => ({ arm, name: armNames[arm], ...armFigures(arm, answers[arm]) }));
  const differences = claims.map(({ claim, arms: [after, before] }) => ({
    claim,
    estimate: armDifference("miou", [answers[after], answers[before]]),
  }));
  const summary = Object.fromEntries(
    figures.flatMap(({ arm, figures: { miou, r1At05, highlightMap } }) => [
      [`${arm}.miou`, miou.value],
      [`${arm}.r1At05`, r1At05.value],
      [`${arm}.highlightMap`, highlightMap.value],
    ]),
  );
  return {
    folder,
    summary,
    text: formatArms(figures, differences),
    details: { ...size, seeds, machine: machine(), commit: commit(), figures, differences },
  };
}
