/** Samples that lmms-eval logs (`*_samples_TASK.jsonl`): its own metrics as they are, moments where a target has them. */

import { z } from "zod";
import { extractSpans } from "zoetrope/core/text";
import type { Span } from "zoetrope/core/time";
import type { Outcome } from "zoetrope/evals/runs/format";
import { verdictOf } from "./run-log.ts";
import type { DroppedFile, StudioRun, StudioSample } from "./studio-run.ts";

const row = z.looseObject({
  doc_id: z.union([z.number(), z.string()]),
  target: z.unknown(),
  filtered_resps: z.unknown(),
  resps: z.unknown().optional(),
  input: z.unknown().optional(),
  doc: z.record(z.string(), z.unknown()).optional(),
});
type Row = z.infer<typeof row>;

export function isLmmsEval(text: string): boolean {
  const head = text.slice(0, 20_000);
  return head.includes('"doc_id"') && head.includes('"filtered_resps"');
}

/** Throws an Error where no line fits. */
export function readLmmsEval({ name, text }: DroppedFile): Omit<StudioRun, "id" | "figures"> {
  let faulty = 0;
  const samples = text.split("\n").flatMap((line): StudioSample[] => {
    if (line.trim() === "") return [];
    const parsed = row.safeParse(jsonOf(line));
    if (!parsed.success) faulty++;
    return parsed.success ? [sampleOf(parsed.data)] : [];
  });
  if (samples.length === 0)
    throw new Error("Expected lines with doc_id, target and filtered_resps, got none that fits.");
  const task = /_samples_(.+)\.jsonl$/.exec(name)?.[1] ?? name.replace(/\.jsonl?$/, "");
  const metrics = samples[0]?.outcome.values ?? {};
  const headline = "iou" in metrics ? "iou" : (Object.keys(metrics)[0] ?? "score");
  return {
    file: name,
    format: "lmms-eval",
    model: /^(.+?)_samples_/.exec(name)?.[1] ?? "lmms-eval",
    benchmark: task,
    headline,
    samples,
    fingerprint: null,
    notes: faulty === 0 ? [] : [`${faulty} lines that do not fit were left out.`],
  };
}

const known = new Set([
  "doc_id",
  "doc_hash",
  "prompt_hash",
  "target_hash",
  "input_tokens",
  "output_tokens",
  "reasoning_tokens",
]);

function sampleOf(data: Row): StudioSample {
  const doc = data.doc ?? {};
  const reply = textOf(data.filtered_resps) ?? textOf(data.resps);
  const target = textOf(data.target);
  const duration = typeof doc.duration === "number" ? doc.duration : null;
  const truths = spansOf(data.target) ?? (target === null ? null : spansInText(target));
  const read = reply === null || truths === null ? null : extractSpans(reply, duration === null ? {} : { duration });
  const predicted =
    read === null ? null : read.kind === "unparsed" ? [] : read.spans.map(({ start, end }) => ({ start, end }));
  const values = metricsOf(data);
  const status = reply === null ? "missing" : read?.kind === "unparsed" ? "unparsed" : "read";
  const video = String(doc.video ?? doc.video_id ?? doc.videoID ?? doc.vid ?? data.doc_id);
  const id = String(data.doc_id);
  const outcome: Outcome = { id, video, docHash: String(data.doc_hash ?? id), status, values, groups: {} };
  const headline = "iou" in values ? "iou" : (Object.keys(values)[0] ?? "score");
  return {
    id,
    video,
    duration,
    question: String(doc.question ?? doc.caption ?? doc.query ?? textOf(data.input)?.split("\n")[0] ?? id),
    options: Array.isArray(doc.options) ? doc.options.map(String) : [],
    target,
    prompt: textOf(data.input),
    reply,
    truths,
    predicted,
    frames: null,
    rule: read?.kind === "spans" ? (read.spans[0]?.rule ?? null) : null,
    reason: read?.kind === "unparsed" ? read.reason : null,
    verdict: verdictOf({ outcome, truths, predicted, duration, headline }),
    outcome,
  };
}

/** Numbers and yes or no at the top of a row, and in an object such as { score: 1 } under a metric's name. */
function metricsOf(data: Row): Outcome["values"] {
  const values: Record<string, number> = {};
  for (const [name, value] of Object.entries(data)) {
    if (known.has(name)) continue;
    const inner = typeof value === "object" && value !== null && "score" in value ? value.score : value;
    if (typeof inner === "number" && Number.isFinite(inner)) values[name] = inner;
    else if (typeof inner === "boolean") values[name] = Number(inner);
  }
  return values;
}

function spansOf(value: unknown): Span[] | null {
  const one = z.tuple([z.number(), z.number()]).safeParse(value);
  if (one.success) return [{ start: one.data[0], end: one.data[1] }];
  const many = z
    .array(z.tuple([z.number(), z.number()]))
    .min(1)
    .safeParse(value);
  return many.success ? many.data.map(([start, end]) => ({ start, end })) : null;
}

/** "[24.3, 30.4]", as targets of lmms-eval's grounding tasks are printed. */
function spansInText(text: string): Span[] | null {
  return /^\s*[[(].*\d.*[\])]\s*$/.test(text) ? spansOf(jsonOf(text.replaceAll("(", "[").replaceAll(")", "]"))) : null;
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.length === 0 ? null : textOf(value[0]);
  return value === undefined || value === null ? null : JSON.stringify(value);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
