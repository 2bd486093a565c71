/** Whether a file of predictions tells what happens (captions with times) or only when (moments of given queries). */
import * as z from "zod";
import { readContent } from "../../data/index.ts";

const fields = z.record(z.string(), z.unknown());

/** Which of the two tasks the file's rows belong to; logs can hold both. */
export function tasksInFile(path: string): Readonly<{ captioning: boolean; grounding: boolean }> {
  const content = readContent(path);
  const values = content.kind === "rows" ? content.rows : videosOf(content.value);
  const captioning = values.some(isCaptioned);
  return { captioning, grounding: values.some((value) => !isCaptioned(value)) };
}

function videosOf(value: Readonly<Record<string, unknown>>): unknown[] {
  const inner = fields.safeParse(value.results).data ?? value;
  return "video" in inner || "video_id" in inner ? [inner] : Object.values(inner);
}

function isCaptioned(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0 || value.some(isCaptioned);
  const row = fields.safeParse(value).data;
  if (!row) return false;
  if ("task" in row) return row.task === "captioning";
  if ([row.moments, row.events].some((list) => Array.isArray(list) && list.some(isCaptioned))) return true;
  const says = ["sentence", "caption", "event", "label", "sentences"].some((key) => key in row);
  // A query beside the times says what was asked, not what was told.
  return says && !("query" in row);
}
