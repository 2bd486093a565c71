/** Questions that the report shows, drawn at random, with the frames behind them and what each arm answered. */
import { Rng } from "../../src/core/math/index.ts";
import { type DenseExample, frameStrip, type MomentsExample, type MomentsSpan } from "../../src/report/index.ts";
import { showFrames } from "../../src/tasks/index.ts";
import type { SeedAnswers } from "./figures.ts";
import type { FilmAnswer } from "./kept-answers.ts";
import { numberStyle } from "./number-style.ts";
import type { TestFilm } from "./test-films.ts";

export type Drawn = Readonly<{
  /** Answers of one seed, an arm each, all to the same questions. */
  arms: readonly SeedAnswers[];
  films: readonly TestFilm[];
  numbers: boolean;
}>;

const momentCards = 6;
const denseCards = 2;

/** At most one question a film. */
export async function momentExamples(drawn: Drawn): Promise<MomentsExample[]> {
  return Promise.all(
    picked(drawn, "moment", momentCards).map(async ({ film, answers }) => {
      const { query, truth } = answers[0] as FilmAnswer;
      const replies = answers.map(({ read, reply, value }) => ({
        span: read as MomentsSpan | null,
        reply,
        iou: value,
      }));
      return { film: film.id, query, truth, replies, duration: film.duration, strip: await stripOf(film, drawn) };
    }),
  );
}

export async function denseExamples(drawn: Drawn): Promise<DenseExample[]> {
  return Promise.all(
    picked(drawn, "dense", denseCards).map(async ({ film, answers }) => {
      const truth = film.strip.events.map(
        ({ label, start, end }) => `${label} ${start.toFixed(1)} to ${end.toFixed(1)} s`,
      );
      const replies = answers.map(({ reply, unparsed, value }) => {
        return { reply, isRead: unparsed === null, sodaC: 100 * value };
      });
      return { film: film.id, truth: truth.join("; "), replies, strip: await stripOf(film, drawn) };
    }),
  );
}

/** Questions of a kind with the answers of all arms. */
function picked({ arms, films }: Drawn, kind: FilmAnswer["kind"], count: number) {
  const [first] = arms as readonly [SeedAnswers, ...SeedAnswers[]];
  const rng = new Rng(`report-examples/${kind}/${first.seed}`);
  const questions = first.answers.flatMap(({ kind: of, film }, at) => (of === kind ? [{ film, at }] : []));
  const seen = new Set<string>();
  return rng
    .shuffle(questions)
    .filter(({ film }) => !seen.has(film) && seen.add(film))
    .slice(0, count)
    .map(({ film: id, at }) => ({
      film: films.find((film) => film.id === id) as TestFilm,
      answers: arms.map(({ answers }) => answers[at] as FilmAnswer),
    }));
}

function stripOf({ frames, duration }: TestFilm, { numbers }: Drawn) {
  return frameStrip(showFrames(frames, { duration, numbers, style: numberStyle }).frames);
}
