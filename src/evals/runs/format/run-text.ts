/**
 * Lines of a run log to values, with a reason where a line is none. Whoever reads the file adds its name and the line.
 */
import type * as z from "zod";
import { type RunHead, runFormat, runHeadSchema, runVersion } from "./run-head.ts";
import { type RunRow, runRowSchema } from "./run-row.ts";

/** A value, or why there is none and, where it is not to repair the line, what to do. */
export type Parsed<T> = Readonly<{ ok: true; value: T } | { ok: false; reason: string; remedy?: string }>;

/** Logs of earlier versions, which `zoetrope runs import` brings over. */
const earlier = new Map([
  ["zoetrope-run/1", "a run log of an earlier version"],
  ["zoetrope-benchmark-run/1", "a benchmark's log of an earlier version"],
]);

/** The first line. */
export function parseRunHead(line: string): Parsed<RunHead> {
  const json = parseJson(line);
  if (!json.ok) return json;
  const { format, version } = (json.value ?? {}) as Readonly<Record<string, unknown>>;
  const old = earlier.get(`${format}/${version}`);
  if (old !== undefined)
    return { ok: false, reason: `it is that of ${old}`, remedy: 'Bring it over with "zoetrope runs import FILE".' };
  if (format !== runFormat) {
    const remedy = 'Logs of other tools come in with "zoetrope runs import FILE".';
    return { ok: false, reason: `it has no "format": "${runFormat}"`, remedy };
  }
  if (version !== runVersion) {
    const reason = `it has version ${version}, and this program reads ${runVersion}`;
    return { ok: false, reason, remedy: "Use the version of zoetrope that wrote it." };
  }
  return check(runHeadSchema, json.value);
}

/** Any line below it. */
export function parseRunRow(line: string): Parsed<RunRow> {
  return parseLineAs(runRowSchema, line);
}

/** A whole log; `line` counts from 1. */
export type RunText = Readonly<{
  head: RunHead;
  rows: readonly RunRow[];
  /** What follows the last line end: torn off by a crash, no sample. */
  torn: string;
}>;

/** Read a log that is in memory, such as a file dropped on a page. The reason of a failure names the line. */
export function readRunText(text: string): Parsed<RunText> {
  const lines = text.split("\n");
  const torn = lines.pop() ?? "";
  if (lines.length === 0) return { ok: false, reason: "line 1: it holds no whole line" };
  const head = parseRunHead(lines[0] as string);
  if (!head.ok) return { ok: false, reason: `line 1: ${head.reason}` };
  const rows: RunRow[] = [];
  for (const [i, line] of lines.slice(1).entries()) {
    const row = parseRunRow(line);
    if (!row.ok) return { ok: false, reason: `line ${i + 2}: ${row.reason}` };
    rows.push(row.value);
  }
  return { ok: true, value: { head: head.value, rows, torn } };
}

/** A line of JSON of a schema, as every log's lines are read. */
export function parseLineAs<T>(schema: z.ZodType<T>, line: string): Parsed<T> {
  const json = parseJson(line);
  return json.ok ? check(schema, json.value) : json;
}

function parseJson(line: string): Parsed<unknown> {
  try {
    return { ok: true, value: JSON.parse(line) };
  } catch (error) {
    // What V8 quotes of a line that is no text is no text either.
    const told = (error as Error).message.replace(/ in JSON at position.*$|, (?:\.\.\.)?".*$/s, "");
    return { ok: false, reason: `it is no JSON (${told.replace(/[^\x20-\x7e]/g, "?")})` };
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown): Parsed<T> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const issue = result.error.issues[0];
  return { ok: false, reason: `${issue?.path.join(".") || "the line"}: ${issue?.message}` };
}
