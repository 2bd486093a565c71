/**
 * Static lessons: what a language model should know before it is taught time.
 *
 * The look-up of an answer by its key is learnt from dense questions whose key stands directly before the answer; natural
 * wording, options and yes or no come after. Sketches at this scale stay at chance for hours without that order.
 */
import type { Rng } from "../../src/core/math/index.ts";
import { optionLine } from "../../src/core/text/index.ts";
import { SUFFIXES } from "../../src/synthesis/index.ts";
import {
  type Choice,
  closings,
  type Draft,
  type Glimpse,
  probingText,
  rightLine,
  type StaticTask,
  shuffled,
  staticDraft,
  staticTasks,
  thingOf,
  thingsOf,
  type Words,
} from "../../src/tasks/index.ts";
import { brightnesses, sizes } from "../../src/world/index.ts";
import { captionOf, randomWording, type Wording } from "./captions.ts";
import { lines, type Turn } from "./lesson.ts";

/** A question whose key stands directly before its answer: " color? circle" -> " red". */
export function bareTurn(glimpses: readonly Glimpse[], rng: Rng, words: Words): Turn {
  const seen = rng.pick(glimpses);
  const draw = rng.uniform();
  if (draw < 0.4) return { ask: ` color? ${seen.shape}`, answer: seen.colour };
  if (draw < 0.6) return { ask: ` shape? ${seen.colour}`, answer: seen.shape };
  if (draw < 0.75) {
    const colour = rng.chance(0.5) ? seen.colour : rng.pick(words.colours);
    return { ask: ` has? ${colour} ${seen.shape}`, answer: colour === seen.colour ? "yes" : "no" };
  }
  const index = rng.below(glimpses.length);
  return { ask: ` frame? ${index + 1}`, answer: thingOf(glimpses[index] as Glimpse) };
}

/** The same, with sizes and light among the questions. */
export function denseTurn(glimpses: readonly Glimpse[], rng: Rng, words: Words): Turn {
  if (rng.chance(0.85)) return bareTurn(glimpses, rng, words);
  const index = rng.below(glimpses.length);
  const glimpse = glimpses[index] as Glimpse;
  if (rng.chance(0.5)) return { ask: ` size? ${index + 1}`, answer: glimpse.size };
  return { ask: ` light? ${index + 1}`, answer: glimpse.brightness };
}

/** A static question in one of the answer formats: free, yes or no, options on a line, options as in T3's rows. */
export function staticTurn(glimpses: readonly Glimpse[], rng: Rng, words: Words, told: Told = {}): Turn {
  const { wording } = told;
  const draw = rng.uniform();
  if (draw < 0.07) return describeTurn(glimpses, rng, wording ?? randomWording(rng));
  const draft = draw < 0.27 ? frameDraft(glimpses, rng) : draw < 0.42 ? formatDraft(glimpses, rng, words) : undefined;
  const all = told.tasks ?? staticTasks;
  const tasks = wording === "without background" ? all.filter((task) => task !== "background") : all;
  const asked = draft ?? staticDraft(rng.pick(tasks), glimpses, rng, words);
  return asTurn(asked, rng, { free: told.free !== false && (draft === undefined || draw < 0.27) });
}

/** How the context is worded, where it is text: what it leaves out cannot be asked. Pictures show everything. */
type Told = Readonly<{
  wording?: Wording;
  /** What to ask, each as often as it stands here; default every task alike. */
  tasks?: readonly StaticTask[];
  /** May a question come without options? Default true. */
  free?: boolean;
}>;

/** Wrap a draft in a random format. Yes or no questions are mostly free. */
export function asTurn(draft: Draft, rng: Rng, { free = false } = {}): Turn {
  const yesNo = draft.right === "yes" || draft.right === "no";
  if (free && rng.chance(yesNo ? 0.6 : 0.2)) return { ask: `${draft.stem} `, answer: draft.right };
  const wrong = rng.sample(draft.wrong, rng.integer(1, draft.wrong.length));
  const choice = shuffled({ ...draft, wrong }, rng);
  const ask = rng.chance(0.5) ? probingText(choice, rng.pick(closings)) : rowText(choice, rng);
  return { ask, answer: rightLine(choice) };
}

/** The question of a T3 row behind its captions. */
export function rowText({ stem, options }: Choice, rng: Rng): string {
  return `Question: ${stem}\n${lines(options.map((text, i) => optionLine(i, text)))}\n${rng.pick(SUFFIXES)}\n`;
}

/** What one numbered frame looks like, or which numbered frame shows a thing that no other one shows. */
function frameDraft(glimpses: readonly Glimpse[], rng: Rng): Draft | undefined {
  const index = rng.below(glimpses.length);
  const glimpse = glimpses[index] as Glimpse;
  const draw = rng.uniform();
  if (draw < 0.35) return ofScale(`How large is the item in frame ${index + 1}?`, sizes, glimpse.size);
  if (draw < 0.7) return ofScale(`How bright is the item in frame ${index + 1}?`, brightnesses, glimpse.brightness);
  const showing = glimpses.filter((other) => thingOf(other) === thingOf(glimpse));
  if (showing.length > 1 || glimpses.length < 2) return undefined;
  const others = glimpses.map((_, i) => i).filter((i) => i !== index);
  const wrong = rng.sample(others, Math.min(3, others.length)).map((i) => `frame ${i + 1}`);
  return { stem: `In which frame is the ${glimpse.shape}?`, right: `frame ${index + 1}`, wrong };
}

function ofScale(stem: string, scale: readonly string[], right: string): Draft {
  return { stem, right, wrong: scale.filter((word) => word !== right) };
}

/** The answers of temporal questions as mere text, so that fine-tuning on time does not teach the format as well. */
const sayings = [
  "Brighten|Darken|Grow|Shrink|the begin|the middle|the end|from small to large|from bright to dim|(1)(2)(3)|(2)(3)(1)",
  "it becomes brighter|it becomes dimmer|it becomes larger|it becomes smaller|it remains unchanged",
]
  .join("|")
  .split("|");

/** Which option says X, or which list of things is shown, whatever its order. */
function formatDraft(glimpses: readonly Glimpse[], rng: Rng, words: Words): Draft {
  const things = thingsOf(glimpses);
  if (things.length > 1 && things.length < 4 && rng.chance(0.6)) {
    const listed = (all: readonly string[]) => rng.shuffle(all).join(", ");
    const wrong = new Set<string>();
    while (wrong.size < 3) {
      const changed = rng.below(things.length);
      const [colour, shape] = (things[changed] as string).split(" ") as [string, string];
      const other = rng.chance(0.5) ? `${rng.pick(words.colours)} ${shape}` : `${colour} ${rng.pick(words.shapes)}`;
      if (!things.includes(other)) wrong.add(listed(things.with(changed, other)));
    }
    return { stem: "Which items are shown in the video?", right: listed(things), wrong: [...wrong] };
  }
  const draws = [...rng.sample(sayings, 3), `${rng.pick(words.colours)} ${rng.pick(words.shapes)}`];
  const [right, ...wrong] = rng.shuffle(draws) as [string, ...string[]];
  return { stem: `Which option says ${right}?`, right, wrong };
}

function describeTurn(glimpses: readonly Glimpse[], rng: Rng, told: Wording): Turn {
  const wording = told === "without background" ? told : randomWording(rng);
  const prompt = { keywords: "List the keywords of", sentence: "Describe", "without background": "Briefly describe" }[
    wording
  ];
  const index = rng.below(glimpses.length);
  return { ask: `${prompt} frame ${index + 1}. `, answer: captionOf(glimpses[index] as Glimpse, wording) };
}
