/**
 * NumPro in miniature (arXiv 2411.10332): when does it happen, asked of one model without numbers on its frames and with them, before
 * and after fine-tuning on moments. Without numbers the frames' seconds stand in the question, so that all arms know the time.
 *
 * A video model of the paper's size follows an instruction that it never saw. The miniature does not, so its decoder is taught first, in
 * text alone and for both ways of asking alike, to say on which lines of a list a thing stands.
 */
import { join } from "node:path";
import { askFilms } from "./moments/ask-films.ts";
import type { Reproduction } from "./moments/conclude.ts";
import type { Asking } from "./moments/film-chats.ts";
import { listsTaught } from "./moments/list-course.ts";
import { type Base, reproduceMoments, type SeedOutcome, type SeedWork } from "./moments/reproduce-moments.ts";
import { everySecond } from "./moments/strip.ts";
import type { FilmLessons } from "./moments/tune.ts";
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

const model = "zoetrope-micro-reader";

const reproduction: Reproduction<Arm> = {
  paper: "NumPro in miniature (arXiv 2411.10332)",
  name: "numpro",
  model,
  lead: `When does it happen? ${model} is asked about films of several events, with the frames' seconds in the question or with numbers drawn on the frames, before and after its decoder was fine-tuned on films each way. It had read lists before, in text alone. Both ways tell the model the time of every frame.`,
  steps: [
    "Write test films of several events as mp4 files, decode them like every other video, one frame a second.",
    "Teach the decoder, in text alone, to say on which lines of a list a thing stands: half of the lists are numbered, half have the lines' seconds in the question. No frame is seen, and nothing happens in the lists. All arms start from here.",
    "Ask the model for every moment and for the highlights: frames bare and their seconds in the text (frames and their seconds), frames with numbers and the paper's prompt (NumPro, training-free).",
    "Fine-tune the decoder on other films with the seconds in the text, and another copy with numbers on the frames (NumPro-FT): same films, same questions, same steps.",
    "Ask each copy the same questions in the way that it was taught.",
  ],
  frozen:
    "The vision tower and the projector are frozen; the model was made to read the numbers, and no other design of them. The lists, which are text, do name the things of the test films, as all of zoetrope-micro's static lessons do.",
  shown: everySecond,
  sampler: "one frame a second",
  arms,
  names: armNames,
  claims: [
    { claim: "NumPro beats frames and seconds without training on films", figure: "miou", arms: ["numpro", "none"] },
    { claim: "NumPro-FT beats fine-tuning without numbers", figure: "miou", arms: ["ftNumpro", "ftPlain"] },
    { claim: "NumPro-FT finds highlights better, too", figure: "highlightMap", arms: ["ftNumpro", "ftPlain"] },
  ],
  summary: ["miou", "r1At05", "highlightMap"],
  numbers: true,
};

const usual = { listSteps: 1000, steps: 450, films: 500, testFilms: 50 };
const quick = { listSteps: 20, steps: 20, films: 12, testFilms: 6 };

export function reproduceNumpro(
  options: ReproduceMomentsOptions,
  context: RecipeContext,
  size: typeof usual = options.quick ? quick : usual,
): Promise<RecipeResult> {
  const chosen = { ...size, steps: options.steps ?? size.steps };
  return reproduceMoments(reproduction, runSeed, { options, size: chosen, prepare: readLists }, context);
}

/** The shipped reader with lists read: once a run, whatever the seeds. */
async function readLists(
  { model, folder, seed, size }: Readonly<{ model: string; folder: string; seed: number; size: typeof usual }>,
  context: RecipeContext,
): Promise<Base> {
  const to = join(folder, "lists");
  const { seconds } = await listsTaught({ model, folder: to, seed, steps: size.listSteps }, context);
  return { model: to, seconds };
}

async function runSeed(
  { seed, folder, model: reader, films, size }: SeedWork<typeof usual>,
  context: RecipeContext,
): Promise<SeedOutcome<Arm>> {
  const ask = (arm: Arm, checkpoint: string) =>
    askFilms({ model: checkpoint, films, asking: askings[arm], folder, name: arm }, context);
  const taught = async (arm: Arm, lessons: FilmLessons) => {
    const to = join(folder, lessons);
    const options = { model: reader, folder: to, lessons, seed, steps: size.steps, films: size.films };
    const { losses, seconds } = await tuned(options, context);
    return {
      answers: await ask(arm, to),
      loss: { name: armNames[arm], arm: arms.indexOf(arm), losses },
      seconds,
    };
  };
  const none = await ask("none", reader);
  const numpro = await ask("numpro", reader);
  const plain = await taught("ftPlain", "plain");
  const numbered = await taught("ftNumpro", "numpro");
  return {
    answers: { none, numpro, ftPlain: plain.answers, ftNumpro: numbered.answers },
    losses: [plain.loss, numbered.loss],
    trainingSeconds: plain.seconds + numbered.seconds,
  };
}
