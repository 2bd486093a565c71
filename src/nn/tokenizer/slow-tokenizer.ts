/**
 * The files of "slow" tokenizers, which some repositories publish instead of a tokenizer.json: Llama's tokenizer.model, and
 * Qwen2's vocab.json with merges.txt.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { sentencepieceTokenizer } from "./sentencepiece.ts";

/** Does a folder hold a tokenizer, in whichever files? */
export function hasTokenizer(folder: string): boolean {
  const has = (name: string) => existsSync(join(folder, name));
  return has("tokenizer.json") || has("tokenizer.model") || (has("vocab.json") && has("merges.txt"));
}

/** The content of the tokenizer.json that these files amount to, or null where there are none of them. */
export function slowTokenizer(folder: string, tokenizerConfig: string | undefined): string | null {
  const path = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(path(name), "utf8");
  const raw = existsSync(path("tokenizer.model"))
    ? sentencepieceTokenizer(readFileSync(path("tokenizer.model")), path("tokenizer.model"))
    : existsSync(path("vocab.json")) && existsSync(path("merges.txt"))
      ? qwen2Tokenizer(read("vocab.json"), read("merges.txt"))
      : null;
  if (raw === null) return null;
  const further = existsSync(path("added_tokens.json")) ? read("added_tokens.json") : "{}";
  return JSON.stringify({ ...raw, added_tokens: addedTokens(raw.added_tokens, further, tokenizerConfig ?? "{}") });
}

const token = z.looseObject({ content: z.string(), special: z.boolean().default(false) });
const configSchema = z.looseObject({ added_tokens_decoder: z.record(z.string(), token).default({}) });
const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };

/** Tokens beside the vocabulary: the model's own, added_tokens.json's and tokenizer_config.json's, which says most. */
function addedTokens(own: unknown, further: string, config: string): unknown[] {
  const byId = new Map<number, unknown>();
  for (const each of z.array(z.looseObject({ id: z.int() })).parse(own)) byId.set(each.id, each);
  for (const [content, id] of Object.entries(z.record(z.string(), z.int()).parse(JSON.parse(further)))) {
    byId.set(id, { id, content, special: /^<.*>$/.test(content), ...plain });
  }
  const { added_tokens_decoder } = configSchema.parse(JSON.parse(config));
  for (const [id, each] of Object.entries(added_tokens_decoder))
    byId.set(Number(id), { ...plain, ...each, id: Number(id) });
  return [...byId].sort(([a], [b]) => a - b).map(([, each]) => each);
}

/** Qwen2's pieces before merging (Qwen2Tokenizer in transformers): words, single digits, marks, lines, spaces. */
const qwen2Pattern =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

function qwen2Tokenizer(vocab: string, merges: string): Record<string, unknown> {
  const lines = merges.split("\n").filter((line) => line !== "" && !line.startsWith("#version"));
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: { type: "NFC" },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: qwen2Pattern }, behavior: "Isolated", invert: false },
        byteLevel,
      ],
    },
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: z.record(z.string(), z.int()).parse(JSON.parse(vocab)),
      merges: lines.map((line) => line.split(" ")),
    },
  };
}
