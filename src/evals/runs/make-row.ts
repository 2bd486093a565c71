/**
 * A sample as a row of a run log: hashes, lmms-eval's keys, and what is known of the video.
 */
import type { RunRow } from "./format/index.ts";
import { docHash, sha256 } from "./run-config.ts";

type Temporal = RunRow["temporal"];

export type RowSource = Readonly<{
  /** Place in the benchmark. */
  docId: number;
  doc: RunRow["doc"];
  target: string;
  prompt: string;
  /** Settings of the reply by lmms-eval's names. */
  generation?: Readonly<Record<string, unknown>>;
  /** The reply as it came; undefined where there is none. */
  reply: unknown;
  /** What was scored. Default: the reply. */
  scored?: unknown;
  metrics: Readonly<Record<string, number | null>>;
  promptTokens?: number | null;
  newTokens?: number | null;
  parse: Temporal["parse"];
  /** What else is known; null where it is not named. */
  temporal?: Partial<Temporal>;
}>;

/** Frames as a row tells them. */
export function shownFrames(frames: readonly Readonly<{ time: number; index: number }>[]) {
  return frames.map(({ time, index }, i) => ({ i, pts: time, src_index: index }));
}

/** JSON has neither NaN nor Infinity: they are null in a row. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

export function makeRow(source: RowSource): RunRow {
  const { doc, target, prompt, generation = {}, reply, scored = reply, metrics, temporal = {} } = source;
  return {
    doc_id: source.docId,
    doc,
    target,
    input: prompt,
    arguments: [[prompt, generation]],
    resps: [reply === undefined ? [] : [reply]],
    filtered_resps: scored === undefined ? [] : [scored],
    doc_hash: docHash(doc),
    prompt_hash: sha256(prompt),
    target_hash: sha256(target),
    metrics: Object.keys(metrics),
    ...metrics,
    input_tokens: source.promptTokens ?? null,
    output_tokens: source.newTokens ?? null,
    temporal: {
      frames: null,
      sampler: null,
      decoder: null,
      clip: null,
      media: null,
      spans_pred: null,
      spans_gt: null,
      finish: null,
      ...temporal,
      parse: source.parse,
    },
  };
}
