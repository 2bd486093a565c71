/**
 * T3's own rows about the words of the training split: synthesiseT3 on made captions, byte for byte in its serialisation.
 */
import { Rng } from "../../src/core/math/index.ts";
import type { Caption } from "../../src/data/index.ts";
import {
  type KeyPhrases,
  serialiseT3,
  synthesiseT3,
  T3_FAMILIES,
  type T3Row,
  TEMPORAL_FAMILIES,
} from "../../src/synthesis/index.ts";
import { type Glimpse, thingOf } from "../../src/tasks/index.ts";
import { captionOf, randomWording } from "./captions.ts";
import { episode } from "./episode.ts";
import type { Turn } from "./lesson.ts";
import { trainWords } from "./words.ts";

/** Lines of a text at most, as many as a video has frames. */
export const maxLines = 8;

/** T3 rows from single-image captions of the training words. */
export function temporalRows(
  seed: string,
  count: number,
  families: readonly string[] = TEMPORAL_FAMILIES,
): Generator<T3Row> {
  const rng = new Rng(`captions/${seed}`);
  const known = new Map<string, Glimpse>();
  const captions = Array.from({ length: 3000 }, (_, i): Caption => {
    const [glimpse] = episode(rng, trainWords, { things: 1, frames: 1 }) as [Glimpse];
    const text = captionOf(glimpse, randomWording(rng));
    known.set(text, glimpse);
    return { id: `caption-${i}`, text, source: `image-${i}` };
  });
  const keyPhrases: KeyPhrases = ({ text }) => {
    const glimpse = known.get(text);
    if (!glimpse) return { phrases: [], attributes: [] };
    const subject = thingOf(glimpse);
    const light = glimpse.brightness;
    return {
      phrases: [subject],
      attributes: [
        { kind: "size", value: glimpse.size, subject, alternatives: ["small", "medium", "large"] },
        ...(light === "normal" ? [] : [{ kind: "brightness", value: light, subject, alternatives: ["dim", "bright"] }]),
      ],
    };
  };
  const unknown = families.find((name) => !T3_FAMILIES.includes(name));
  if (unknown) throw new RangeError(`Expected families out of ${T3_FAMILIES.join(", ")}, got ${unknown}.`);
  return synthesiseT3(captions, {
    seed,
    families,
    padding: [1, 1, 2],
    rows: count,
    split: "train",
    validation: 0,
    keyPhrases,
  });
}

/** A row as a turn. As a video shows a thing for several frames, a caption may hold for several lines. */
export function rowTurn(row: T3Row, rng: Rng): Turn {
  const held = row.padding === 1 && rng.chance(0.6) ? holdLines(row, rng) : row;
  const { human, gpt } = serialiseT3(held);
  return { ask: human, answer: gpt };
}

/** Each caption repeated for a run of lines: order, places and neighbours stay what they were. */
function holdLines(row: T3Row, rng: Rng): T3Row {
  const spare = maxLines - row.captions.length;
  if (spare <= 0) return row;
  const extra = rng.integer(1, spare);
  const runs = row.captions.map(() => 1);
  for (let i = 0; i < extra; i++) {
    const line = rng.below(runs.length);
    runs[line] = (runs[line] as number) + 1;
  }
  const repeat = <T>(items: readonly T[]) => items.flatMap((item, i) => new Array<T>(runs[i] as number).fill(item));
  return { ...row, captions: repeat(row.captions), sourceIds: repeat(row.sourceIds) };
}
