/**
 * The control of T3: questions about the same kind of captions in the same layout that need no order (T3's HotpotQA control).
 */
import { Rng } from "../../src/core/math/index.ts";
import { PREFIXES } from "../../src/synthesis/index.ts";
import { captionOf, randomWording } from "./captions.ts";
import { episode } from "./episode.ts";
import { staticTurn } from "./static-lessons.ts";
import type { Lesson } from "./temporal-lessons.ts";
import { maxLines } from "./temporal-rows.ts";
import { wholeWords } from "./words.ts";

const turnsPerLesson = 4;

/** An endless, seeded supply of control lessons. */
export function* controlLessons(seed: number | string): Generator<Lesson, never> {
  const rng = new Rng(`control-lessons/${seed}`);
  for (;;) {
    const things = rng.integer(1, 3);
    const frames = rng.integer(Math.max(2, things), maxLines);
    const glimpses = episode(rng, wholeWords, { things, frames });
    const wording = randomWording(rng);
    const captions = glimpses.map((glimpse) => captionOf(glimpse, wording)).join("\n");
    const [first, ...more] = Array.from({ length: turnsPerLesson }, () =>
      staticTurn(glimpses, rng, wholeWords, { wording }),
    ) as [ReturnType<typeof staticTurn>];
    const opening = { ...first, ask: `${rng.pick(PREFIXES)}\n\nCaptions:\n${captions}\n${first.ask}` };
    yield { turns: [opening, ...more] };
  }
}
