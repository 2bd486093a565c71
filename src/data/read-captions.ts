/**
 * Captions out of whatever captions come in: plain text, JSON Lines, JSON arrays, LLaVA conversations (LLaVA-ReCap), COCO, and
 * ActivityNet-Captions.
 *
 * The shape is told by the content. Blank captions are passed over and reported to `onSkip`; anything else that is not a
 * caption is an error with its line.
 */
import { existsSync, statSync } from "node:fs";
import { basename, extname } from "node:path";
import * as z from "zod";
import type { Caption } from "./caption.ts";
import { type JsonValue, jsonValues } from "./json-values.ts";
import { DataFileError } from "./read-error.ts";
import { linesOf } from "./text-lines.ts";

const Id = z.union([z.string(), z.number()]).transform(String);
const ActivityNetVideo = z.object({
  duration: z.number(),
  timestamps: z.array(z.tuple([z.number(), z.number()])),
  sentences: z.array(z.string()),
});
const Conversation = z.array(z.object({ from: z.string(), value: z.string() }));
const Coco = z.object({ annotations: z.array(z.object({ image_id: Id, caption: z.string() })) });
const Entry = z.record(z.string(), z.unknown());

const TEXT_KEYS = ["caption", "text", "sentence", "description", "captions", "sentences", "conversations"];
const SOURCE_KEYS = ["source", "video_id", "video", "image_id", "image", "image_path", "file_name"];
const SHAPES = `a string or an object with one of ${TEXT_KEYS.join(", ")}`;

/**
 * All captions of a file, in order. Throws DataFileError naming file and line when the file is missing, empty, malformed, or
 * holds no caption.
 */
export async function readCaptions(
  path: string,
  { onSkip = () => {} }: { onSkip?: (reason: string) => void } = {},
): Promise<Caption[]> {
  if (!existsSync(path)) throw new DataFileError(path, undefined, "No such file. Check the path to the captions.");
  if (statSync(path).isDirectory())
    throw new DataFileError(path, undefined, "Expected a file, got a folder. Pass one caption file.");
  const captions: Caption[] = [];
  const add = (caption: Caption) => {
    if (caption.text.trim() === "") onSkip("empty caption");
    else captions.push(caption);
  };
  if (await isJson(path)) {
    for await (const value of jsonValues(path)) for (const caption of captionsIn(path, value)) add(caption);
  } else {
    for await (const { text, number } of linesOf(path)) {
      const id = `${basename(path)}:${number}`;
      if (text.includes("\u0000"))
        throw new DataFileError(path, number, "Expected text, got binary data. Pass a caption file.");
      if (text.trim() !== "") captions.push({ id, text, source: id });
    }
  }
  if (captions.length === 0)
    throw new DataFileError(path, undefined, "Expected captions, got none. Pass a file with at least one.");
  return captions;
}

/** By suffix, else by the first character that is not blank. */
async function isJson(path: string): Promise<boolean> {
  const suffix = extname(path).toLowerCase();
  if ([".json", ".jsonl", ".ndjson"].includes(suffix)) return true;
  if ([".txt", ".text"].includes(suffix)) return false;
  for await (const { text } of linesOf(path)) if (text.trim() !== "") return /^\s*(?:\{|\[\s*(?:["{[]|$))/.test(text);
  return false;
}

function captionsIn(path: string, { value, line }: JsonValue): Caption[] {
  const fallback = `${basename(path)}:${line}`;
  if (typeof value === "string") return [{ id: fallback, text: value, source: fallback }];
  const entry = Entry.safeParse(value);
  if (!entry.success)
    throw new DataFileError(path, line, `Expected ${SHAPES}, got ${kindOf(value)}. Fix or remove that entry.`);
  const videos = Object.entries(entry.data);
  if (videos.length > 0 && videos.every(([, video]) => looksLikeVideo(video)))
    return videos.flatMap(([id, video]) => ofVideo(path, line, id, video));
  const coco = Coco.safeParse(value);
  if (coco.success) {
    return coco.data.annotations.map(({ image_id, caption }, i) => ({
      id: `${image_id}#${i}`,
      text: caption,
      source: image_id,
    }));
  }
  const texts = textsOf(entry.data);
  if (!texts) {
    const keys = Object.keys(entry.data).slice(0, 6).join(", ") || "no keys";
    throw new DataFileError(
      path,
      line,
      `Expected ${SHAPES}, got an object with ${keys}. Rename the caption field or remove that entry.`,
    );
  }
  const own = idAt(entry.data, ["id", "caption_id"]);
  const source = idAt(entry.data, SOURCE_KEYS) ?? own ?? fallback;
  const id = own ?? fallback;
  return texts.map((text, i) => ({ id: texts.length > 1 ? `${id}#${i}` : id, text, source }));
}

function looksLikeVideo(value: unknown): boolean {
  return typeof value === "object" && value !== null && "sentences" in value && "timestamps" in value;
}

function ofVideo(path: string, line: number, id: string, value: unknown): Caption[] {
  const video = ActivityNetVideo.safeParse(value);
  if (!video.success) {
    const issue = video.error.issues[0];
    throw new DataFileError(
      path,
      line,
      `Video "${id}": ${issue?.path.join(".")}: ${issue?.message}. Expected { duration, timestamps, sentences }.`,
    );
  }
  const { sentences, timestamps } = video.data;
  if (sentences.length !== timestamps.length) {
    throw new DataFileError(
      path,
      line,
      `Video "${id}": ${sentences.length} sentences but ${timestamps.length} timestamps. Give each sentence its span.`,
    );
  }
  return sentences.map((text, i) => {
    const [start, end] = timestamps[i] as [number, number];
    // A few hundred annotated spans are reversed; the two ends are still the two ends.
    return { id: `${id}#${i}`, text, source: id, span: { start: Math.min(start, end), end: Math.max(start, end) } };
  });
}

/** The caption texts of an entry; of a conversation, what the model says first. */
function textsOf(entry: Record<string, unknown>): string[] | undefined {
  for (const key of TEXT_KEYS) {
    const value = entry[key];
    if (key === "conversations" && value !== undefined) {
      const turns = Conversation.safeParse(value);
      const reply = turns.success ? turns.data.find(({ from }) => from === "gpt" || from === "assistant") : undefined;
      return reply ? [reply.value] : undefined;
    }
    if (typeof value === "string") return [value];
    if (Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === "string"))
      return value as string[];
  }
  return undefined;
}

function idAt(entry: Record<string, unknown>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const id = Id.safeParse(entry[key]);
    if (id.success && id.data !== "") return id.data;
  }
  return undefined;
}

function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
