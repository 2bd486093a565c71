/** Questions about a film as chats, and how the replies to them are read and scored. */
import { type Message, userMessage } from "../../src/chat/index.ts";
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
import { highlightQuestion, ratedMoments, saliencyOfFrames } from "./highlight-turn.ts";
import type { FilmAnswer, FilmQuestion } from "./kept-answers.ts";
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

/** A question as a model is asked it. */
export type FilmChat = Readonly<{
  question: FilmQuestion;
  chat: Message[];
  /** The reply read and scored. */
  read: (reply: string) => FilmAnswer;
}>;

/** What is asked about a film: its moments, then the highlights of those that are rated. */
export function filmChats(film: TestFilm, asking: Asking, moments = film.strip.moments): FilmChat[] {
  const { frames, duration, strip, id } = film;
  const shown = showFrames(frames, { duration, numbers: asking.numbers, style: numberStyle });
  const rated = asking.highlights === undefined ? [] : ratedMoments(strip);
  const asked = (kind: FilmQuestion["kind"], moment: Moment): FilmQuestion => {
    return { film: id, kind, query: queryOf(moment), truth: [moment.start, moment.end] };
  };
  return [
    ...moments.map((moment): FilmChat => {
      const question = asked("moment", moment);
      const chat = askGrounding(shown, question.query, asking.prompt);
      const read = (reply: string) => momentAnswer(question, reply, { shown, asking });
      return { question, chat, read };
    }),
    ...rated.map((moment): FilmChat => {
      const question = asked("highlights", moment);
      const chat = highlightChat(shown, film, moment, asking);
      return { question, chat, read: (reply) => highlightAnswer(question, reply, { film, moment }) };
    }),
  ];
}

function momentAnswer(
  question: FilmQuestion,
  reply: string,
  { shown, asking }: { shown: ShownFrames; asking: Asking },
): FilmAnswer {
  const found = readGrounding(shown, reply, asking.prompt);
  const span = found.kind === "spans" ? found.spans[0] : undefined;
  const [start, end] = question.truth;
  return {
    ...{ ...question, reply },
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
  question: FilmQuestion,
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
    ...{ ...question, reply, read: null },
    unparsed: found.kind === "unparsed" ? found.reason : null,
    value: found.kind === "unparsed" ? 0 : VeryGood.averagePrecision,
    hit: found.kind === "unparsed" ? 0 : VeryGood.hit,
  };
}
