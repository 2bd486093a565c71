/**
 * A model that says what it is told to: for tests, demonstrations and trying a benchmark with no model at all.
 *
 * The script is JSON. A list of replies is given out in order and starts over at its end: ["A", "B"]. An object maps
 * regular expressions to replies; the first one that matches the conversation's last text answers: {"colou?r": "red"}.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { ChatModel, Reply, ReplyOptions } from "./chat-model.ts";
import type { Message } from "./message.ts";
import { oneByOne } from "./one-by-one.ts";
import { cutAtStop } from "./stop-texts.ts";

export type ReplyScript = readonly string[] | Readonly<Record<string, string>>;

const schema = z.union([z.array(z.string()).min(1), z.record(z.string(), z.string())]);

/** Read a script. Throws an Error that names the file and its fault. */
export function openScriptedModel(path: string): ChatModel {
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`Expected a JSON script of replies at "${path}": ${(error as Error).message}.`, { cause: error });
  }
  const script = schema.safeParse(raw);
  if (!script.success) {
    throw new Error(
      `Expected a list of replies, or an object of pattern -> reply, in "${path}". Rewrite it as either.`,
    );
  }
  return scriptedModel(script.data, `scripted:${path}`);
}

/** A model over a script in memory. Throws SyntaxError when a pattern is no regular expression. */
export function scriptedModel(script: ReplyScript, name = "scripted"): ChatModel {
  const reply = Array.isArray(script) ? inOrder(script as readonly string[]) : byPattern(Object.entries(script));
  const generate = async (messages: readonly Message[], { signal, stop }: ReplyOptions = {}): Promise<Reply> => {
    signal?.throwIfAborted();
    const { text } = cutAtStop(reply(messages), stop);
    return { text, finish: "stop", promptTokens: null, newTokens: null, logProbabilities: null };
  };
  return {
    name,
    accepts: ["text", "image", "video"],
    fingerprint: `scripted:${createHash("sha256").update(JSON.stringify(script)).digest("hex").slice(0, 16)}`,
    generate,
    async *stream(messages, options = {}) {
      const whole = await generate(messages, options);
      for (const word of whole.text.match(/\s*\S+\s*$|\s*\S+|\s+/g) ?? []) {
        options.signal?.throwIfAborted();
        yield word;
      }
      return whole;
    },
    generateMany: oneByOne(generate),
    scoreOptions: async () => null,
    vocabulary: null,
    unknownWords: () => [],
    dispose: async () => {},
  };
}

function inOrder(replies: readonly string[]): () => string {
  let next = 0;
  return () => replies[next++ % replies.length] as string;
}

function byPattern(entries: readonly (readonly [string, string])[]): (messages: readonly Message[]) => string {
  const rules = entries.map(([pattern, reply]) => ({ pattern: new RegExp(pattern, "i"), reply }));
  return (messages) => {
    const parts = messages.at(-1)?.content ?? [];
    const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
    const rule = rules.find(({ pattern }) => pattern.test(text));
    if (rule) return rule.reply;
    throw new Error(
      `Expected a question that the script has a pattern for, got ${JSON.stringify(text)}. Add ".*" as its last pattern.`,
    );
  };
}
