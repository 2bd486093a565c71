/**
 * Predicted moments in the layouts of TimeChat, VTimeLLM, NumPro, QVHighlights and lmms-eval, and plain rows; each matched with
 * the query that it answers.
 *
 * A prediction is never judged here: reversed ends, NaN and text that may not be readable go on to the scores as they are.
 */
import * as z from "zod";
import { type Problem, problem } from "../problem.ts";
import { videoName } from "./annotations.ts";
import { type FileContent, readContent } from "./file-content.ts";
import type { MomentAnswer, MomentFormat, MomentQuery, RawSpan } from "./moments.ts";

export type MomentPredictions = Readonly<{
  format: MomentFormat;
  /** By id of the query. */
  answers: ReadonlyMap<string, MomentAnswer>;
  problems: readonly Problem[];
}>;

type Row = Readonly<{ id?: string; video?: string; query?: string; name: string; answer: MomentAnswer | null }>;

const idField = z.union([z.string(), z.number()]).transform(String);
const fields = z.record(z.string(), z.unknown());
const vtimellmRow = z.object({
  video_id: z.string(),
  task: z.string(),
  answer: z.string(),
  info: z.object({ sentence_id: z.number() }).partial().optional(),
});

/** Read a file of predictions for these queries. Throws DataFileError where it is no JSON. */
export function readMomentPredictions(path: string, queries: readonly MomentQuery[]): MomentPredictions {
  const { format, rows } = rowsOf(readContent(path));
  const byId = new Map(queries.map((query) => [query.id, query]));
  const byText = new Map(queries.map((query) => [textKey(query.video, query.query), query]));
  const answers = new Map<string, MomentAnswer>();
  const faults = { unknown: [] as string[], twice: [] as string[], empty: [] as string[] };
  for (const { id, video, query, name, answer } of rows) {
    const byName = video !== undefined && query !== undefined ? byText.get(textKey(video, query)) : undefined;
    const match = (id === undefined ? undefined : byId.get(id)) ?? byName;
    if (match === undefined) faults.unknown.push(id ?? name);
    else if (answers.has(match.id)) faults.twice.push(match.id);
    else {
      if (answer === null) faults.empty.push(match.id);
      answers.set(match.id, answer ?? { kind: "spans", spans: [] });
    }
  }
  const missing = queries.filter((query) => !answers.has(query.id)).map((query) => query.id);
  return {
    format,
    answers,
    problems: [
      ...problem("queries without a prediction", missing),
      ...problem("predictions of no known query (left out)", faults.unknown),
      ...problem("queries predicted twice (the first counts)", faults.twice),
      ...problem("predictions with neither spans nor text (unparsed)", faults.empty),
    ],
  };
}

function textKey(video: string, query: string): string {
  return `${videoName(video)}\n${query.trim().toLowerCase().replace(/\.$/, "")}`;
}

function rowsOf(content: FileContent): Readonly<{ format: MomentFormat; rows: readonly Row[] }> {
  if (content.kind === "rows") return ofRows(content.rows);
  const { value } = content;
  const entries = Object.entries(value);
  if ("id" in value || "qid" in value || "video_id" in value || "video" in value) return ofRows([value]);
  if (entries.some(([key]) => key.includes(">>>"))) return { format: "lmms-eval", rows: entries.map(lmmsRow) };
  const isTimeChat = entries.some(([, each]) => typeof each === "object" && each !== null && "timestamp" in each);
  const rows = entries.map(([id, each]): Row => {
    const { vid, query } = fields.safeParse(each).data ?? {};
    return { ...named(vid, query), id, name: id, answer: answerOf(each) };
  });
  return { format: isTimeChat ? "timechat" : "zoetrope", rows };
}

function ofRows(values: readonly unknown[]): Readonly<{ format: MomentFormat; rows: readonly Row[] }> {
  let format: MomentFormat = "zoetrope";
  const rows = values.flatMap((value, i): Row[] => {
    const name = `row ${i + 1}`;
    const log = vtimellmRow.safeParse(value).data;
    if (log) {
      format = "vtimellm";
      // Captions stand in the same log; they are another task's.
      if (log.task !== "grounding") return [];
      return [
        { id: `${log.video_id}#${log.info?.sentence_id ?? 0}`, name, answer: { kind: "text", text: log.answer } },
      ];
    }
    const row = fields.safeParse(value).data ?? {};
    if ("pred_relevant_windows" in row || "pred_saliency_scores" in row) format = "qvhighlights";
    else if ("response" in row && "gt_start" in row) format = "numpro";
    const id = idField.safeParse(row.id ?? row.qid ?? row.query_id).data;
    return [
      { ...named(row.video ?? row.vid, row.query), ...(id !== undefined && { id }), name, answer: answerOf(value) },
    ];
  });
  return { format, rows };
}

function named(video: unknown, query: unknown): Pick<Row, "video" | "query"> {
  return {
    ...(typeof video === "string" && { video: videoName(video) }),
    ...(typeof query === "string" && { query }),
  };
}

function lmmsRow([key, value]: readonly [string, unknown]): Row {
  const [video = "", ...rest] = key.split(">>>");
  return { video: videoName(video), query: rest.slice(0, -1).join(">>>"), name: key, answer: answerOf(value) };
}

/** Spans or text, from a value or from the fields that hold them; null of neither. */
function answerOf(value: unknown): MomentAnswer | null {
  if (typeof value === "string") return { kind: "text", text: value };
  if (Array.isArray(value)) return { kind: "spans", spans: rawSpans(value) };
  const row = fields.safeParse(value).data;
  if (!row) return null;
  for (const key of ["response", "answer", "text", "reply", "prediction"]) {
    if (typeof row[key] === "string") return { kind: "text", text: row[key] };
  }
  for (const key of ["pred_relevant_windows", "timestamp", "timestamps", "spans", "moments", "prediction"]) {
    if (Array.isArray(row[key])) return { kind: "spans", spans: rawSpans(row[key]) };
  }
  if ("start" in row && "end" in row) return { kind: "spans", spans: rawSpans([row]) };
  return null;
}

/** [[s, e], [s, e, score], { start, end }] or one [s, e]; what is no number is NaN. */
function rawSpans(values: readonly unknown[]): RawSpan[] {
  const isOne = values.length >= 2 && values.every((value) => typeof value === "number" || value === null);
  return (isOne ? [values] : values).map((value) => {
    const { start, end, score } = fields.safeParse(value).data ?? {};
    const [a, b, c] = Array.isArray(value) ? (value as unknown[]) : [start, end, score];
    const number = (each: unknown) => (typeof each === "number" ? each : Number.NaN);
    return { start: number(a), end: number(b), ...(typeof c === "number" && { score: c }) };
  });
}
