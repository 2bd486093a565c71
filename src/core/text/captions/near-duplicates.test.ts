/** Oracles: ratios of Python's difflib.SequenceMatcher (3.11), and VTimeLLM's sample of two equal neighbours. */
import { expect, test } from "vitest";
import { joinNearDuplicates, sequenceRatio } from "./near-duplicates.ts";

test("ratios are difflib's", () => {
  expect(sequenceRatio("", "")).toBe(1);
  expect(sequenceRatio("abcd", "bcde")).toBe(0.75);
  expect(sequenceRatio("the man jumps", "a man is jumping")).toBeCloseTo(18 / 29, 12);
  // Past 200 letters the popular ones count only next to a block of others.
  const long = "the man then leads the group in a series of martial arts moves. ".repeat(4);
  expect(sequenceRatio(long, long.replace("man", "men"))).toBeCloseTo(0.01953125, 12);
  expect(sequenceRatio("ab".repeat(150), `x${"ab".repeat(150)}`)).toBe(0);
});

test("neighbours in the same words become one event, others stay", () => {
  const text = "The man then leads the group in a series of martial arts moves.";
  const events = [
    { start: 0, end: 29, text: "A man is seen talking to the camera." },
    { start: 29, end: 71, text },
    { start: 71, end: 99, text },
  ];
  expect(joinNearDuplicates(events)).toEqual([events[0], { start: 29, end: 99, text }]);
  expect(joinNearDuplicates([events[1], { start: 80, end: 99, text }] as typeof events)).toHaveLength(2);
});
