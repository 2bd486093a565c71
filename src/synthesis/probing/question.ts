/**
 * The questions of T3's probing suite, to the letter (spacing as released), and the prompt that gives frame captions in the
 * place of the video.
 */
import type { Rng } from "../../core/math/index.ts";
import { optionLine } from "../../core/text/index.ts";
import type { ProbingAspect, ProbingTask } from "./aspects.ts";

export type ProbingQuestion = Readonly<{
  /** The text of the user's turn after the frames. */
  text: string;
  /** Texts of the options without letters, in the order of their letters. */
  options: readonly string[];
  answerIndex: number;
  /** For each option what T3 takes for it besides letter and text. */
  alsoSaid: readonly (readonly string[])[];
}>;

/** What stands before the options, and between the last of them and the closing line. */
const spacing: Readonly<Record<ProbingTask, readonly [lead: string, tail: string]>> = {
  order: ["Options:", ""],
  order_3: ["Options:", " "],
  referring: ["Options:", ""],
  grounding: ["Options:", ""],
  blooming: ["Options: ", ""],
  brightness: ["Options: ", ""],
};

/**
 * The question of an aspect about a video of a class. T3 never shuffles options, so that the letter gives the class away to
 * whoever trains on it; `shuffle` draws their order.
 */
export function probingQuestion(aspect: ProbingAspect, category: string, shuffle?: Rng): ProbingQuestion {
  const classes = shuffle ? shuffle.shuffle(aspect.classes) : aspect.classes;
  const answerIndex = classes.findIndex(({ folder }) => folder === category);
  if (answerIndex < 0) {
    const known = aspect.classes.map(({ folder }) => folder).join(", ");
    throw new RangeError(`Expected a class of ${aspect.id} (${known}), got "${category}".`);
  }
  const [lead, tail] = spacing[aspect.task];
  const closing = aspect.task.startsWith("order") ? "Only respond with the correct option." : "Answer the option only.";
  const options = classes.map(({ option }) => option);
  const listed = options.map((option, i) => `${optionLine(i, option)}.`).join(" ");
  return {
    text: `Question: ${aspect.stem}\n${lead}${listed}${tail}\n${closing} `,
    options,
    answerIndex,
    alsoSaid: classes.map(({ alsoSaid }) => alsoSaid),
  };
}

const captionLead =
  "Using the provided frame-by-frame video description, please answer the related question about the video.\n\nVideo Description:\n\n";

/** T3 1.7: the lead, a numbered line a caption, the question. */
export function frameCaptionPrompt(captions: readonly string[], question: string): string {
  return `${captionLead}${captions.map((caption, i) => `Frame ${i + 1}: ${caption}\n`).join("")}${question}`;
}

/** The captions of such a prompt, also of one that GPT-4o's captions are in. Throws a RangeError where there is none. */
export function captionsOfPrompt(prompt: string): string[] {
  const description = prompt.slice(0, questionStart(prompt));
  const captions = description.split(/^Frame \d+: ?/m).slice(1);
  if (captions.length === 0) {
    throw new RangeError(
      `Expected a prompt with lines "Frame 1: ...", got ${JSON.stringify(prompt.slice(0, 80))}. Write captions with zoetrope synth probing.`,
    );
  }
  return captions.map((caption) => caption.trim());
}

/** A released prompt with another question in the place of its own. */
export function withQuestion(prompt: string, question: string): string {
  return prompt.slice(0, questionStart(prompt)) + question;
}

function questionStart(prompt: string): number {
  const at = prompt.lastIndexOf("Question: ");
  return at < 0 ? prompt.length : at;
}
