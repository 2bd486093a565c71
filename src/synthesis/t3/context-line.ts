/**
 * Captions as context lines, and the side of the split that each stands on.
 */
import { Rng } from "../../core/math/index.ts";
import { firstSentence, normaliseCaption, wordKey } from "../../core/text/index.ts";
import type { Caption } from "../../data/index.ts";
import type { Card } from "./deck.ts";
import type { Split } from "./row.ts";

/** Normalised context lines, each text once. */
export function contextLines(
  captions: Iterable<Caption>,
  context: "first-sentence" | "full",
  onSkip: (reason: string, caption: Caption) => void,
): Card[] {
  const seen = new Set<string>();
  const lines: Card[] = [];
  for (const caption of captions) {
    const whole = normaliseCaption(caption.text);
    const text = context === "full" ? whole : firstSentence(whole);
    const key = wordKey(text);
    if (key.trim() === "") onSkip("empty caption", caption);
    else if (seen.has(key)) onSkip("duplicate caption", caption);
    else lines.push({ caption: { ...caption, text }, key });
    seen.add(key);
  }
  return lines;
}

/** Context lines by side. */
export function splitLines(lines: readonly Card[], validation: number): Record<Split, Card[]> {
  const sides: Record<Split, Card[]> = { train: [], validation: [] };
  const sideOf = new Map<string, Split>();
  for (const line of lines) {
    const { source } = line.caption;
    const side = sideOf.get(source) ?? splitOf(source, validation);
    sideOf.set(source, side);
    sides[side].push(line);
  }
  return sides;
}

/** The side of a source: a hash of its id alone, so it is the same for every seed, order and amount of captions. */
export function splitOf(source: string, validation: number): Split {
  return new Rng(`split/${source}`).uniform() < validation ? "validation" : "train";
}
