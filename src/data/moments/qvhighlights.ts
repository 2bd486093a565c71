/**
 * QVHighlights: queries with relevant windows and the saliency that three annotators gave to clips of two seconds; and
 * submissions with ranked windows, a score for every clip, or both.
 */
import * as z from "zod";
import { type Problem, problem } from "../problem.ts";
import { DataFileError } from "../read-error.ts";
import { readContent } from "./file-content.ts";

const window = z.tuple([z.number(), z.number()]);
const truthRow = z.object({
  qid: z.union([z.number(), z.string()]).transform(String),
  query: z.string(),
  vid: z.string(),
  duration: z.number(),
  relevant_windows: z.array(window).optional(),
  relevant_clip_ids: z.array(z.number()),
  saliency_scores: z.array(z.array(z.number())),
});
const number = z.union([z.number(), z.null().transform(() => Number.NaN)]);
const predictionRow = z.object({
  qid: z.union([z.number(), z.string()]).transform(String),
  pred_relevant_windows: z.array(z.array(number)).optional(),
  pred_saliency_scores: z.array(number).optional(),
});

export type HighlightTruth = z.infer<typeof truthRow>;
/** Ends and scores that the file does not give as numbers are NaN. */
export type HighlightPrediction = z.infer<typeof predictionRow>;

/** A file of queries. Throws DataFileError where none fits. */
export function readHighlightTruth(path: string) {
  return readRows(
    path,
    truthRow,
    "Expected queries of QVHighlights { qid, query, vid, duration, relevant_clip_ids, saliency_scores }",
  );
}

/** A file of predictions, by qid. Throws DataFileError where none fits. */
export function readHighlightPredictions(path: string) {
  return readRows(
    path,
    predictionRow,
    "Expected predictions of QVHighlights { qid, pred_relevant_windows, pred_saliency_scores }",
  );
}

type Rows<T> = Readonly<{ rows: ReadonlyMap<string, T>; problems: readonly Problem[] }>;

function readRows<T extends { qid: string }>(path: string, schema: z.ZodType<T>, expected: string): Rows<T> {
  const content = readContent(path);
  const rows = new Map<string, T>();
  const [faulty, twice]: [string[], string[]] = [[], []];
  (content.kind === "rows" ? content.rows : [content.value]).forEach((value, i) => {
    const result = schema.safeParse(value);
    if (!result.success) {
      const issue = result.error.issues[0];
      faulty.push(`row ${i + 1} (${issue?.path.join(".") || "row"}: ${issue?.message})`);
    } else if (rows.has(result.data.qid)) twice.push(result.data.qid);
    else rows.set(result.data.qid, result.data);
  });
  if (rows.size === 0) throw new DataFileError(path, undefined, `${expected}, got none: ${faulty[0] ?? "no rows"}.`);
  return {
    rows,
    problems: [
      ...problem("rows that do not fit QVHighlights' layout (left out)", faulty),
      ...problem("qids that occur twice (the first counts)", twice),
    ],
  };
}
