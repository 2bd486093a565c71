import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { createTokenizer, splitPieces, trainWordTokenizer, wordTokenizerConfig } from "./index.ts";

const words = ["red", "circle", "Which", "frame", "shows", "the", "A", "B", "constructor", "é", "(", "2"];
const special = ["<pad>", "<s>", "</s>", "<image>"];
const template =
  "{% for m in messages %}{{ m.role }}: {{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";
const tokenizer = createTokenizer(
  new Map([
    ["tokenizer.json", JSON.stringify(trainWordTokenizer(words, special))],
    [
      "tokenizer_config.json",
      JSON.stringify(wordTokenizerConfig({ bos: "<s>", eos: "</s>", pad: "<pad>", chatTemplate: template })),
    ],
  ]),
);

test("every known word is one token, alone and behind a space", () => {
  for (const word of words) for (const form of [word, ` ${word}`]) expect(tokenizer.encode(form)).toHaveLength(1);
});

test("a newline, a punctuation mark and <image> are one token each", () => {
  for (const text of ["\n", "?", ".", ",", ")", "<image>"]) expect(tokenizer.encode(text)).toHaveLength(1);
  expect(tokenizer.encode("<image>\n<image>\nWhich frame?")).toHaveLength(7);
});

test("any text round-trips, unknown words and broken Unicode neighbours included", () => {
  const rng = new Rng("round-trip");
  const pieces = [
    ...words,
    ...special,
    " ",
    "  ",
    "\n",
    "\t",
    "zebra",
    "12",
    "'",
    " ?",
    "日本",
    "👩‍🚀",
    "́",
    "_",
    "\u00a0",
  ];
  for (let n = 0; n < 500; n++) {
    const text = Array.from({ length: rng.below(20) }, () => rng.pick(pieces)).join(rng.pick(["", " "]));
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    expect(splitPieces(text).join("")).toBe(text);
  }
});

test("ids are dense, special tokens come first and have their roles", () => {
  expect(special.map((token) => tokenizer.idOf(token))).toEqual([0, 1, 2, 3]);
  expect([tokenizer.padId, tokenizer.bosId, tokenizer.eosId]).toEqual([0, 1, 2]);
  const tokens = Array.from({ length: tokenizer.vocabSize }, (_, id) => tokenizer.tokenOf(id));
  expect(new Set(tokens).size).toBe(tokenizer.vocabSize);
});

test("special tokens can be left out of decoded text", () => {
  const ids = tokenizer.encode("<s>the red circle</s>");
  expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe("the red circle");
  expect(tokenizer.decode([])).toBe("");
});

test("chat templates see messages and special tokens", () => {
  const text = tokenizer.applyChatTemplate([{ role: "user", content: "Which?" }], { addGenerationPrompt: true });
  expect(text).toBe("user: Which?</s>assistant:");
});

test("a word that the pre-tokenizer would cut is refused", () => {
  expect(() => trainWordTokenizer(["left-hand"], [])).toThrow(/left-hand/);
});
