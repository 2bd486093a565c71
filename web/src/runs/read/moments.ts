/**
 * Predicted moments of other tools (VTimeLLM, TimeChat, NumPro, QVHighlights, plain rows), matched with a file of annotations
 * where one was dropped too. The readers are those of `zoetrope score`; they read from the disk in memory.
 */
import { type MomentConvention, momentConventions } from "zoetrope/core/metrics";
import type { Span } from "zoetrope/core/time";
import {
  type MomentAnswer,
  type MomentQuery,
  readContent,
  readMomentAnnotations,
  readMomentPredictions,
} from "zoetrope/data/moments";
import { readMoment, textUnitsOf } from "zoetrope/evals/moments";
import type { Outcome } from "zoetrope/evals/runs/format";
import { placeFile, removeFiles } from "../../platform/node/fs.ts";
import { verdictOf } from "./run-log.ts";
import type { DroppedFile, StudioRun, StudioSample } from "./studio-run.ts";

export type Truth = Readonly<{ file: string; queries: readonly MomentQuery[] }>;

/** Run something with a dropped file on the disk in memory. */
function withFile<T>({ name, text }: DroppedFile, others: readonly DroppedFile[], use: (path: string) => T): T {
  const folder = "/dropped";
  for (const file of [...others, { name, text }])
    placeFile(`${folder}/${file.name}`, new TextEncoder().encode(file.text));
  try {
    return use(`${folder}/${name}`);
  } finally {
    removeFiles(folder);
  }
}

/** The annotations in a file, or null where it holds none. `others` may hold durations beside it. */
export function readTruth(file: DroppedFile, others: readonly DroppedFile[]): Truth | null {
  if (holdsPredictions(file.text)) return null;
  try {
    const csv = others.filter(({ name }) => name.endsWith(".csv"));
    const { queries } = withFile(file, csv, (path) => readMomentAnnotations(path));
    return { file: file.name, queries };
  } catch {
    // No layout of annotations fits; it is something else.
    return null;
  }
}

const predictionKeys =
  /"(?:pred_relevant_windows|pred_saliency_scores|response|answer|video_id|resps|prediction|reply)"\s*:/;

function holdsPredictions(text: string): boolean {
  const head = text.slice(0, 20_000);
  // TimeChat's predictions: { "3187": { "timestamp": [...], "vid": ... } }.
  return predictionKeys.test(head) || /"vid"\s*:\s*"[^"]*"\s*\}/.test(head);
}

/** The truth that most predictions of a file find their query in. */
export function readPredictions(file: DroppedFile, truths: readonly Truth[]): Omit<StudioRun, "id" | "figures"> {
  const tried = truths.map((truth) => {
    const read = withFile(file, [], (path) => readMomentPredictions(path, truth.queries));
    return { truth, read };
  });
  const best = tried.toSorted((a, b) => b.read.answers.size - a.read.answers.size)[0];
  if (best !== undefined && best.read.answers.size > 0) {
    const { read, truth } = best;
    const units = textUnitsOf(read.format);
    const isMissing = momentConventions[conventionOf(read.format)].missing === "miss";
    const samples = truth.queries.map((query) =>
      scored(query, read.answers.get(query.id) ?? null, { units, isMissing }),
    );
    const notes = read.problems.map(({ what, names }) => `${names.length} ${what}`);
    return described(file, read.format, samples, [`Truth: ${truth.file}`, ...notes]);
  }
  const loose = withFile(file, [], looseQueries);
  if (loose.length === 0) throw new Error(noLayout);
  const read = withFile(file, [], (path) => readMomentPredictions(path, loose));
  const units = textUnitsOf(read.format);
  const samples = loose.map((query) => scored(query, read.answers.get(query.id) ?? null, { units, isMissing: true }));
  const note = "No truth: drop the annotations too, and every prediction is scored.";
  return described(file, read.format, samples, [note]);
}

const noLayout =
  "Expected a run log, samples of lmms-eval, or predictions of VTimeLLM, TimeChat, NumPro, QVHighlights or TempCompass, got a layout that is none of them. docs/studio.md lists what can be dropped.";

/** As `zoetrope score` takes a file by its layout. */
function conventionOf(format: string): MomentConvention {
  return format === "timechat" || format === "numpro" || format === "vtimellm" ? format : "strict";
}

function described(
  file: DroppedFile,
  format: string,
  samples: readonly StudioSample[],
  notes: readonly string[],
): Omit<StudioRun, "id" | "figures"> {
  const model = file.name.replace(/\.(?:jsonl?|txt|log)$/, "");
  return { file: file.name, format, model, benchmark: "moments", headline: "iou", samples, fingerprint: null, notes };
}

type Scoring = Readonly<{
  units: ReturnType<typeof textUnitsOf>;
  /** A query without a prediction is a miss; else it counts nowhere. */
  isMissing: boolean;
}>;

function scored(query: MomentQuery, answer: MomentAnswer | null, { units, isMissing }: Scoring): StudioSample {
  const hasTruth = query.truths.length > 0;
  const read = answer === null ? null : readMoment(answer, query, { convention: "strict", units });
  const isRead = read?.kind === "read";
  const status = read === null ? "missing" : isRead ? (answer?.kind === "spans" ? "given" : "read") : "unparsed";
  const iou = hasTruth ? (isRead ? read.iou : 0) : null;
  const isCounted = hasTruth && (read !== null || isMissing);
  const values: Outcome["values"] = isCounted
    ? {
        iou,
        "iou@0.3": Number((iou ?? 0) >= 0.3),
        "iou@0.5": Number((iou ?? 0) >= 0.5),
        "iou@0.7": Number((iou ?? 0) >= 0.7),
      }
    : {};
  const spans = answer?.kind === "spans" ? answer.spans : isRead ? [turned(read.predicted)] : [];
  const duration = Number.isFinite(query.duration) ? query.duration : null;
  const outcome = { id: query.id, video: query.video, docHash: query.id, status, values, groups: {} } as const;
  const truths = hasTruth ? query.truths : null;
  return {
    id: query.id,
    video: query.video,
    duration,
    question: query.query,
    options: [],
    target: null,
    prompt: null,
    reply: answer?.kind === "text" ? answer.text : null,
    truths,
    predicted: spans,
    frames: null,
    rule: isRead ? (answer?.kind === "text" ? "our reader" : "spans of the file") : null,
    reason: read?.kind === "unread" ? read.reason : null,
    verdict: verdictOf({ outcome, truths, predicted: spans, duration, headline: "iou" }),
    outcome,
  };
}

function turned({ start, end, isReversed }: Span & Readonly<{ isReversed: boolean }>): Span {
  return isReversed ? { start: end, end: start } : { start, end };
}

/** Queries made of the predictions themselves, where no truth was dropped. */
function looseQueries(path: string): MomentQuery[] {
  const content = readContent(path);
  const rows: readonly (readonly [string, unknown])[] =
    content.kind === "rows"
      ? content.rows.map((row, i) => [String(i), row] as const)
      : Object.entries(content.value).map(([key, value]) => [key, value] as const);
  const seen = new Set<string>();
  return rows.flatMap(([key, row]) => {
    if (typeof row !== "object" || row === null) return [];
    const fields = row as Readonly<Record<string, unknown>>;
    const isLog = typeof fields.video_id === "string";
    const sentence = (fields.info as { sentence_id?: number } | undefined)?.sentence_id ?? 0;
    const own = fields.id ?? fields.qid ?? fields.query_id;
    const id = isLog
      ? `${fields.video_id}#${sentence}`
      : content.kind === "object"
        ? key
        : own === undefined
          ? null
          : String(own);
    const hasAnswer = isLog || answersIn(fields);
    if (id === null || !hasAnswer || seen.has(id)) return [];
    seen.add(id);
    const video = String(fields.vid ?? fields.video ?? fields.video_id ?? id);
    const query = typeof fields.query === "string" ? fields.query : id;
    return [
      { id, video, duration: typeof fields.duration === "number" ? fields.duration : Infinity, query, truths: [] },
    ];
  });
}

/** Text, windows, or a pair of numbers under the names that tools give them. */
function answersIn(fields: Readonly<Record<string, unknown>>): boolean {
  const isText = ["response", "answer", "text", "reply"].some((name) => typeof fields[name] === "string");
  const isList = ["pred_relevant_windows", "timestamp", "spans", "moments"].some((name) => Array.isArray(fields[name]));
  return isText || isList || (typeof fields.start === "number" && typeof fields.end === "number");
}
