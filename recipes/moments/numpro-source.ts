/**
 * NumPro-FT's lessons on films, and the same without numbers: the frames' seconds stand in the question instead.
 */
import { Rng } from "../../src/core/math/index.ts";
import type { Sequence } from "../../src/nn/models/index.ts";
import type { Tokenizer } from "../../src/nn/tokenizer/index.ts";
import { imageLines, type Piece, sequencer, type Turn } from "../micro/lesson.ts";
import { filled } from "./filled.ts";
import type { Film } from "./films.ts";
import { highlightTurn, ratedMoments } from "./highlight-turn.ts";
import { boundaryTurn, type Clock, groundingTurn } from "./turns.ts";

export type NumproArm = "plain" | "numpro";

export type NumproSourceOptions = Readonly<{
  seed: number;
  arm: NumproArm;
  films: readonly Film[];
  steps: number;
  tokenizer: Tokenizer;
  tokensPerImage: number;
  batch: number;
  /** Tokens of a sequence at most, but for the first turn, which is never cut. */
  length: number;
}>;

const highlightShare = 0.15;
/** Frames of the longest film at first, and from two thirds of the steps on. */
const [shortFilm, longFilm] = [6, 24];
/** The paper trains on its short question; the long one is what `zoetrope ground` asks. */
const prompts = ["numpro-ft", "numpro"] as const;

/** Boundaries alone fade out over the first half. Both arms are asked the same questions about the same films. */
export function numproSource(options: NumproSourceOptions): (step: number) => Sequence[] {
  const { seed, arm, films: all, steps, tokenizer, tokensPerImage, batch, length } = options;
  const encode = sequencer(tokenizer);
  const clock: Clock = arm === "numpro" ? "numbers" : "times";
  const asked = all.filter(({ strip }) => strip.moments.length > 0);
  const rated = all.filter(({ strip }) => ratedMoments(strip).length > 0);
  return (step) => {
    const rng = new Rng(`numpro/${seed}/${step}`);
    // One kind of question a batch: they differ in length, and what is padded is computed for nothing.
    const isBare = rng.chance(Math.max(0.15, 0.9 - (1.3 * step) / steps));
    const isHighlight = !isBare && rng.chance(highlightShare);
    const longest = shortFilm + (longFilm - shortFilm) * Math.min(1, (1.5 * step) / steps);
    const pool = isHighlight ? rated : asked;
    const fitting = pool.filter(({ strip }) => strip.times.length <= longest);
    const films = fitting.length > 0 ? fitting : pool;
    return Array.from({ length: batch }, () => {
      const film = rng.pick(films);
      const lesson = rng.fork(rng.uint32());
      const images = arm === "numpro" ? film.numbered : film.bare;
      const context = imageLines(film.strip.times.length, tokensPerImage);
      if (isBare) return { ...boundaries(encode, context, { film, clock, lesson }), images };
      const draw = (): Turn =>
        isHighlight
          ? highlightTurn(film.strip, lesson.pick(ratedMoments(film.strip)), clock)
          : groundingTurn(film.strip, lesson.pick(film.strip.moments), { clock, prompt: lesson.pick(prompts) });
      return { ...filled(encode, context, length, draw), images };
    });
  };
}

type Lesson = Readonly<{ film: Film; clock: Clock; lesson: Rng }>;

/**
 * Begin and end of every moment in few words whose key stands directly before its answer (" first? red circle grows 7"): where a
 * moment begins and ends is learnt here, many times sooner than in sentences.
 */
function boundaries(encode: ReturnType<typeof sequencer>, context: string, { film, clock, lesson }: Lesson): Sequence {
  const { strip } = film;
  const turns = strip.moments.flatMap((moment) =>
    [true, false].map((first) => boundaryTurn(strip, moment, clock, first)),
  );
  const told = lesson
    .shuffle(turns)
    .flatMap(({ ask, answer }): Piece[] => [{ text: ask }, { text: ` ${answer}`, learn: true }]);
  return encode([{ text: `<s>USER: ${context}` }, ...told]);
}
