/**
 * Logs of other tools, by the importer of `zoetrope runs import`, which reads from the disk in memory; and predictions whose
 * annotations nobody dropped, which are shown without scores.
 */
import { type MomentQuery, readContent, readMomentAnnotations, readMomentPredictions } from "zoetrope/data/moments";
import { readMoment, textUnitsOf } from "zoetrope/evals/moments";
import { detectLog, type Outcome } from "zoetrope/evals/runs/format";
import { importLog } from "../../../../src/evals/runs/import/import-log.ts";
import { placeFile, removeFiles } from "../../platform/node/fs.ts";
import { type ReadRun, runOfRows } from "./run-log.ts";
import type { DroppedFile, StudioSample } from "./studio-run.ts";

const folder = "/dropped";

/** Run something with dropped files on the disk in memory. */
function withFiles<T>(files: readonly DroppedFile[], use: (path: (file: DroppedFile) => string) => T): T {
  const path = ({ name }: DroppedFile) => `${folder}/${name}`;
  for (const file of files) placeFile(path(file), new TextEncoder().encode(file.text));
  try {
    return use(path);
  } finally {
    removeFiles(folder);
  }
}

/** Does a file hold annotations of moments, and no predictions? `others` may hold durations beside it. */
export function isTruth(file: DroppedFile, others: readonly DroppedFile[]): boolean {
  if (detectLog(file.text) !== null || holdsReplies(file.text)) return false;
  try {
    const durations = others.filter(({ name }) => name.endsWith(".csv"));
    return withFiles([...durations, file], (path) => readMomentAnnotations(path(file)).queries.length > 0);
  } catch {
    // No layout of annotations fits; it is something else.
    return false;
  }
}

/** Plain rows of predictions have ids and text or spans, and no query. */
function holdsReplies(text: string): boolean {
  const head = text.slice(0, 20_000);
  return (
    /"(?:response|answer|reply|prediction)"\s*:/.test(head) ||
    (/"spans"\s*:/.test(head) && !/"(?:query|label)"\s*:/.test(head))
  );
}

/** A log as a run: with the truth that most of its predictions find their query in, or without any. */
export function readForeign(
  file: DroppedFile,
  truths: readonly DroppedFile[],
  others: readonly DroppedFile[],
): ReadRun {
  const format = detectLog(file.text);
  const isWhole = format === "lmms-eval" || format === "etbench" || format === "zoetrope-1";
  const candidates: readonly (DroppedFile | undefined)[] = isWhole ? [undefined] : truths;
  const faults: Error[] = [];
  const tried = candidates.flatMap((truth) => {
    try {
      return [{ truth, run: imported(file, truth, others) }];
    } catch (error) {
      faults.push(error as Error);
      return [];
    }
  });
  const matched = ({ run }: (typeof tried)[0]) =>
    run.samples.filter(({ outcome }) => outcome.status !== "missing").length;
  const best = tried.toSorted((a, b) => matched(b) - matched(a))[0];
  if (best !== undefined && matched(best) > 0) return best.run;
  if (isWhole && faults[0] !== undefined) throw faults[0];
  try {
    const loose = withoutTruth(file);
    if (loose !== null) return loose;
  } catch (error) {
    throw new Error(noLayout, { cause: error });
  }
  throw faults[0] ?? new Error(noLayout);
}

const noLayout =
  "Expected a run log, samples of lmms-eval, or predictions of VTimeLLM, TimeChat, NumPro, QVHighlights, E.T. Bench or TempCompass, got a layout that is none of them. Open the help for what can be dropped.";

function imported(file: DroppedFile, truth: DroppedFile | undefined, others: readonly DroppedFile[]): ReadRun {
  const durations = others.filter(({ name }) => name.endsWith(".csv"));
  return withFiles([file, ...durations, ...(truth ? [truth] : [])], (path) => {
    const model = /^(.+?)_samples_/.exec(file.name)?.[1];
    const { config, rows, problems } = importLog({ path: path(file), model, truth: truth && path(truth) });
    const format = config.imported?.format ?? "imported";
    const told = problems.map(({ what, names }) => `${names.length} ${what}`);
    const notes = [...(truth ? [`Truth: ${truth.name}`] : []), ...told];
    return runOfRows({ file: file.name, format, config, rows, notes });
  });
}

/** Predictions as they are; null where a file holds none. */
function withoutTruth(file: DroppedFile): ReadRun | null {
  return withFiles([file], (path) => {
    const queries = looseQueries(path(file));
    if (queries.length === 0) return null;
    const { answers, format } = readMomentPredictions(path(file), queries);
    const units = textUnitsOf(format);
    const samples = queries.map((query): StudioSample => {
      const answer = answers.get(query.id);
      const read = answer && readMoment(answer, query, { convention: "strict", units });
      const spans = answer?.kind === "spans" ? answer.spans : read?.kind === "read" ? [read.predicted] : [];
      const status = answer === undefined ? "missing" : read?.kind === "read" ? "given" : "unparsed";
      const outcome: Outcome = { id: query.id, video: query.video, docHash: query.id, status, values: {}, groups: {} };
      return {
        id: query.id,
        video: query.video,
        duration: Number.isFinite(query.duration) ? query.duration : null,
        question: query.query,
        options: [],
        target: null,
        prompt: null,
        reply: answer?.kind === "text" ? answer.text : null,
        truths: null,
        predicted: spans,
        frames: null,
        rule: null,
        reason: read?.kind === "unread" ? read.reason : null,
        verdict: status === "unparsed" ? "unparsed" : "not scored",
        outcome,
      };
    });
    return {
      file: file.name,
      format,
      model: file.name.replace(/\.(?:jsonl?|txt|log)$/, ""),
      benchmark: "moments",
      headline: "iou",
      samples,
      fingerprint: null,
      notes: ["No truth: drop the annotations too, and every prediction is scored."],
    };
  });
}

/** Queries made of the predictions themselves. */
function looseQueries(path: string): MomentQuery[] {
  const content = readContent(path);
  // A file of one line reads as an object, which may be a row.
  const isRow = content.kind === "object" && answersIn(content.value);
  const isKeyed = content.kind === "object" && !isRow;
  const listed = content.kind === "rows" ? content.rows : [content.value];
  const rows = isKeyed ? Object.entries(content.value) : listed.map((row, i) => [String(i), row] as const);
  const seen = new Set<string>();
  return rows.flatMap(([key, row]) => {
    if (typeof row !== "object" || row === null) return [];
    const fields = row as Readonly<Record<string, unknown>>;
    const isLog = typeof fields.video_id === "string";
    const sentence = (fields.info as { sentence_id?: number } | undefined)?.sentence_id ?? 0;
    const own = fields.id ?? fields.qid ?? fields.query_id;
    const id = isLog ? `${fields.video_id}#${sentence}` : isKeyed ? key : own === undefined ? null : String(own);
    if (id === null || !(isLog || answersIn(fields)) || seen.has(id)) return [];
    seen.add(id);
    const video = String(fields.vid ?? fields.video ?? fields.video_id ?? id);
    const query = typeof fields.query === "string" ? fields.query : id;
    const duration = typeof fields.duration === "number" ? fields.duration : Infinity;
    return [{ id, video, duration, query, truths: [] }];
  });
}

/** Text, windows, or a pair of numbers under the names that tools give them. */
function answersIn(fields: Readonly<Record<string, unknown>>): boolean {
  const isText = ["response", "answer", "text", "reply"].some((name) => typeof fields[name] === "string");
  const isList = ["pred_relevant_windows", "timestamp", "spans", "moments"].some((name) => Array.isArray(fields[name]));
  return isText || isList || (typeof fields.start === "number" && typeof fields.end === "number");
}
