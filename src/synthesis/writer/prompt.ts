/**
 * What a language model is asked for when it writes T3 questions. The wording is ours: the paper's is not published.
 *
 * Both prompts ask for what the solver can check: options that tell an order of things named by words of their captions, and a
 * copy of a caption that differs in one stretch of words.
 */
import type { Rng } from "../../core/math/index.ts";

export const WRITTEN_FAMILIES = ["order", "attribute"] as const;
export type WrittenFamily = (typeof WRITTEN_FAMILIES)[number];

const ORDER_SHAPES = [
  "How do the scenes unfold in the video, starting from the first?",
  "How does the sequence of images progress in the video?",
  "What is the correct order of images as they appear in the video?",
  "Which sentence tells the order of the scenes in the video?",
] as const;

const ATTRIBUTES = [
  "colour",
  "brightness",
  "size",
  "fit",
  "material",
  "pattern",
  "mood",
  "arrangement",
  "state",
  "number",
] as const;

/** Ask for a question about the order of these captions. */
export function orderPrompt(captions: readonly string[], rng: Rng): string {
  const options = captions.length === 2 ? 2 : 4;
  return `You write one multiple-choice question that tests whether a reader follows the order of a video.
The video is told by captions of its key frames, in the order in which they are shown:
${captions.map((caption, i) => `${i + 1}. ${caption}`).join("\n")}

Ask in which order the scenes appear, for example: "${rng.pick(ORDER_SHAPES)}"
Give ${options} options. Each is one sentence that tells an order of at least two scenes, for example "A appears before B and C",
"From A to B, then to C" or "First A, then B, and finally C". Name every scene by words of its own caption.
Exactly one option is right; each of the others tells the same scenes in another order. Never speak of captions, numbers or frames.
Reply with JSON alone: {"question": "...", "options": ["...", "..."], "answer": 0}
where "answer" is the place of the right option in the list, counted from 0.`;
}

/** Ask for an edited copy of this caption and a question about what changed. */
export function attributePrompt(caption: string, rng: Rng): string {
  const [first, second] = rng.sample(ATTRIBUTES, 2);
  return `You edit a caption and write one multiple-choice question about the edit.
Caption: ${caption}

1. Change exactly one attribute of one thing in the caption, for example its ${first} or its ${second}. Replace one to three words that
stand together; keep every other word as it is.
2. Ask how that attribute changes, as if the caption came first in a video and the edited one after it, for example
"How does the fit of the polo shirt change?"
3. Give 3 or 4 options: the right one as "from X to Y", its reverse "from Y to X", and "it remains unchanged" or changes between other
values of the same attribute. X and Y are words of the two captions. Exactly one option is right.
Reply with JSON alone: {"edited": "...", "question": "...", "options": ["...", "..."], "answer": 0}
where "answer" is the place of the right option in the list, counted from 0.`;
}
