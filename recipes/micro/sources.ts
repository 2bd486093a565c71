/**
 * The batches of every stage as pure functions of the step, so that a resumed run needs no memory of what it has drawn.
 */
import { Rng } from "../../src/core/math/index.ts";
import type { Sequence } from "../../src/nn/models/index.ts";
import type { Tokenizer } from "../../src/nn/tokenizer/index.ts";
import { PREFIXES } from "../../src/synthesis/index.ts";
import type { Glimpse } from "../../src/tasks/index.ts";
import { captionOf, randomWording, type Wording } from "./captions.ts";
import { episode, ramp } from "./episode.ts";
import { conversation, imageLines, lines, type Piece, sequencer, type Turn } from "./lesson.ts";
import { denseTurn, staticTurn } from "./static-lessons.ts";
import { visibleWords, wholeWords } from "./words.ts";

export type SequenceSource = (step: number) => Sequence[];

/** Numbers of a language batch: sequences, and the ids that each may have. */
export type Room = Readonly<{ batch: number; length: number }>;

type SourceOptions = Room & Readonly<{ seed: number; steps: number; tokenizer: Tokenizer }>;

/** Text only, dense look-ups: frames grow from two to eight lines. */
export function denseSource({ seed, steps, batch, length, tokenizer }: SourceOptions): SequenceSource {
  const encode = sequencer(tokenizer);
  return (step) =>
    draws(`dense/${seed}/${step}`, batch, (rng) => {
      const reach = 2 + Math.round(6 * Math.min(1, (1.5 * step) / steps));
      const frames = rng.integer(2, reach);
      const glimpses = randomGlimpses(rng, frames);
      const pieces: Piece[] = [{ text: `<s>${captionLines(glimpses, randomWording(rng))}` }];
      for (let count = encode(pieces).ids.length; count < length - 8; ) {
        const { ask, answer } = denseTurn(glimpses, rng, wholeWords);
        const added: Piece[] = [{ text: ask }, { text: ` ${answer}`, learn: true }];
        pieces.push(...added);
        count += encode(added).ids.length;
      }
      return encode(pieces);
    });
}

/** Text only, natural wording; dense questions fade out over the first half. */
export function readingSource({ seed, steps, batch, length, tokenizer }: SourceOptions): SequenceSource {
  const encode = sequencer(tokenizer);
  return (step) =>
    draws(`reading/${seed}/${step}`, batch, (rng) => {
      const glimpses = randomGlimpses(rng, rng.integer(1, 8));
      const dense = 0.4 * Math.max(0, 1 - (2 * step) / steps) + 0.03;
      const prefix = rng.chance(0.3) ? `${rng.pick(PREFIXES)}\n\nCaptions:\n` : "";
      const wording = randomWording(rng);
      return fill(encode, prefix + captionLines(glimpses, wording), length, () => {
        if (!rng.chance(dense)) return staticTurn(glimpses, rng, wholeWords, { wording });
        const { ask, answer } = denseTurn(glimpses, rng, wholeWords);
        return { ask: ask.trimStart(), answer };
      });
    });
}

/** The features of a picture that shows a glimpse. */
export type Look = (glimpse: Glimpse, rng: Rng) => Float32Array | undefined;

/** Static questions, a share of them about pictures and the rest about captions. */
export function instructionSource(
  { seed, batch, length, tokenizer }: SourceOptions,
  { look, tokensPerImage, share }: { look: Look; tokensPerImage: number; share: number },
): SequenceSource {
  const encode = sequencer(tokenizer);
  return (step) =>
    draws(`instruction/${seed}/${step}`, batch, (rng) => {
      if (!rng.chance(share)) {
        const glimpses = randomGlimpses(rng, rng.integer(1, 8));
        const wording = randomWording(rng);
        const context = captionLines(glimpses, wording);
        return fill(encode, context, length, () => staticTurn(glimpses, rng, wholeWords, { wording }));
      }
      for (;;) {
        const frames = rng.chance(0.5) ? 8 : rng.integer(1, 8);
        const glimpses = episode(rng, visibleWords, { things: rng.integer(1, Math.min(3, frames)), frames });
        const images = glimpses.map((glimpse) => look(glimpse, rng));
        // Some combinations do not contrast, so the world never draws them.
        if (images.some((image) => image === undefined)) continue;
        const context = imageLines(frames, tokensPerImage);
        const sequence = fill(encode, context, length, () => staticTurn(glimpses, rng, visibleWords));
        return { ...sequence, images: images as Float32Array[] };
      }
    });
}

/** Turns about one context until the room is full; at least one. */
function fill(encode: ReturnType<typeof sequencer>, context: string, length: number, draw: () => Turn): Sequence {
  const pieces = conversation(context, [draw()]);
  let count = encode(pieces).ids.length;
  for (let misses = 0; misses < 2; ) {
    // Everything behind the opening <s>.
    const added = conversation("", [draw()]).slice(1);
    const more = encode(added).ids.length;
    if (count + more > length) {
      misses++;
      continue;
    }
    pieces.push(...added);
    count += more;
  }
  return encode(pieces);
}

function randomGlimpses(rng: Rng, frames: number): Glimpse[] {
  if (frames >= 3 && rng.chance(0.1)) return ramp(rng, wholeWords, frames, rng.pick(["size", "brightness"]));
  const things = rng.chance(0.25) ? Math.min(frames, 5) : rng.integer(1, Math.min(3, frames));
  return episode(rng, wholeWords, { things, frames });
}

function captionLines(glimpses: readonly Glimpse[], wording: Wording): string {
  return lines(glimpses.map((glimpse) => captionOf(glimpse, wording)));
}

function draws<T>(label: string, count: number, draw: (rng: Rng) => T): T[] {
  const rng = new Rng(label);
  return Array.from({ length: count }, () => draw(rng));
}
