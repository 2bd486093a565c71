/**
 * The batches of every stage as pure functions of the step, so that a resumed run needs no memory of what it has drawn.
 */
import { Rng } from "../../src/core/math/index.ts";
import type { Sequence } from "../../src/nn/models/index.ts";
import type { Tokenizer } from "../../src/nn/tokenizer/index.ts";
import { PREFIXES } from "../../src/synthesis/index.ts";
import { type Glimpse, type StaticTask, thingOf } from "../../src/tasks/index.ts";
import { withArticle } from "../../src/world/index.ts";
import { captionOf, randomWording, type Wording } from "./captions.ts";
import { episode, ramp } from "./episode.ts";
import { conversation, imageLines, lines, type Piece, sequencer, type Turn } from "./lesson.ts";
import { bareTurn, denseTurn, staticTurn } from "./static-lessons.ts";
import { visibleWords, wholeWords } from "./words.ts";

export type SequenceSource = (step: number) => Sequence[];

/** Numbers of a language batch: sequences, and the ids that each may have. */
export type Room = Readonly<{ batch: number; length: number }>;

type SourceOptions = Room & Readonly<{ seed: number; steps: number; tokenizer: Tokenizer }>;

/**
 * Bare look-ups: two to five things a text, a line of two words each, dozens of dense questions. Nothing but the look-up of an
 * answer by its key is to be learnt here, and it forms several times sooner than among whole captions; among few words sooner
 * still, so the text-only ones come at the end.
 */
export function bareSource({ seed, steps, batch, length, tokenizer }: SourceOptions): SequenceSource {
  const encode = sequencer(tokenizer);
  return (step) =>
    draws(`bare/${seed}/${step}`, batch, (rng) => {
      const frames = step < 0.1 * steps ? 2 : rng.integer(2, step < 0.6 * steps ? 3 : 5);
      const words = step < 0.8 * steps ? visibleWords : wholeWords;
      const glimpses = episode(rng, words, { things: frames, frames });
      // The article keeps colours off the start of a line, where a word is another token than behind a space.
      const context = lines(glimpses.map((glimpse) => withArticle(thingOf(glimpse))));
      return questions(encode, context, length, () => bareTurn(glimpses, rng, words));
    });
}

/** Dense look-ups in captions of every wording, of two to eight lines. */
export function denseSource({ seed, steps, batch, length, tokenizer }: SourceOptions): SequenceSource {
  const encode = sequencer(tokenizer);
  return (step) =>
    draws(`dense/${seed}/${step}`, batch, (rng) => {
      const frames = rng.integer(2, 2 + Math.round(6 * Math.min(1, (1.5 * step) / steps)));
      const glimpses = randomGlimpses(rng, frames);
      const context = captionLines(glimpses, randomWording(rng));
      return questions(encode, context, length, () => denseTurn(glimpses, rng, wholeWords));
    });
}

/** A text and question behind question until the room is full. */
function questions(encode: ReturnType<typeof sequencer>, context: string, length: number, draw: () => Turn): Sequence {
  const pieces: Piece[] = [{ text: `<s>${context}` }];
  for (let count = encode(pieces).ids.length; count < length - 8; ) {
    const { ask, answer } = draw();
    const added: Piece[] = [{ text: ask }, { text: ` ${answer}`, learn: true }];
    pieces.push(...added);
    count += encode(added).ids.length;
  }
  return encode(pieces);
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

export type InstructionOptions = Readonly<{
  /** Names the random draws. */
  stream: string;
  tasks?: readonly StaticTask[];
  free?: boolean;
  look: Look;
  tokensPerImage: number;
  share: number;
}>;

/** Static questions, a share of them about pictures and the rest about captions. */
export function instructionSource(
  { seed, batch, length, tokenizer }: SourceOptions,
  { stream, look, tokensPerImage, share, ...lessons }: InstructionOptions,
): SequenceSource {
  const encode = sequencer(tokenizer);
  return (step) =>
    draws(`${stream}/${seed}/${step}`, batch, (rng) => {
      if (!rng.chance(share)) {
        const glimpses = randomGlimpses(rng, rng.integer(1, 8));
        const wording = randomWording(rng);
        const context = captionLines(glimpses, wording);
        return fill(encode, context, length, () => staticTurn(glimpses, rng, wholeWords, { wording, ...lessons }));
      }
      for (;;) {
        const frames = rng.chance(0.5) ? 8 : rng.integer(1, 8);
        const glimpses = episode(rng, visibleWords, { things: rng.integer(1, Math.min(3, frames)), frames });
        const images = glimpses.map((glimpse) => look(glimpse, rng));
        // Some combinations do not contrast, so the world never draws them.
        if (images.some((image) => image === undefined)) continue;
        const context = imageLines(frames, tokensPerImage);
        const sequence = fill(encode, context, length, () => staticTurn(glimpses, rng, visibleWords, lessons));
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
