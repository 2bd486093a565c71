/**
 * A line of a run log below the first: one sample, under the keys of lmms-eval's sample logs, and what a video adds in
 * `temporal`. Keys that are not named here are kept as they are. docs/runs.md tells the format field by field.
 */
import * as z from "zod";

/** A number, or null for what a file has as NaN or not at all. */
const maybe = z.number().nullable();
const ends = z.tuple([z.number(), z.number()]);

/** A frame that the model saw: its place in the request from 0, the container's seconds, its index in the file. */
export const shownFrameSchema = z.object({ i: z.number().int(), pts: z.number(), src_index: z.number().int() });

/** The file behind the frames. `hash` is SHA-256 over its length and its first and last MiB; `duration` in seconds. */
export const mediaSchema = z.object({
  file: z.string(),
  bytes: z.number().int(),
  hash: z.string(),
  frames: z.number().int(),
  duration: z.number(),
});

/**
 * read: a rule found an answer (or a judge decided). given: the file held spans, no text. unparsed: no rule found one, which
 * is wrong. unjudged: only a judge can say and none has, which counts nowhere. missing: there is no reply.
 */
export const parseStatuses = ["read", "given", "unparsed", "unjudged", "missing"] as const;

export const parseSchema = z.object({
  status: z.enum(parseStatuses),
  rule: z.string().nullable(),
  reason: z.string().nullable(),
  /** The part of the reply that was read. */
  raw: z.string().nullable(),
  /** Place of the option that was read, where the rule tells it. */
  choice: z.number().int().optional(),
});

const event = z.object({ start: maybe, end: maybe, text: z.string() });

export const temporalSchema = z.looseObject({
  /** null: not known. []: none were shown. */
  frames: z.array(shownFrameSchema).nullable(),
  sampler: z.string().nullable(),
  decoder: z.string().nullable(),
  /** The part of the video that was asked about, in seconds. */
  clip: ends.nullable(),
  media: mediaSchema.nullable(),
  /** Seconds: [start, end] or [start, end, score], as predicted, maybe reversed. */
  spans_pred: z.array(z.array(maybe).min(2).max(3)).nullable(),
  spans_gt: z.array(ends).nullable(),
  /** Predicted saliency of clips of two seconds. */
  saliency_pred: z.array(maybe).optional(),
  events_pred: z.array(event).optional(),
  /** Seconds that the numbers of a reply stand for, by number, where the model saw or was told numbers of frames. */
  frame_times: z.array(z.number()).optional(),
  /** What a judge decided; absent where none was asked. */
  verdict: z.boolean().optional(),
  parse: parseSchema,
  finish: z.enum(["stop", "length"]).nullable(),
});

export const runRowSchema = z.looseObject({
  /** Place in the benchmark, from 0. */
  doc_id: z.number().int(),
  /** The annotation, as the task needs it (docs.ts). `id` is unique in the run; intervals are clustered by `video`. */
  doc: z.looseObject({ id: z.string(), video: z.string() }),
  target: z.string(),
  /** The text of the user's turn. */
  input: z.string(),
  /** One request a list: the prompt once more, and the settings of the reply. */
  arguments: z.array(z.array(z.unknown())),
  /** Replies as they came, a list a request: [[]] where there is none, [[null]] where a file gives spans and no text. */
  resps: z.array(z.array(z.unknown())),
  /** What was scored. */
  filtered_resps: z.array(z.unknown()),
  /** SHA-256. */
  doc_hash: z.string(),
  prompt_hash: z.string(),
  target_hash: z.string(),
  /** Names of the keys of this row that are metrics; each is a number, or null where the sample does not count. */
  metrics: z.array(z.string()),
  input_tokens: z.number().nullable().optional(),
  output_tokens: z.number().nullable().optional(),
  temporal: temporalSchema,
});

export type ShownFrame = Readonly<z.infer<typeof shownFrameSchema>>;
export type Media = Readonly<z.infer<typeof mediaSchema>>;
export type ParseOutcome = Readonly<z.infer<typeof parseSchema>>;
export type ParseStatus = (typeof parseStatuses)[number];
export type RunRow = Readonly<z.infer<typeof runRowSchema>>;

/** The first reply to the sample as it came: text, or null, or what does not belong there; undefined where there is none. */
export function replyOf(row: RunRow): unknown {
  return row.resps[0]?.[0];
}

/** The value of one of a row's metrics; null where the sample does not count, or has no such metric. */
export function metricOf(row: RunRow, metric: string): number | null {
  const value = row[metric];
  return typeof value === "number" ? value : null;
}
