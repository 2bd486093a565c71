/**
 * What `doc` of a row holds, by task: enough to read and score the reply once more with nothing else at hand.
 */
import * as z from "zod";

const base = { id: z.string(), video: z.string() };
const duration = z.number().nullable();
const ends = z.tuple([z.number(), z.number()]);

export const choiceDoc = z.looseObject({
  ...base,
  /** Without letters; empty where the log does not tell them. */
  options: z.array(z.string()),
  /** -1: not known. */
  answer_index: z.number().int(),
  /** What scores are broken down by. */
  groups: z.record(z.string(), z.string()),
  /** What the benchmark's own readers need. */
  source: z.unknown().optional(),
});

/** True moments stand in `temporal.spans_gt`. */
export const groundingDoc = z.looseObject({ ...base, query: z.string(), duration });

/** A row of QVHighlights' annotations under its own keys. */
export const highlightsDoc = z.looseObject({
  ...base,
  query: z.string(),
  duration: z.number(),
  relevant_windows: z.array(ends).optional(),
  relevant_clip_ids: z.array(z.number()),
  saliency_scores: z.array(z.array(z.number())),
});

/** Events of the video by set of annotations (ActivityNet Captions has two). */
export const captionsDoc = z.looseObject({
  ...base,
  duration,
  references: z.array(z.array(z.object({ start: z.number(), end: z.number(), text: z.string() }))),
});

export type ChoiceDoc = Readonly<z.infer<typeof choiceDoc>>;
export type GroundingDoc = Readonly<z.infer<typeof groundingDoc>>;
export type HighlightsDoc = Readonly<z.infer<typeof highlightsDoc>>;
export type CaptionsDoc = Readonly<z.infer<typeof captionsDoc>>;
