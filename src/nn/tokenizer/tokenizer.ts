/**
 * Text to token ids and back, by the tokenizer.json and the chat template of a Hugging Face folder.
 *
 * `@huggingface/tokenizers` does the work; this file finds the files, gives the special tokens their roles and renders
 * chat templates with `@huggingface/jinja`. Image placeholders are left to nn/models.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Template } from "@huggingface/jinja";
import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { slowTokenizer } from "./slow-tokenizer.ts";

/** A message as chat templates take it; content is text, or parts such as { type: "image" }. */
export type TemplateMessage = Readonly<{
  role: string;
  content: string | readonly Readonly<{ type: string; text?: string }>[];
}>;

export type TemplateOptions = Readonly<{
  addGenerationPrompt?: boolean;
  variables?: Readonly<Record<string, unknown>>;
}>;

export type Tokenizer = Readonly<{
  /** Highest id + 1; a checkpoint's embedding may have more rows. */
  vocabSize: number;
  bosId: number | null;
  eosId: number | null;
  padId: number | null;
  /** Token ids. The post-processor's tokens (a BOS, say) come only when asked for: chat templates write their own. */
  encode(text: string, options?: { addSpecialTokens?: boolean }): number[];
  decode(ids: Iterable<number>, options?: { skipSpecialTokens?: boolean }): string;
  /** The id of exactly this token, or undefined. */
  idOf(token: string): number | undefined;
  tokenOf(id: number): string | undefined;
  hasChatTemplate: boolean;
  /** The conversation as one text. Throws when the folder has no chat template. */
  applyChatTemplate(messages: readonly TemplateMessage[], options?: TemplateOptions): string;
  /** File name -> content, so that a saved checkpoint carries its tokenizer. */
  files: ReadonlyMap<string, string>;
}>;

const tokenText = z.union([z.string(), z.object({ content: z.string() }).transform((token) => token.content)]);
const namedTemplates = z.array(z.object({ name: z.string(), template: z.string() }));
const tokenizerConfigSchema = z.looseObject({
  bos_token: tokenText.nullish(),
  eos_token: tokenText.nullish(),
  pad_token: tokenText.nullish(),
  unk_token: tokenText.nullish(),
  chat_template: z.union([z.string(), namedTemplates]).nullish(),
});
const tokenizerSchema = z.looseObject({ model: z.looseObject({}), added_tokens: z.array(z.unknown()).default([]) });

/** Read tokenizer.json (or what stands for it, see slow-tokenizer.ts), tokenizer_config.json and chat_template.jinja / chat_template.json of a checkpoint folder. */
export function loadTokenizer(folder: string): Tokenizer {
  const files = new Map<string, string>();
  for (const name of ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "chat_template.json"]) {
    const path = join(folder, name);
    if (existsSync(path)) files.set(name, readFileSync(path, "utf8"));
  }
  if (!files.has("tokenizer.json")) {
    const converted = slowTokenizer(folder, files.get("tokenizer_config.json"));
    if (converted === null) {
      throw new Error(
        `Expected tokenizer.json in ${folder} (or tokenizer.model, or vocab.json and merges.txt), got none. Copy the tokenizer's files of this model.`,
      );
    }
    files.set("tokenizer.json", converted);
  }
  return createTokenizer(files, folder);
}

/** A tokenizer from file contents by name, as loadTokenizer finds them; `where` names them in errors. */
export function createTokenizer(files: ReadonlyMap<string, string>, where = "memory"): Tokenizer {
  const tokenizerJson = parse(tokenizerSchema, files.get("tokenizer.json") ?? "", `${where}/tokenizer.json`);
  const config = parse(
    tokenizerConfigSchema,
    files.get("tokenizer_config.json") ?? "{}",
    `${where}/tokenizer_config.json`,
  );
  // Clean-up swallows spaces before punctuation; transformers leaves it off for byte-level tokenizers too.
  const inner = new HuggingFaceTokenizer(tokenizerJson, { ...config, clean_up_tokenization_spaces: false });
  const template = chatTemplate(files, config.chat_template, where);
  const idOf = (token: string) => inner.token_to_id(token);
  const role = (token: string | null | undefined) => (token == null ? null : (idOf(token) ?? null));
  const tokens = Object.fromEntries(
    (["bos_token", "eos_token", "pad_token", "unk_token"] as const).map((key) => [key, config[key] ?? ""]),
  );
  return {
    vocabSize: Math.max(...inner.get_vocab().values()) + 1,
    bosId: role(config.bos_token),
    eosId: role(config.eos_token),
    padId: role(config.pad_token),
    encode: (text, options = {}) => inner.encode(text, { add_special_tokens: options.addSpecialTokens ?? false }).ids,
    decode(ids, options = {}) {
      const list = Array.from(ids);
      return list.length === 0 ? "" : inner.decode(list, { skip_special_tokens: options.skipSpecialTokens ?? false });
    },
    idOf,
    tokenOf: (id) => inner.id_to_token(id),
    hasChatTemplate: template !== null,
    applyChatTemplate(messages, options = {}) {
      if (template === null) {
        throw new Error(`Expected a chat template in ${where}, got none. Add chat_template.jinja to the folder.`);
      }
      return new Template(template).render({
        ...tokens,
        messages: messages.map((message) => ({ ...message })),
        add_generation_prompt: options.addGenerationPrompt ?? false,
        ...options.variables,
      });
    },
    files,
  };
}

function chatTemplate(
  files: ReadonlyMap<string, string>,
  inConfig: z.infer<typeof tokenizerConfigSchema>["chat_template"],
  where: string,
): string | null {
  const jinja = files.get("chat_template.jinja");
  if (jinja !== undefined) return jinja;
  if (typeof inConfig === "string") return inConfig;
  if (inConfig) return (inConfig.find((entry) => entry.name === "default") ?? inConfig[0])?.template ?? null;
  const json = files.get("chat_template.json");
  if (json === undefined) return null;
  return parse(z.looseObject({ chat_template: z.string() }), json, `${where}/chat_template.json`).chat_template;
}

function parse<T>(schema: z.ZodType<T>, text: string, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`Expected JSON in ${where}, got ${(error as Error).message}. Copy the file again.`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(
    `Expected a Hugging Face tokenizer in ${where}: ${z.prettifyError(result.error)}. Copy the file again.`,
  );
}
