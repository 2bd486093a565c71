/** Oracles: the tokenizer before, whose ids must stay; decoding what was encoded. */
import { expect, test } from "vitest";
import { createTokenizer, extendTokenizer, trainWordTokenizer } from "./index.ts";

const before = createTokenizer(
  new Map([["tokenizer.json", JSON.stringify(trainWordTokenizer(["red", "circle", "1", "7"], ["<s>"]))]]),
);
const after = extendTokenizer(before, { words: ["grows", "red"], units: ["17", "18"] });

test("old tokens keep their ids, new ones stand behind them without a gap", () => {
  const old = Array.from({ length: before.vocabSize }, (_, id) => before.tokenOf(id));
  expect(Array.from({ length: before.vocabSize }, (_, id) => after.tokenOf(id))).toEqual(old);
  // "grows" and " grows", "17", "18"; "red" was known.
  expect(after.vocabSize).toBe(before.vocabSize + 4);
});

test("a new word is one token alone and behind a space, a unit is one wherever it stands", () => {
  for (const text of ["grows", " grows", "17"]) expect(after.encode(text)).toHaveLength(1);
  expect(before.encode(" grows").length).toBeGreaterThan(1);
  expect(after.encode("red circle 17")).toHaveLength(4);
});

test("texts with old and new tokens round-trip", () => {
  for (const text of ["From 17 to 18.", "a red circle grows", "71 117 1 7", "<s>red"])
    expect(after.decode(after.encode(text))).toBe(text);
});

test("a word that the pre-tokenizer would cut is refused", () => {
  expect(() => extendTokenizer(before, { words: ["left-hand"] })).toThrow(/left-hand/);
});
