/**
 * Textual validation (T3, Fig. 5): probing questions in T3's serialisation about captions of things and backgrounds that no
 * temporal training text mentions.
 */
import { Rng } from "../../src/core/math/index.ts";
import { PREFIXES } from "../../src/synthesis/index.ts";
import { probingDraft, type Sample, shuffled, temporalTasks, thingsNeeded } from "../../src/tasks/index.ts";
import { testVocabulary } from "../../src/world/index.ts";
import { captionOf, randomWording } from "../micro/captions.ts";
import { episode, ramp } from "../micro/episode.ts";
import { lines } from "../micro/lesson.ts";
import { rowText } from "../micro/static-lessons.ts";
import { maxLines } from "../micro/temporal-rows.ts";

/** `perTask` questions a temporal task, each about a text of its own; within a task every letter is right equally often. */
export function heldOutText(seed: number, { perTask }: { perTask: number }): Sample[] {
  return temporalTasks.flatMap((task) => {
    const rng = new Rng(`held-out-text/${seed}/${task}`);
    return Array.from({ length: perTask }, (_, i): Sample => {
      const things = thingsNeeded[task];
      const frames = rng.integer(Math.max(2, things), maxLines);
      const what = task === "growth" ? "size" : task === "brightness" ? "brightness" : undefined;
      const glimpses = what
        ? ramp(rng, testVocabulary, frames, what)
        : episode(rng, testVocabulary, { things, frames });
      const draft = probingDraft(task, glimpses, rng);
      const choice = shuffled(draft, rng, i % (draft.wrong.length + 1));
      const wording = randomWording(rng);
      const captions = lines(glimpses.map((glimpse) => captionOf(glimpse, wording)));
      const question = `${rng.pick(PREFIXES)}\n\nCaptions:\n${captions}${rowText(choice, rng)}`;
      const video = `text-${task}-${i}-seed-${seed}`;
      const { options, answerIndex } = choice;
      return { id: video, task, kind: "temporal", video, question, options, answerIndex };
    });
  });
}
