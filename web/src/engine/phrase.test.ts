/** Oracle: phrases by hand. */
import { expect, test } from "vitest";
import { phraseOf } from "./phrase.ts";

test.each([
  ["where is the red circle growing?", "the red circle growing"],
  ["When does the dog jump?", "the dog jump"],
  ["When can we see a cat", "a cat"],
  ["a red circle grows.", "a red circle grows"],
  ["the place where it is", "the place where it is"],
  [" whereas ", "whereas"],
])("%s asks about %s", (text, phrase) => {
  expect(phraseOf(text)).toBe(phrase);
});
