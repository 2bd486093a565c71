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
import { conversation, imageLines, sequencer, type Turn } from "../micro/lesson.ts";
import type { Film } from "./films.ts";
import type { FrameChoice } from "./strip.ts";

/** The paper has 100 frames of one token each; here a frame has five, so there are fewer. */
export const evenlySpread: FrameChoice = { sampler: linspace, budget: 24 };

export type BoundaryStage = "stage2" | "stage3";

export type VtimellmSourceOptions = Readonly<{
  seed: number;
  stage: BoundaryStage;
  films: readonly Film[];
  tokenizer: Tokenizer;
  tokensPerImage: number;
  batch: number;
  length: number;
}>;

export function vtimellmSource(options: VtimellmSourceOptions): (step: number) => Sequence[] {
  const { seed, stage, films, tokenizer, tokensPerImage, batch, length } = options;
  const encode = sequencer(tokenizer);
  return (step) => {
    const rng = new Rng(`vtimellm/${stage}/${seed}/${step}`);
    return Array.from({ length: batch }, () => {
      const film = rng.pick(films);
      const context = imageLines(film.bare.length, tokensPerImage);
      const turns = asTurns(turnsOf(film, stage, rng));
      for (let count = turns.length; ; count--) {
        const sequence = encode(conversation(context, turns.slice(0, count)));
        if (count === 1 || sequence.ids.length <= length) return { ...sequence, images: film.bare };
      }
    });
  };
}

/** A conversation of the stage with its times as VTimeLLM writes them. */
function turnsOf({ strip }: Film, stage: BoundaryStage, rng: Rng): VtimellmTurn[] {
  const events = strip.events.map((event) => ({ ...event, label: withArticle(event.label) }));
  const list = { video: "film", duration: strip.duration, events };
  const row =
    stage === "stage2"
      ? stage2Row(list, { rng })
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
