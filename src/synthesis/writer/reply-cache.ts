/**
 * Replies that were paid for once: an append-only JSONL file keyed by prompt and model, so that a run that was stopped goes on
 * where it was, and the same run again asks nothing.
 */
import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";
import { type ChatModel, type Reply, userMessage } from "../../chat/index.ts";

/** What of a reply is kept. */
export type KeptReply = Pick<Reply, "text" | "finish">;

/** An open cache. Close it. */
export type ReplyCache = Readonly<{
  path: string;
  /** Replies asked of a model since the opening. */
  asked(): number;
  /** Replies in the order of the prompts: those known from the file, the others from the model, kept at once. */
  replies(model: ChatModel, prompts: readonly string[], options: CachedOptions): Promise<KeptReply[]>;
  close(): void;
}>;

export type CachedOptions = Readonly<{ maxNewTokens: number; signal?: AbortSignal }>;

const entry = z.object({ key: z.string(), text: z.string(), finish: z.enum(["stop", "length"]) });

/** Open or begin a cache. A torn last line (a crash while writing) is removed; any other bad line is an Error with its number. */
export function openReplyCache(path: string): ReplyCache {
  mkdirSync(dirname(path), { recursive: true });
  const { known, bytes } = readKnown(path);
  const file = openSync(path, existsSync(path) ? "r+" : "w");
  ftruncateSync(file, bytes);
  let end = bytes;
  let asked = 0;
  const keep = (key: string, model: ChatModel, { text, finish }: KeptReply) => {
    known.set(key, { text, finish });
    end += writeSync(file, `${JSON.stringify({ key, model: model.name, text, finish })}\n`, end);
  };
  return {
    path,
    asked: () => asked,
    async replies(model, prompts, { maxNewTokens, signal }) {
      const keys = prompts.map((prompt) => keyOf(model, prompt, maxNewTokens));
      const missing = [...new Map(keys.map((key, i) => [key, i])).entries()].filter(([key]) => !known.has(key));
      const conversations = missing.map(([, i]) => [userMessage(prompts[i] as string)]);
      const fresh =
        missing.length === 0
          ? []
          : await model.generateMany(conversations, { maxNewTokens, ...(signal && { signal }) });
      for (const [i, [key]] of missing.entries()) keep(key, model, fresh[i] as Reply);
      asked += fresh.length;
      if (fresh.length > 0) fsyncSync(file);
      return keys.map((key) => known.get(key) as KeptReply);
    },
    close: () => closeSync(file),
  };
}

/** The name of a question to a model: changes whenever the reply could. */
function keyOf({ fingerprint }: ChatModel, prompt: string, maxNewTokens: number): string {
  return createHash("sha256")
    .update(JSON.stringify([fingerprint, maxNewTokens, prompt]))
    .digest("hex")
    .slice(0, 32);
}

function readKnown(path: string): { known: Map<string, KeptReply>; bytes: number } {
  const known = new Map<string, KeptReply>();
  if (!existsSync(path)) return { known, bytes: 0 };
  const content = readFileSync(path);
  const bytes = content.lastIndexOf(10) + 1;
  const lines = content.toString("utf8", 0, bytes).split("\n").slice(0, -1);
  for (const [i, text] of lines.entries()) {
    const { key, ...reply } = parseEntry(path, text, i + 1);
    known.set(key, reply);
  }
  return { known, bytes };
}

function parseEntry(path: string, text: string, number: number): z.infer<typeof entry> {
  try {
    return entry.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`Expected a kept reply in line ${number} of ${path}, got something else. Move the file away.`, {
      cause: error,
    });
  }
}
