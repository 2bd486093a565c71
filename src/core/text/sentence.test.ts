import { expect, test } from "vitest";
import { firstSentence } from "./sentence.ts";

test("the first sentence ends at its stop", () => {
  expect(firstSentence("A cat sleeps. A dog barks.")).toBe("A cat sleeps.");
  expect(firstSentence('He says "stop!" Then he runs.')).toBe('He says "stop!"');
  expect(firstSentence("No stop at all")).toBe("No stop at all");
});

test("abbreviations, initials, numbers and ellipses do not end it", () => {
  for (const sentence of [
    "Mr. Smith sits by J. Doe.",
    "It costs 3.50 dollars.",
    "He waits... and waits.",
    "Dogs vs. Cats is shown.",
  ]) {
    expect(firstSentence(`${sentence} Another one.`)).toBe(sentence);
  }
});
