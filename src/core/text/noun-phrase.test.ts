import { expect, test } from "vitest";
import { isPlural, keyPhrases, nounPhrases } from "./noun-phrase.ts";

const best = (text: string) => keyPhrases(nounPhrases(text));

test("phrases end at verbs, function words and living beings", () => {
  expect(best("The man shovels snow onto a wooden sled.")[0]).toBe("wooden sled");
  expect(best("A boy throws the basketball.")).toEqual(["basketball", "boy"]);
  expect(best("The woman begins speaking to the camera while holding a large orange cat.")[0]).toBe("large orange cat");
});

test("what is particular comes before people, and people with a modifier before bare ones", () => {
  expect(best("An older man and a woman sit on a couch.")).toEqual(["couch", "older man", "woman"]);
});

test("a caption without a noun phrase gives none", () => {
  expect(best("They then continue running.")).toEqual([]);
  expect(best("")).toEqual([]);
});

test("a phrase is a piece of its text, and the number that opened it is known", () => {
  const text = "Two red balls roll down the street.";
  const phrases = nounPhrases(text);
  for (const { start, end, words } of phrases) expect(text.slice(start, end).toLowerCase()).toBe(words.join(" "));
  expect(phrases[0]).toMatchObject({ text: "red balls", number: { word: "two", start: 0 } });
});

test("plural heads take a plural verb", () => {
  expect(["red balls", "people", "old men"].every(isPlural)).toBe(true);
  expect(["bus", "glass", "tennis", "man's hat"].some(isPlural)).toBe(false);
});
