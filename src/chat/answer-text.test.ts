import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { AnswerText } from "./answer-text.ts";
import { cutAtStop, heldBack } from "./stop-texts.ts";
import { tinyTokenizer } from "./tiny-llava.fixture.ts";

const tokenizer = tinyTokenizer();
const alphabet = ["red", " circle", " a", " ", "\n", "é", "中", "🎞", "x", ".", "is"];

/** What is given for the ids of a text, piece by piece, up to the stop text or the end. */
function given(text: string, stop: readonly string[] = []): { pieces: string[]; stopped: boolean } {
  const answer = new AnswerText(tokenizer, stop);
  const pieces: string[] = [];
  for (const id of tokenizer.encode(text)) {
    const { piece, stopped } = answer.push(id);
    pieces.push(piece);
    if (stopped) return { pieces, stopped };
  }
  return { pieces: [...pieces, answer.finish()], stopped: false };
}

test("the pieces join to the trimmed text and never hold half a character (oracle: the text that was encoded)", () => {
  const rng = new Rng("pieces");
  for (let round = 0; round < 300; round++) {
    const text = Array.from({ length: rng.integer(0, 12) }, () => rng.pick(alphabet)).join("");
    const { pieces, stopped } = given(text);
    expect(pieces.join("")).toBe(text.trim());
    expect(pieces.join("|")).not.toContain("\uFFFD");
    expect(stopped).toBe(false);
  }
});

test("with stop texts the pieces join to what is before the first one, and nothing of it is given early", () => {
  const rng = new Rng("stops");
  for (let round = 0; round < 300; round++) {
    const text = Array.from({ length: rng.integer(1, 12) }, () => rng.pick(alphabet)).join("");
    const stop = [rng.pick(alphabet) + rng.pick(alphabet), "é中"];
    const ends = stop.map((end) => text.indexOf(end)).filter((place) => place >= 0);
    const { pieces, stopped } = given(text, stop);
    expect(stopped).toBe(ends.length > 0);
    expect(pieces.join("")).toBe((ends.length > 0 ? text.slice(0, Math.min(...ends)) : text).trim());
  }
});

test("a text comes token by token where nothing holds it back", () => {
  expect(given("red circle is").pieces).toEqual(["red", " circle", " is", ""]);
  expect(given("red circle is", [" circle first"]).pieces).toEqual(["red", "", " circle is", ""]);
});

test("stop texts: the earliest counts, empty ones never, an unfinished one is held back", () => {
  expect(cutAtStop("a b c", ["c", "b", ""])).toEqual({ text: "a ", found: true });
  expect(cutAtStop("a b c", [])).toEqual({ text: "a b c", found: false });
  expect(heldBack("the end</", ["</s>"])).toBe(2);
  expect(heldBack("aab", ["aabc", "bd"])).toBe(3);
  expect(heldBack("abc", ["x"])).toBe(0);
});
