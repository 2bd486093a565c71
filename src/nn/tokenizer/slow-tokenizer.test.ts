import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { byteAlphabet } from "./byte-alphabet.ts";
import { hasTokenizer, loadTokenizer } from "./index.ts";
import { sentencepieceTokenizer } from "./sentencepiece.ts";

const parity = resolve(import.meta.dirname, "../../../test/parity/sentencepiece");
const folder = mkdtempSync(join(tmpdir(), "zoetrope-slow-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a SentencePiece BPE gives the ids that SentencePiece 0.1.97 gives, and the text back", () => {
  const tokenizer = loadTokenizer(parity);
  const golden = JSON.parse(readFileSync(join(parity, "golden.json"), "utf8")) as { text: string; ids: number[] }[];
  for (const { text, ids } of golden) {
    // The empty text has no prefix there and one here, as in transformers.
    if (text === "") continue;
    expect(tokenizer.encode(text), text).toEqual(ids);
    // "▁" stands for a space there and here, so one in the text comes back as a space.
    expect(tokenizer.decode(ids)).toBe(text.replaceAll("▁", " "));
  }
  expect([tokenizer.bosId, tokenizer.eosId]).toEqual([1, 2]);
  expect(tokenizer.encode("<s>From")).toEqual([1, ...tokenizer.encode("From")]);
});

test("Qwen2's vocab.json and merges.txt split words as its tokenizer does (by hand)", () => {
  const bytes = byteAlphabet();
  const words = ["th", "the", "Ġt", "Ġth", "Ġthe", "'t", "!!"];
  const vocab = Object.fromEntries([...bytes, ...words].map((token, id) => [token, id]));
  writeFileSync(join(folder, "vocab.json"), JSON.stringify(vocab));
  writeFileSync(join(folder, "merges.txt"), "#version: 0.2\nĠ t\nĠt h\nĠth e\nt h\nth e\n' t\n! !\n");
  const added = { "300": { content: "<|im_end|>", special: true } };
  writeFileSync(
    join(folder, "tokenizer_config.json"),
    JSON.stringify({ added_tokens_decoder: added, eos_token: "<|im_end|>" }),
  );
  expect(hasTokenizer(folder)).toBe(true);
  const tokenizer = loadTokenizer(folder);
  const pieces = (text: string) => tokenizer.encode(text).map((id) => tokenizer.tokenOf(id));
  expect(pieces("the the'T't 12!!\n<|im_end|>")).toEqual([..."the,Ġthe,',T,'t,Ġ,1,2,!!,Ċ,<|im_end|>".split(",")]);
  expect(tokenizer.eosId).toBe(300);
  expect(tokenizer.decode(tokenizer.encode("the thé 12"))).toBe("the thé 12");
});

test("other files are refused with the file's name", () => {
  const model = readFileSync(join(parity, "tokenizer.model"));
  expect(() => sentencepieceTokenizer(model.subarray(0, 1000), "x.model")).toThrow(/x\.model/);
  expect(() => sentencepieceTokenizer(Buffer.from("no model at all"), "x.model")).toThrow(/x\.model/);
  rmSync(join(folder, "vocab.json"));
  expect(() => loadTokenizer(folder)).toThrow(/tokenizer\.model.*got none/);
  writeFileSync(join(folder, "tokenizer.model"), "junk");
  expect(() => loadTokenizer(folder)).toThrow(/SentencePiece model/);
});
