/**
 * Oracles: the documented rules of the Penn Treebank tokeniser (-preserveLines -lowerCase), example by example, and
 * Snowball's published vocabulary of English stems, of which a few lines.
 */
import { expect, test } from "vitest";
import { captionTokens, pennTreebankTokens } from "./penn-treebank.ts";
import { wordStem } from "./word-stem.ts";

const rules: readonly (readonly [string, string, string])[] = [
  ["contractions", "The man's dog doesn't run, he can't", "the man 's dog does n't run , he ca n't"],
  ["words of two", "they cannot; they're gonna", "they can not ; they 're gon na"],
  ["hyphens", "a close-up of her t-shirt -- and mid-20s", "a close-up of her t-shirt -- and mid-20s"],
  [
    "abbreviations",
    "Mr. Fox waits at 10:30 a.m. in the U.S. today.",
    "mr. fox waits at 10:30 a.m. in the u.s. today .",
  ],
  ["numbers and signs", "it costs $3.50, 50% of 1,000 #1", "it costs $ 3.50 , 50 % of 1,000 # 1"],
  ["slashes", "his and/or hers, 1/2", String.raw`his and\/or hers , 1\/2`],
  ["brackets and quotes", `"hi" (loud)`, "`` hi '' -lrb- loud -rrb-"],
  ["American spelling", "the grey colour of the hour in the theatre", "the gray color of the hour in the theater"],
  ["entities and capitals", "R&amp;B STARS DON'T", "r&b stars do n't"],
  ["no blank after a comma", "on the bag,she begins...", "on the bag , she begins ..."],
];

test.each(rules)("%s", (_, text, tokens) => {
  expect(pennTreebankTokens(text).join(" ")).toBe(tokens);
});

test("punctuation goes, brackets stay, as lower-casing before dropping has it", () => {
  expect(captionTokens(`He says: "go!" (twice), well -- ok; fine...`)).toEqual(
    "he says go -lrb- twice -rrb- well ok fine".split(" "),
  );
  expect(captionTokens("  ...  ")).toEqual([]);
});

test("no character is lost but blanks", () => {
  const text = "Odd: a_b @x *y* ~z 5'6 ''quoted'' {k} [m] <p> q=1+2 don't 'em rock 'n' roll :) http://a.b/c?d";
  const kept = (line: string) => line.toLowerCase().replace(/\s|[^a-z0-9]/g, "");
  const unnamed = pennTreebankTokens(text).filter((token) => !/^-[lr][rsc]b-$/.test(token));
  expect(kept(unnamed.join(""))).toBe(kept(text));
});

test("stems are Snowball's", () => {
  const pairs =
    "running run,consistency consist,generously generous,dying die,skies sky,happily happili,news news,2013 2013";
  for (const [word, stem] of pairs.split(",").map((line) => line.split(" ") as [string, string])) {
    expect(wordStem(word)).toBe(stem);
  }
});
