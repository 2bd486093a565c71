/**
 * Referring and grounding over three versions of one caption that differ in one attribute word: nothing but the attribute
 * tells the places apart.
 *
 * `refer` asks for the value at a place (time to content), `ground` for the place of a value (content to time). Figure 4 of
 * the paper shows such contexts; there a language model wrote them.
 */
import { isPlural, mentionStem } from "../../core/text/index.ts";
import { attributeOf } from "./attribute.ts";
import { factsOf, type Item } from "./deck.ts";
import { type AttributeMention, alternativesTo, replaceAttribute } from "./facts.ts";
import type { Draft, Draw, Family, Skip } from "./family.ts";
import { PLACES } from "./referring.ts";

export const attributePlace: Family = {
  name: "attribute-place",
  levels: ["refer", "ground"],
  draft(draw, level) {
    const { deck, rng, lead, balance } = draw;
    const mentions = factsOf(deck, lead).attributes.filter(
      ({ kind }) => level === "refer" || (kind !== "number" && kind !== "position"),
    );
    if (mentions.length === 0) return { skip: "no attribute to observe" };
    const mention = rng.pick(mentions);
    const triple = versionsOf(draw, mention);
    if ("skip" in triple) return triple;
    const slot = balance.next(`attribute-place-${level}`, 3);
    const asked =
      level === "refer"
        ? referQuestion(draw, mention, { ...triple, slot })
        : groundQuestion(draw, mention, { ...triple, slot });
    return { ...triple.shape, ...asked };
  },
};

type Triple = { shown: readonly string[]; absent: readonly string[]; shape: Pick<Draft, "lines" | "reserved"> };
type Asked = Pick<Draft, "question" | "correct" | "distractors">;

/** The caption with its own value and two others, in random order, and values that are shown nowhere. */
function versionsOf({ rng, lead }: Draw, mention: AttributeMention): Triple | Skip {
  const { id, text, source } = lead.caption;
  const others = rng.shuffle(alternativesTo(mention).filter((value) => !lead.key.includes(` ${value} `)));
  const shown = rng.shuffle([mention.value, ...others.slice(0, 2)]);
  const versions = shown.map((value) =>
    value === mention.value ? text : replaceAttribute(text, mention.value, value),
  );
  if (shown.length < 3) return { skip: "no two other values to offer" };
  if (versions.includes(undefined)) return { skip: "no attribute that can be edited" };
  const reserved: Item = { card: lead, label: mention.subject, marks: [mentionStem(mention.subject)] };
  const lines = versions.map((version) => ({ id, text: version as string, source }));
  return { shown, absent: others.slice(2), shape: { lines, reserved: [reserved] } };
}

function referQuestion(
  { rng }: Draw,
  mention: AttributeMention,
  { shown, absent, slot }: Triple & { slot: number },
): Asked {
  const others = shown.filter((_, i) => i !== slot);
  return {
    question: `${valueQuestion(mention)} in the ${PLACES[slot]} of the video?`,
    correct: shown[slot] as string,
    distractors: [...rng.shuffle(others), ...absent].slice(0, rng.pick([2, 3])),
  };
}

function groundQuestion(
  { rng }: Draw,
  { subject }: AttributeMention,
  { shown, slot }: Triple & { slot: number },
): Asked {
  const wrong = rng.shuffle(PLACES.filter((_, i) => i !== slot)).slice(0, rng.pick([1, 2, 2, 2]));
  return {
    question: `Where in the video can we observe the ${subject} ${isPlural(subject) ? "are" : "is"} ${shown[slot]}?`,
    correct: `the ${PLACES[slot]}`,
    distractors: wrong.map((place) => `the ${place}`),
  };
}

/** "What is the color of the shirt", "How many balls are there". */
export function valueQuestion(mention: AttributeMention): string {
  return mention.kind === "number" ? `How many ${mention.subject} are there` : `What is ${attributeOf(mention)}`;
}
