/** The oracle is T3's released scoring rule and the list of its defects (T3 notes, 1.5). */
import { expect, test } from "vitest";
import { parseChoice } from "./choice.ts";
import { parseChoiceCompat } from "./choice-compat.ts";

const six = ["cat, person, flower", "cat, flower, person", "person, cat, flower", "person, flower, cat", "e e", "f f"];
const bloom = ["Bloom", "Unbloom"];

test("letter, bracketed letter, option line and text are all taken, whatever their case and full stops", () => {
  for (const [i, text] of six.entries()) {
    const letter = "ABCDEF"[i] as string;
    for (const reply of [letter, `(${letter})`, `(${letter}).`, `(${letter}) ${text}.`, ` ${text.toUpperCase()} `])
      expect(parseChoiceCompat(reply, six), reply).toBe(i);
  }
});

test("further texts of an option are taken", () => {
  expect(parseChoiceCompat("does not bloom.", bloom, [[], ["does not bloom"]])).toBe(1);
});

test("known prefixes are cut, so that no capital of theirs is taken for a letter", () => {
  expect(parseChoiceCompat("The best answer is (C)", six)).toBe(2);
  expect(parseChoiceCompat("The correct order that the items appear in the video is: person, flower, cat!", six)).toBe(
    3,
  );
});

test("without a letter the first option whose text occurs is taken, in its own case only", () => {
  expect(parseChoiceCompat("first cat, flower, person", six)).toBe(1);
  expect(parseChoiceCompat("i see a cat", six)).toBeNull();
});

test("its defects are kept, where the parser of choice.ts knows better", () => {
  expect(parseChoiceCompat("The answer is (E)", six)).toBeNull();
  expect(parseChoice("The answer is (E)", six)).toMatchObject({ index: 4 });
  // The first capital of "Answer", the B of "Blooms", and the B and A of prefixes that never match.
  expect(parseChoiceCompat("Answer: (B)", bloom)).toBe(0);
  expect(parseChoice("Answer: (B)", bloom)).toMatchObject({ index: 1 });
  expect(parseChoiceCompat("The flower Blooms", bloom)).toBe(1);
  expect(parseChoiceCompat("Best answer: (D)", six)).toBe(1);
});

test("a reply without any of these is no choice, and patterns in options do no harm", () => {
  expect(parseChoiceCompat("", six)).toBeNull();
  expect(parseChoiceCompat("neither of these", six)).toBeNull();
  expect(parseChoiceCompat("it is c++ (", ["c++ (", "[x"])).toBe(0);
});
