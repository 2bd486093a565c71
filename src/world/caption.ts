/**
 * Single-image captions: one sentence, one template, true of the frame at that second. Nothing in them speaks of time.
 */
import type { Script } from "./script.ts";
import { type Facts, factsAt } from "./state.ts";
import { nameOf, withArticle } from "./vocabulary.ts";

/** Which properties a caption mentions. Plain texture and normal brightness have no word. */
export type CaptionStyle = Readonly<{
  size?: boolean;
  brightness?: boolean;
  texture?: boolean;
  background?: boolean;
  position?: boolean;
}>;

const usualStyle: Required<CaptionStyle> = {
  size: true,
  brightness: true,
  texture: true,
  background: true,
  position: false,
};

/** "A large dim striped blue star on a gray background, on the left.": the caption of the frame at a second. */
export function captionAt(script: Script, seconds: number, style: CaptionStyle = {}): string {
  return captionOf(factsAt(script, seconds), style);
}

/** The caption of given facts. With two items each position stands behind its item. */
export function captionOf(facts: Facts, style: CaptionStyle = {}): string {
  const says = { ...usualStyle, ...style };
  const phrases = facts.items.map((item) => {
    const words = [
      ...(says.size ? [item.size] : []),
      ...(says.brightness && facts.brightness !== "normal" ? [facts.brightness] : []),
      nameOf(says.texture ? item : { ...item, texture: "plain" }),
    ];
    return withArticle(words.join(" "));
  });
  const alone = facts.items.length === 1;
  const placed = phrases.map((phrase, i) =>
    says.position && !alone ? `${phrase} ${facts.items[i]?.position}` : phrase,
  );
  const ground = says.background ? ` on ${withArticle(facts.background)} background` : "";
  const place = says.position && alone ? `, ${facts.items[0]?.position}` : "";
  const sentence = `${placed.join(" and ")}${ground}${place}.`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
