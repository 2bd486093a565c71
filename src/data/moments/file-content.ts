/**
 * JSON as Python programs leave it: one value or one a line, with NaN and Infinity written out (they come as null here).
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { parseJsonAt } from "../json-text.ts";
import { DataFileError } from "../read-error.ts";

/** Rows with the line of each (0 where the file is one array), or the one object of the file. */
export type FileContent =
  | Readonly<{ kind: "rows"; rows: readonly unknown[] }>
  | Readonly<{ kind: "object"; value: Readonly<Record<string, unknown>> }>;

/** The text of a file without byte order mark. Throws DataFileError where there is none. */
export function readText(path: string): string {
  if (!existsSync(path))
    throw new DataFileError(path, undefined, "Expected a file, got nothing there. Check the path.");
  if (statSync(path).isDirectory())
    throw new DataFileError(path, undefined, "Expected a file, got a folder. Pass the file in it.");
  return readFileSync(path, "utf8").replace(/^\ufeff/, "");
}

/** The content of a JSON or JSON Lines file, whichever it is. Throws DataFileError with the line of a fault. */
export function readContent(path: string): FileContent {
  const text = withoutNaN(readText(path));
  if (text.trim() === "")
    throw new DataFileError(path, undefined, "Expected JSON, got an empty file. Pass one with rows.");
  const whole = tryParse(text);
  if (Array.isArray(whole)) return { kind: "rows", rows: whole };
  // A single line that is a row of JSON Lines reads as an object, and as a row where no object layout fits.
  if (typeof whole === "object" && whole !== null) return { kind: "object", value: whole as Record<string, unknown> };
  const lines = text.split("\n");
  const isOneValue = /^\s*[[{]\s*$/.test(lines.find((line) => line.trim() !== "") ?? "");
  if (isOneValue) parseJsonAt(path, text, 1);
  const rows = lines.flatMap((line, i) => (line.trim() === "" ? [] : [parseJsonAt(path, line, i + 1)]));
  return { kind: "rows", rows };
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutNaN(text: string): string {
  if (!/\b(?:NaN|Infinity)\b/.test(text)) return text;
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (part) => (part.startsWith('"') ? part : "null"));
}
