/**
 * Attribute change: a caption and a copy in which exactly one attribute word differs, in either order.
 *
 * `value` asks from what to what, `direction` whether a scale (size, lighting, number) rises or falls. The reversed change is
 * always among the wrong options.
 */
import { mentionStem } from "../../core/text/index.ts";
import { ATTRIBUTE_KINDS } from "./attribute-kinds.table.ts";
import { factsOf, type Item } from "./deck.ts";
import { type AttributeMention, alternativesTo, directionOf, replaceAttribute } from "./facts.ts";
import type { Attempt, Draw, Family } from "./family.ts";

/** The option that nothing happens. */
export const UNCHANGED = "it remains unchanged";

export const attribute: Family = {
  name: "attribute",
  levels: ["value", "direction"],
  draft(draw, level) {
    const { deck, rng, lead } = draw;
    const mentions = factsOf(deck, lead).attributes.filter(
      (mention) => level === "value" || ATTRIBUTE_KINDS[mention.kind]?.becomes,
    );
    if (mentions.length === 0) return { skip: `no attribute with a ${level}` };
    const mention = rng.pick(mentions);
    const told = level === "value" ? level : "direction";
    return changeOf(draw, mention, { told, question: `How does ${attributeOf(mention)} change?` });
  },
};

/**
 * The change of one mention, asked as `question`; told as "from a to b" (value) or as a rise or fall (direction).
 */
export function changeOf(
  { rng, lead }: Draw,
  mention: AttributeMention,
  { told, question }: { told: "value" | "direction"; question: string },
): Attempt {
  const { id, text, source } = lead.caption;
  const others = rng.shuffle(alternativesTo(mention).filter((value) => !lead.key.includes(` ${value} `)));
  const [to, ...unrelated] = others;
  const edited = to && replaceAttribute(text, mention.value, to);
  if (!to || !edited) return { skip: "no attribute that can be edited" };
  const forward = rng.chance(0.5);
  const [before, after] = forward ? [mention.value, to] : [to, mention.value];
  const reserved: Item = { card: lead, label: mention.subject, marks: [mentionStem(mention.subject)] };
  const shape = {
    question,
    lines: (forward ? [text, edited] : [edited, text]).map((line) => ({ id, text: line, source })),
    reserved: [reserved],
  };
  if (told === "value") {
    const wrong = [fromTo(after, before), UNCHANGED, ...unrelatedPairs(unrelated, mention.value)];
    return { ...shape, correct: fromTo(before, after), distractors: wrong.slice(0, rng.pick([1, 2, 3, 3, 4])) };
  }
  const direction = directionOf(mention.kind, before, after);
  const becomes = ATTRIBUTE_KINDS[mention.kind]?.becomes;
  if (!direction || !becomes) return { skip: "no scale to rise or fall on" };
  const [right, reverse] = direction === 1 ? becomes : [becomes[1], becomes[0]];
  return { ...shape, correct: `it ${right}`, distractors: [`it ${reverse}`, UNCHANGED].slice(0, rng.pick([1, 2, 2])) };
}

/** "the color of the shirt"; counts read "the number of balls". */
export function attributeOf({ kind, subject }: AttributeMention): string {
  const noun = ATTRIBUTE_KINDS[kind]?.noun ?? kind;
  return `the ${noun} of ${kind === "number" ? "" : "the "}${subject}`;
}

/** How an option tells a change. */
export const fromTo = (from: string, to: string) => `from ${from} to ${to}`;

/** Changes between values that the context never shows; with one spare value, from it to the caption's own. */
function unrelatedPairs(values: readonly string[], own: string): string[] {
  const [a, b] = values;
  if (a === undefined) return [];
  return b === undefined ? [fromTo(a, own)] : [fromTo(a, b), fromTo(b, a)];
}
