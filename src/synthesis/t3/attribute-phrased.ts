/**
 * Attribute change in further wordings of the released rows.
 *
 * `transformation` asks what happens to the attribute, from what to what; `scene` asks how the light of the scene changes, of
 * captions whose only word about light is the edited one. Three transformations in ten are none, of two equal captions: were "it
 * remains unchanged" never right, nobody would need the captions to strike it out.
 */
import { mentionStem } from "../../core/text/index.ts";
import { attributeOf, changeOf, fromTo, UNCHANGED } from "./attribute.ts";
import { ATTRIBUTE_KINDS } from "./attribute-kinds.table.ts";
import { type Card, factsOf, type Item } from "./deck.ts";
import { type AttributeMention, alternativesTo } from "./facts.ts";
import type { Attempt, Draw, Family } from "./family.ts";

/** Makes the option right about as often where it is offered as every other one. */
const UNCHANGED_SHARE = 0.3;

export const attributePhrased: Family = {
  name: "attribute-phrased",
  levels: ["transformation", "scene"],
  draft(draw, level) {
    const { deck, rng, lead } = draw;
    const mentions = factsOf(deck, lead).attributes;
    if (level === "scene") {
      const [light, ...more] = mentions.filter(({ kind }) => kind === "brightness");
      if (!light || more.length > 0) return { skip: "no single word about light" };
      const question = "How does the lighting condition change in the scene?";
      const change = changeOf(draw, light, { told: "direction", question });
      return "skip" in change ? change : { ...change, reserved: [...change.reserved, ...lightWords(lead)] };
    }
    if (mentions.length === 0) return { skip: "no attribute with a value" };
    const mention = rng.pick(mentions);
    const question = `What transformation occurs to ${attributeOf(mention)} in the video?`;
    return rng.chance(UNCHANGED_SHARE)
      ? noChange(draw, mention, question)
      : changeOf(draw, mention, { told: "value", question });
  },
};

/** The caption twice; the wrong options are a change and its reverse, as where something does change. */
function noChange({ rng, lead }: Draw, mention: AttributeMention, question: string): Attempt {
  const [to, other] = rng.shuffle(alternativesTo(mention).filter((value) => !lead.key.includes(` ${value} `)));
  if (to === undefined) return { skip: "no other value to offer" };
  const wrong = [fromTo(mention.value, to), fromTo(to, mention.value), ...(other ? [fromTo(to, other)] : [])];
  const reserved: Item = { card: lead, label: mention.subject, marks: [mentionStem(mention.subject)] };
  return {
    question,
    correct: UNCHANGED,
    distractors: wrong.slice(0, rng.pick([2, 2, 3])),
    lines: [lead.caption, lead.caption],
    reserved: [reserved],
  };
}

/** The question names no subject, so no padding line may speak of light at all. */
function lightWords(card: Card): Item[] {
  const words = ATTRIBUTE_KINDS.brightness?.groups.flat() ?? [];
  return words.map((label) => ({ card, label, marks: [mentionStem(label)] }));
}
