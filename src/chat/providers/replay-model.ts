/**
 * A past run that answers again: what its log says was replied to a question is the reply, and nothing else is known.
 *
 * Logs are JSON lines; rows are found by the question's text and, where the log tells them, by the frames and the file that were
 * shown. Read are zoetrope's own logs and lmms-eval's sample logs (`input`, `resps`), other lines are left alone.
 */
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { fileIdentity } from "../../core/files/index.ts";
import type { ChatModel, Reply, ReplyOptions } from "../chat-model.ts";
import { framesOf, type Message } from "../message.ts";
import { oneByOne } from "../one-by-one.ts";
import { cutAtStop } from "../stop-texts.ts";
import { videosOf } from "./shape.ts";

const row = z.looseObject({
  input: z.string(),
  resps: z.array(z.array(z.unknown())).optional(),
  filtered_resps: z.array(z.unknown()).optional(),
  input_tokens: z.number().nullish(),
  output_tokens: z.number().nullish(),
  temporal: z
    .looseObject({
      frames: z.array(z.looseObject({ pts: z.number(), src_index: z.number() })).nullish(),
      media: z.looseObject({ file: z.string(), hash: z.string() }).nullish(),
      finish: z.enum(["stop", "length"]).nullish(),
    })
    .nullish(),
});

type Shown = Readonly<{ time: number; index: number }>;
type Row = Readonly<{
  reply: Reply;
  frames: readonly Shown[] | null;
  media: Readonly<{ file: string; hash: string }> | null;
}>;

/** Open `FILE.jsonl`, or all logs of a run's folder. Throws an Error that names what is missing. */
export async function openReplayModel(path: string): Promise<ChatModel> {
  const rows = new Map<string, Row[]>();
  const identities: string[] = [];
  for (const file of logFiles(path)) {
    identities.push(fileIdentity(file).hash);
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      const read = readRow(line);
      if (read === null) continue;
      rows.set(read.input, [...(rows.get(read.input) ?? []), read.row]);
    }
  }
  if (rows.size === 0)
    throw new Error(`Expected a run log with replies at "${path}", got none. Pass a run's folder or its JSONL file.`);
  const generate = async (messages: readonly Message[], { signal, stop }: ReplyOptions = {}): Promise<Reply> => {
    signal?.throwIfAborted();
    const { reply } = find(rows, messages, path);
    return { ...reply, text: cutAtStop(reply.text, stop).text.trim() };
  };
  return {
    name: `replay:${path}`,
    accepts: ["text", "image", "video"],
    fingerprint: `replay:${identities.join("-").slice(0, 16)}`,
    generate,
    async *stream(messages, options) {
      const reply = await generate(messages, options);
      if (reply.text !== "") yield reply.text;
      return reply;
    },
    generateMany: oneByOne(generate),
    scoreOptions: async () => null,
    vocabulary: null,
    unknownWords: () => [],
    dispose: async () => {},
  };
}

function logFiles(path: string): string[] {
  if (!existsSync(path))
    throw new Error(`Expected a run's folder or its JSONL file, got "${path}", which is not there.`);
  if (!statSync(path).isDirectory()) return [path];
  const files = readdirSync(path).filter((name) => name.endsWith(".jsonl"));
  if (files.length === 0) throw new Error(`Expected a run log (*.jsonl) in "${path}", got none.`);
  return files.sort().map((name) => join(path, name));
}

/** null for lines that hold no reply: configurations, torn ends, samples that were never answered. */
function readRow(line: string): Readonly<{ input: string; row: Row }> | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = row.safeParse(value);
  if (!parsed.success) return null;
  const { input, resps, filtered_resps, input_tokens, output_tokens, temporal } = parsed.data;
  // lmms-eval leaves `resps` out where it says the same.
  const text = resps?.[0]?.[0] ?? filtered_resps?.[0];
  if (typeof text !== "string") return null;
  const reply: Reply = {
    text,
    finish: temporal?.finish ?? "stop",
    promptTokens: input_tokens ?? null,
    newTokens: output_tokens ?? null,
    logProbabilities: null,
  };
  const frames = temporal?.frames?.map(({ pts, src_index }) => ({ time: pts, index: src_index })) ?? null;
  return { input, row: { reply, frames, media: temporal?.media ?? null } };
}

/** The one row of this question about these frames. Several that say the same are one. */
function find(rows: ReadonlyMap<string, readonly Row[]>, messages: readonly Message[], path: string): Row {
  const question = textOf(messages);
  const shown = framesOf(messages);
  const [video] = videosOf(messages);
  const file = video?.bytes ?? video?.path;
  let found = (rows.get(question) ?? []).filter(({ frames }) => frames === null || isSame(frames, shown));
  if (file !== undefined && new Set(found.map(({ reply }) => reply.text)).size > 1) {
    const { hash } = fileIdentity(file);
    const named = typeof file === "string" ? basename(file) : null;
    found = found.filter(({ media }) => media === null || media.hash === hash || basename(media.file) === named);
  }
  const [first] = found;
  const what = `${JSON.stringify(question.slice(0, 80))} about ${shown.length} frames`;
  if (first === undefined)
    throw new RangeError(`Expected a question that ${path} has a reply to, got ${what}. Ask as that run did.`);
  if (found.some(({ reply }) => reply.text !== first.reply.text))
    throw new RangeError(
      `Expected one reply in ${path} to ${what}, got ${found.length} different ones about different videos.`,
    );
  return first;
}

function isSame(frames: readonly Shown[], shown: readonly Shown[]): boolean {
  return (
    frames.length === shown.length &&
    frames.every(({ time, index }, i) => index === shown[i]?.index && Math.abs(time - shown[i].time) < 1e-6)
  );
}

/** The text of the last turn, as logs have it. */
function textOf(messages: readonly Message[]): string {
  const parts = messages.at(-1)?.content ?? [];
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}
