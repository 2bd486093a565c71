/** Oracle: a search of the glimpses for every option, which must find the right one and none of the wrong ones. */
import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { backgrounds, colours, shapes } from "../world/index.ts";
import type { Glimpse } from "./glimpse.ts";
import { staticTasks } from "./sample.ts";
import { staticDraft } from "./static-questions.ts";

const words = { colours, shapes, backgrounds };

function randomGlimpses(rng: Rng): Glimpse[] {
  const count = rng.integer(1, 3);
  const kinds = rng.sample(shapes, count);
  const background = rng.pick(backgrounds);
  return rng.sample(colours, count).flatMap((colour, i) => {
    const glimpse = { colour, shape: kinds[i] as string, size: "small", brightness: "normal", background };
    return new Array<Glimpse>(rng.integer(1, 3)).fill(glimpse);
  });
}

/** Is this answer true of the glimpses, for a question of this stem? */
function isTrue(stem: string, answer: string, glimpses: readonly Glimpse[]): boolean {
  const shows = (thing: string) => glimpses.some(({ colour, shape }) => thing.endsWith(`${colour} ${shape}`));
  const [, shape] = /color is the (\w+)\?/.exec(stem) ?? [];
  if (shape === "background") return glimpses[0]?.background === answer;
  if (shape) return glimpses.some((glimpse) => glimpse.shape === shape && glimpse.colour === answer);
  const [, colour] = /shape is (\w+)\?/.exec(stem) ?? [];
  if (colour) return glimpses.some((glimpse) => glimpse.colour === colour && glimpse.shape === answer);
  const [, frame] = /frame (\d)\?/.exec(stem) ?? [];
  if (frame) return answer.endsWith(`${glimpses[Number(frame) - 1]?.colour} ${glimpses[Number(frame) - 1]?.shape}`);
  const [, thing] = /Is there (.*) in the video/.exec(stem) ?? [];
  if (thing) return (answer === "yes") === shows(thing);
  return shows(answer);
}

test.each(staticTasks)("%s: the right answer is true, the wrong ones are not", (task) => {
  const rng = new Rng(`static/${task}`);
  for (let i = 0; i < 400; i++) {
    const glimpses = randomGlimpses(rng);
    const { stem, right, wrong } = staticDraft(task, glimpses, rng, words);
    expect(isTrue(stem, right, glimpses), `${stem} ${right}`).toBe(true);
    for (const option of wrong) expect(isTrue(stem, option, glimpses), `${stem} ${option}`).toBe(false);
    expect(new Set([right, ...wrong]).size).toBe(wrong.length + 1);
  }
});
