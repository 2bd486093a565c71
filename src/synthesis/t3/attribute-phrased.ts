/**
 * Attribute change in further wordings of the released rows.
 *
 * `transformation` asks what happens to the attribute, from what to what; `scene` asks how the light of the scene changes, of
 * captions whose only word about light is the edited one.
 */
import { mentionStem } from "../../core/text/index.ts";
import { attributeOf, changeOf } from "./attribute.ts";
import { ATTRIBUTE_KINDS } from "./attribute-kinds.table.ts";
import { type Card, factsOf, type Item } from "./deck.ts";
import type { Family } from "./family.ts";

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
    return changeOf(draw, mention, { told: "value", question });
  },
};

/** The question names no subject, so no padding line may speak of light at all. */
function lightWords(card: Card): Item[] {
  const words = ATTRIBUTE_KINDS.brightness?.groups.flat() ?? [];
  return words.map((label) => ({ card, label, marks: [mentionStem(label)] }));
}
