import { expect, test } from "vitest";
import { mentionStem, mentions, normaliseCaption, prefixOf, wordKey, words } from "./words.ts";

test("a caption becomes one line with single spaces and no space before a mark", () => {
  expect(normaliseCaption("  A  man\n\nwalks\u00a0in , then sits .\t")).toBe("A man walks in, then sits.");
});

test("normalising twice changes nothing", () => {
  for (const text of [" A ,b", "caf\u0065\u0301  au lait", "x\ufeff y", "Wow !!  no"]) {
    expect(normaliseCaption(normaliseCaption(text))).toBe(normaliseCaption(text));
  }
});

test("the ASCII path of wordKey agrees with the Unicode path", () => {
  for (const text of [
    "A man's split-screen, 'quoted' - and rock'n'roll!",
    "--x-- ''",
    "",
    "...",
    "don't",
    "a-b'c 12",
  ]) {
    expect(wordKey(text)).toBe(` ${words(text.toLowerCase()).join(" ")} `);
  }
});

test("whole words are mentioned, pieces of words are not", () => {
  const key = wordKey("A red Kite, seen from below.");
  expect(mentions(key, "red kite")).toBe(true);
  expect(mentions(key, "kit")).toBe(false);
});

test("singular and plural share a stem", () => {
  for (const [one, many] of [
    ["ball", "balls"],
    ["box", "boxes"],
    ["lady", "ladies"],
    ["couch", "couches"],
    ["glass", "glasses"],
  ] as const) {
    expect(wordKey(one).startsWith(mentionStem(many)), many).toBe(true);
    expect(wordKey(many).startsWith(mentionStem(many)), one).toBe(true);
  }
});

test("a prefix is the first words as written, only where nothing but spaces stands between them", () => {
  expect(prefixOf("A man is standing in a room.", 5)).toBe("A man is standing in");
  expect(prefixOf("Then, a man is standing up.", 3)).toBeUndefined();
  expect(prefixOf("A man stands.", 3)).toBeUndefined();
});
