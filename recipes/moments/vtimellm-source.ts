/**
 * VTimeLLM's second and third stage on films: frames spread evenly, times as hundredths of the film, every template of the paper.
 */
import { Rng } from "../../src/core/math/index.ts";
import { linspace } from "../../src/media/sampling/index.ts";
import type { Sequence } from "../../src/nn/models/index.ts";
import type { Tokenizer } from "../../src/nn/tokenizer/index.ts";
import {
  metaOf,
  renderTurns,
  stage2Row,
  templateDialogue,
  timeNotations,
  type VtimellmTurn,
  withVideo,
} from "../../src/synthesis/index.ts";
import { withArticle } from "../../src/world/index.ts";
import { conversation, imageLines, type Piece, sequencer, type Turn } from "../micro/lesson.ts";
import type { Film } from "./films.ts";
import type { FrameChoice } from "./strip.ts";

/** The paper has 100 frames of one token each; here a frame has five, so there are fewer. */
export const evenlySpread: FrameChoice = { sampler: linspace, budget: 16 };

export type BoundaryStage = "stage2" | "stage3";

export type VtimellmSourceOptions = Readonly<{
  seed: number;
  stage: BoundaryStage;
  films: readonly Film[];
  tokenizer: Tokenizer;
  tokensPerImage: number;
  batch: number;
  length: number;
  steps: number;
}>;

/** Share of batches that ask for everything at once (A8). */
const denseShare = 0.2;

/**
 * Conversations of a stage. The boundary stage is a curriculum: boundaries alone in few words, which fade out; then one wording of each
 * kind of question, and all of them from two thirds on. Where an event begins and ends is learnt from the first, many times
 * sooner than from sentences.
 */
export function vtimellmSource(options: VtimellmSourceOptions): (step: number) => Sequence[] {
  const { seed, stage, films, tokenizer, tokensPerImage, batch, length, steps } = options;
  const encode = sequencer(tokenizer);
  return (step) => {
    const rng = new Rng(`vtimellm/${stage}/${seed}/${step}`);
    const progress = step / steps;
    // One kind of question a batch: they differ in length, and what is padded is computed for nothing.
    const isBare = stage === "stage2" && rng.chance(Math.max(0.1, 0.9 - 1.5 * progress));
    const isDense = stage === "stage2" && !isBare && rng.chance(denseShare);
    const wordings = Math.max(1, Math.min(10, Math.ceil(30 * (progress - 1 / 3))));
    return Array.from({ length: batch }, () => {
      const film = rng.pick(films);
      const context = imageLines(film.bare.length, tokensPerImage);
      if (isBare) return { ...boundaries(encode, context, film, rng), images: film.bare };
      const turns = asTurns(turnsOf(film, stage, rng, { denseShare: isDense ? 1 : 0, wordings }));
      for (let count = turns.length; ; count--) {
        const sequence = encode(conversation(context, turns.slice(0, count)));
        if (count === 1 || sequence.ids.length <= length) return { ...sequence, images: film.bare };
      }
    });
  };
}

/** Begin and end of every event in few words whose key stands directly before its answer (" first? red circle grows 36"). */
function boundaries(encode: ReturnType<typeof sequencer>, context: string, { strip }: Film, rng: Rng): Sequence {
  const hundredth = (seconds: number) => timeNotations.vtimellm(seconds, strip.duration);
  const told = strip.events.flatMap(({ label, start, end }) => [
    { ask: ` first? ${label}`, answer: hundredth(start) },
    { ask: ` last? ${label}`, answer: hundredth(end) },
  ]);
  const pieces = rng
    .shuffle(told)
    .flatMap(({ ask, answer }): Piece[] => [{ text: ask }, { text: ` ${answer}`, learn: true }]);
  return encode([{ text: `<s>USER: ${context}` }, ...pieces]);
}

type Wording = Readonly<{ denseShare: number; wordings: number }>;

/** A conversation of the stage with its times as VTimeLLM writes them. */
function turnsOf({ strip }: Film, stage: BoundaryStage, rng: Rng, wording: Wording): VtimellmTurn[] {
  const events = strip.events.map((event) => ({ ...event, label: withArticle(event.label) }));
  const list = { video: "film", duration: strip.duration, events };
  const row =
    stage === "stage2"
      ? stage2Row(list, { rng, ...wording })
      : { id: "film", conversations: withVideo(templateDialogue(list, rng)), meta: metaOf(list) };
  return renderTurns(row, timeNotations.vtimellm);
}

/** Questions with their answers; what stands for the frames goes, the frames themselves are there. */
function asTurns(turns: readonly VtimellmTurn[]): Turn[] {
  return Array.from({ length: turns.length / 2 }, (_, i) => ({
    ask: `${(turns[2 * i] as VtimellmTurn).value.replace(/^<video>\n/, "")} `,
    answer: (turns[2 * i + 1] as VtimellmTurn).value,
  }));
}
