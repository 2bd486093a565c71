/** Oracles: the rules of lmms-eval's two times, case by case as its sources decide them, defects included. */
import { expect, test } from "vitest";
import { beforeBracket, firstCapital, rankedLetter, readingOf, standaloneLetter } from "./letter-extraction.ts";

test.each([
  ["B", "B"],
  ["The best answer is C.", "C"],
  ["the answer is (D)", "D"],
  ["Answer: B", "A"],
  ["Because of B", "B"],
  ["no idea", ""],
])("2024-09, Video-MME: %j gives %j", (reply, letter) => {
  expect(firstCapital(reply)).toBe(letter);
});

test.each([
  ["B) running", "B"],
  ["(C) x", "C"],
  ["B", "B"],
  ["A. text", "A. text"],
  [") x", ""],
])("2024-09, MLVU: %j gives %j", (reply, letter) => {
  expect(beforeBracket(reply)).toBe(letter);
});

test("2024-09, MLVU: an option line without a bracket is a failure of parsing, which counts as wrong", () => {
  expect(readingOf(beforeBracket("A. text"), "A", "2024-09").kind).toBe("unparsed");
  expect(readingOf("A", "A", "2024-09")).toMatchObject({ kind: "read", correct: true });
});

test.each([
  ["The correct answer is (B).", "B"],
  ["A", "A"],
  ["A. walking", "A"],
  ["It is not (A) but (C)", "C"],
  ["Option (A) is wrong, so the answer is B", "B"],
  ["C) because of A", "C"],
  ["답은 D", "D"],
  ["Apples", "A"],
  ["nothing", ""],
  ["  ", ""],
])("current: %j gives %j", (reply, letter) => {
  expect(rankedLetter(reply)).toBe(letter);
});

test.each([
  ["(b) left", "B"],
  ["left", "A"],
  ["left or right", ""],
  ["Z", ""],
  ["", ""],
])("current, TVBench: %j gives %j", (reply, letter) => {
  expect(standaloneLetter(reply, ["left", "right"])).toBe(letter);
});
