/**
 * The four formats of TempCompass, with its own templates (questions/*.json of llyx97/TempCompass at e1b4631): multiple choice,
 * yes or no, caption matching, and captioning among pieces of information.
 */
import type { Rng } from "../../core/math/index.ts";
import type { Conflict, Stem } from "./conflict.ts";

export const compassFormats = ["multi-choice", "yes_no", "caption_matching", "captioning"] as const;
export type CompassFormat = (typeof compassFormats)[number];

export type CompassQuestion = Readonly<{ question: string; answer: string }>;

/** Questions of one video and aspect, by format. */
export type CompassQuestions = Readonly<Record<CompassFormat, readonly CompassQuestion[]>>;

const matchingTemplates = [
  { ask: "Which caption matches the video better?", labels: ["Caption A", "Caption B"] },
  { ask: "Which description is a more suitable match for the video?", labels: ["Option 1", "Option 2"] },
  { ask: "Which sentence better captures the essence of the video?", labels: ["Sentence A", "Sentence B"] },
] as const;

const brief = " Ensure that the generated video caption is brief.";
const captioningTemplates = [
  "You will be presented with a video and several pieces of information. One piece of information is consistent with the video while the others are not. Please identify the information that consistent with the video and generate a video caption accordingly.",
  "A video and multiple pieces of information will be provided to you. One of these pieces of information matches the content of the video, while the remaining ones do not. Your objective is to pinpoint the information that is in harmony with the video and craft a suitable video caption.",
].flatMap((template) => [template, `${template}${brief}`]);

const yesNoTemplates = [
  (claim: string) => `Is it correct that we see ${claim}?`,
  (claim: string) => `In the video, do we see ${claim}?`,
  (claim: string) => `In the video, can we see ${claim}?`,
] as const;

/**
 * The questions of every video of a conflict, in the videos' order. `turn` counts the conflicts of the same kind before this one:
 * where claims cannot be paired off evenly, it decides which way the odd one leans.
 */
export function questionsOf(conflict: Conflict, rng: Rng, turn: number): CompassQuestions[] {
  const count = conflict.videos.length;
  const stems = conflict.stems.map((stem) => ({ ...stem, order: rng.shuffle(indices(count)) }));
  const matching = pairings(count, turn);
  // Which of a pair stands first is drawn once for both of its videos.
  const isSwapped = matching.map(() => indices(count).map(() => rng.chance(0.5)));
  const information = captioningTemplates.map(() => rng.shuffle(indices(count)));
  return indices(count).map((video) => ({
    "multi-choice": stems.map((stem) => multiChoice(stem, video)),
    yes_no: matching.flatMap((partners, i) => [
      yesNo(conflict, i, video, "yes"),
      yesNo(conflict, i, partners[video] as number, "no"),
    ]),
    caption_matching: matching.map((partners, i) => {
      const other = partners[video] as number;
      const pair = [Math.min(video, other), Math.max(video, other)] as const;
      const swapped = isSwapped[i]?.[pairPlace(pair, partners)] ?? false;
      return captionMatching(conflict, i, swapped ? [pair[1], pair[0]] : pair, video);
    }),
    captioning: captioningTemplates.map((template, i) => {
      return captioning(conflict, template, information[i] as readonly number[], video);
    }),
  }));
}

/**
 * For each of three rounds, the other video that a video's claim is held against. Four videos are paired off in three ways; of
 * three, two are paired and the third faces one of them, in the other direction every other `turn`.
 */
export function pairings(count: number, turn: number): number[][] {
  const all = indices(count);
  if (count === 4) return [1, 2, 3].map((mask) => all.map((i) => i ^ mask));
  if (count !== 3) throw new RangeError(`Expected a conflict of 3 or 4 videos, got ${count}.`);
  return all.map((left) => {
    const [a, b] = [(left + 1) % 3, (left + 2) % 3];
    return all.map((i) => (i === a ? b : i === b ? a : turn % 2 === 0 ? a : b));
  });
}

/** One place for both videos of a pair: that of the video that faces another which faces it back, or its own. */
function pairPlace([low, high]: readonly [number, number], partners: readonly number[]): number {
  return partners[low] === high ? low : high;
}

function multiChoice(stem: Stem & { order: readonly number[] }, video: number): CompassQuestion {
  const lines = stem.order.map((option, place) => `${"ABCD"[place]}. ${stem.options[option]}`);
  return { question: `${stem.ask}\n${lines.join("\n")}`, answer: lines[stem.order.indexOf(video)] as string };
}

function yesNo({ claims }: Conflict, template: number, claim: number, answer: "yes" | "no"): CompassQuestion {
  const ask = yesNoTemplates[template];
  if (!ask) throw new RangeError(`Expected a template below ${yesNoTemplates.length}, got ${template}.`);
  return { question: ask(claims[claim] as string), answer };
}

function captionMatching(
  { claims }: Conflict,
  template: number,
  pair: readonly [number, number],
  video: number,
): CompassQuestion {
  const { ask, labels } = matchingTemplates[template] as (typeof matchingTemplates)[number];
  const lines = pair.map((claim, place) => `${labels[place]}: In the video, we see ${claims[claim]}.`);
  return { question: `${ask}\n${lines.join("\n")}`, answer: lines[pair.indexOf(video)] as string };
}

function captioning(
  { aspect, subject, stems }: Conflict,
  template: string,
  order: readonly number[],
  video: number,
): CompassQuestion {
  const options = stems[0]?.options ?? [];
  const lines = order.map((option, place) => {
    // As Python prints a dict; no text of ours holds a quote.
    return `Information ${"ABCD"[place]}: {'subject': '${subject}', '${aspect}': '${options[option]}'}`;
  });
  const place = order.indexOf(video);
  return {
    question: `${template}\n${lines.join("\n")}\nGenerated Caption:`,
    answer: `${"ABCD"[place]}. ${options[video]}`,
  };
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
