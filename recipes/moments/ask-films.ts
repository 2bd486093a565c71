/**
 * Films asked about: when each moment happens, and which frames are the highlights. What an earlier call asked is read from its file.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ChatModel, type Message, openLocalModel, userMessage } from "../../src/chat/index.ts";
import { writeAtomically } from "../../src/core/files/index.ts";
import { highlightValues, iou } from "../../src/core/metrics/index.ts";
import type { Moment } from "../../src/core/time/index.ts";
import {
  askGrounding,
  type GroundingPrompt,
  type HighlightPrompt,
  readGrounding,
  readHighlights,
  type ShownFrames,
  saliencyOf,
  showFrames,
  shownVideo,
} from "../../src/tasks/index.ts";
import type { RecipeContext } from "../recipe.ts";
import { highlightQuestion, ratedMoments, saliencyOfFrames } from "./highlight-turn.ts";
import { numberStyle } from "./number-style.ts";
import type { TestFilm } from "./test-films.ts";
import { type Clock, queryOf } from "./turns.ts";

/** How an arm shows its frames and words its questions. */
export type Asking = Readonly<{
  numbers: boolean;
  prompt: GroundingPrompt;
  /** Absent: highlights are not asked for. */
  highlights?: HighlightPrompt;
}>;

/** `value` is the iou of a moment, the average precision (VeryGood) of highlights, SODA_c of all events; `hit` is HIT@1. */
export type FilmAnswer = Readonly<{
  film: string;
  kind: "moment" | "highlights" | "dense";
  query: string;
  truth: readonly [number, number];
  reply: string;
  read: readonly [number, number] | null;
  /** Why the reply could not be read. */
  unparsed: string | null;
  value: number;
  hit: number | null;
}>;

export type AskFilms = Readonly<{
  /** Checkpoint folder. */
  model: string;
  films: readonly TestFilm[];
  asking: Asking;
  /** What is asked about each film. Default: its moments. */
  moments?: (film: TestFilm) => readonly Moment[];
  folder: string;
  name: string;
}>;

const longestReply = { moment: 24, highlights: 80 };

export async function askFilms(options: AskFilms, context: RecipeContext): Promise<FilmAnswer[]> {
  const { films, asking, folder, name } = options;
  const path = join(folder, `${name}.json`);
  const asked = JSON.stringify({ films: films.length, asking, model: options.model });
  if (existsSync(path)) {
    const earlier = JSON.parse(readFileSync(path, "utf8")) as { asked: unknown; answers: FilmAnswer[] };
    if (JSON.stringify(earlier.asked) === asked) return earlier.answers;
  }
  const task = context.progress.task(`ask ${name}`, { total: films.length, unit: "films" });
  const model = openLocalModel(options.model);
  const answers: FilmAnswer[] = [];
  try {
    for (const [i, film] of films.entries()) {
      context.signal.throwIfAborted();
      answers.push(...(await askFilm(model, film, options, context.signal)));
      task.update(i + 1);
    }
  } finally {
    await model.dispose();
  }
  task.finish(`${answers.length} questions`);
  writeAtomically(path, [`${JSON.stringify({ asked: JSON.parse(asked), answers }, null, 1)}\n`]);
  return answers;
}

async function askFilm(
  model: ChatModel,
  film: TestFilm,
  { asking, moments = ({ strip }) => strip.moments }: AskFilms,
  signal: AbortSignal,
): Promise<FilmAnswer[]> {
  const { frames, duration, strip, id } = film;
  const shown = showFrames(frames, { duration, numbers: asking.numbers, style: numberStyle });
  const asked = moments(film);
  const rated = asking.highlights === undefined ? [] : ratedMoments(strip);
  const grounding = asked.map((moment) => askGrounding(shown, queryOf(moment), asking.prompt));
  const highlights = rated.map((moment) => highlightChat(shown, film, moment, asking));
  const about = (moment: Moment) => ({ film: id, query: queryOf(moment), truth: [moment.start, moment.end] as const });
  const options = (maxNewTokens: number) => ({ maxNewTokens, signal });
  const replies = await model.generateMany(grounding, options(longestReply.moment));
  const told = await model.generateMany(highlights, options(longestReply.highlights));
  return [
    ...asked.map((moment, i) => momentAnswer(about(moment), replies[i]?.text ?? "", { shown, asking })),
    ...rated.map((moment, i) => highlightAnswer(about(moment), told[i]?.text ?? "", { film, moment })),
  ];
}

type About = Pick<FilmAnswer, "film" | "query" | "truth">;

function momentAnswer(
  about: About,
  reply: string,
  { shown, asking }: { shown: ShownFrames; asking: Asking },
): FilmAnswer {
  const found = readGrounding(shown, reply, asking.prompt);
  const span = found.kind === "spans" ? found.spans[0] : undefined;
  const [start, end] = about.truth;
  return {
    ...{ ...about, kind: "moment", reply },
    read: span ? [span.start, span.end] : null,
    unparsed: found.kind === "spans" ? null : found.reason,
    value: span ? iou(span, { start, end }) : 0,
    hit: null,
  };
}

function highlightChat(shown: ShownFrames, { strip }: TestFilm, moment: Moment, asking: Asking): Message[] {
  const clock: Clock = asking.numbers ? "numbers" : "times";
  const text = highlightQuestion(strip, moment, clock, asking.highlights as HighlightPrompt);
  return [userMessage(text, shownVideo(shown))];
}

/** A clip is a frame here; ratings are the saliency less one, on QVHighlights' scale of 0 to 4. */
function highlightAnswer(
  about: About,
  reply: string,
  { film, moment }: { film: TestFilm; moment: Moment },
): FilmAnswer {
  const clips = film.frames.length;
  const rated = saliencyOfFrames(film.strip, moment);
  const found = readHighlights(reply);
  const scores = found.kind === "unparsed" ? new Array<number>(clips).fill(0) : saliencyOf(found, { clips }).scores;
  const { VeryGood } = highlightValues({
    clips,
    ratedClips: rated.map(({ frame }) => frame),
    ratings: rated.map(({ score }) => [score - 1]),
    scores,
  });
  return {
    ...{ ...about, kind: "highlights", reply, read: null },
    unparsed: found.kind === "unparsed" ? found.reason : null,
    value: found.kind === "unparsed" ? 0 : VeryGood.averagePrecision,
    hit: found.kind === "unparsed" ? 0 : VeryGood.hit,
  };
}
