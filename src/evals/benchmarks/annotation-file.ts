/**
 * JSON files of benchmarks: read, checked against a schema, and searched for keys that occur twice, which JSON.parse would
 * silently drop.
 */
import { existsSync, readFileSync } from "node:fs";
import type { z } from "zod";
import { DataFileError } from "../../data/index.ts";

export type AnnotationFile<T> = Readonly<{ value: T; repeatedKeys: readonly string[] }>;

/** Read a file. `depth` is how deep keys are compared (2: the keys of the top object and of its members). */
export function readAnnotations<T>(path: string, schema: z.ZodType<T>, depth = 2): AnnotationFile<T> {
  if (!existsSync(path)) throw new DataFileError(path, undefined, "Expected a JSON file, got none. Check the folder.");
  const text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new DataFileError(path, undefined, `Expected JSON: ${(error as Error).message}. Fetch the file again.`);
  }
  const result = schema.safeParse(raw);
  if (result.success) return { value: result.data, repeatedKeys: repeatedKeys(text, depth) };
  const issue = result.error.issues[0];
  throw new DataFileError(
    path,
    undefined,
    `At ${issue?.path.join(".") || "the top"}: ${issue?.message}. Fix or remove it.`,
  );
}

/** Keys of the first `depth` levels that stand twice in one object, as paths: "video", "video/aspect". */
export function repeatedKeys(text: string, depth: number): string[] {
  const open: { seen: Set<string> | null; key: string }[] = [];
  const repeated: string[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x7b || code === 0x5b) open.push({ seen: code === 0x7b ? new Set() : null, key: "" });
    else if (code === 0x7d || code === 0x5d) open.pop();
    if (code !== 0x22) continue;
    const end = stringEnd(text, i);
    const top = open.at(-1);
    if (top?.seen && open.length <= depth && isKey(text, end)) {
      top.key = JSON.parse(text.slice(i, end)) as string;
      if (top.seen.has(top.key)) repeated.push(open.map(({ key }) => key).join("/"));
      top.seen.add(top.key);
    }
    i = end - 1;
  }
  return repeated;
}

/** The index behind the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
  return text.length;
}

function isKey(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) if (!/\s/.test(text[i] as string)) return text[i] === ":";
  return false;
}
