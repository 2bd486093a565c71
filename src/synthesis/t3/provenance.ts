/**
 * Where a row comes from: everything that is needed to make it again or to trace it to its captions.
 */
import type { T3Row } from "./row.ts";

/** Who wrote the question, where that was a language model. */
export type Writer = Readonly<{ model: string; fingerprint: string; checkedBy: string }>;

export type T3Provenance = Readonly<{
  id: string;
  split: string;
  family: string;
  level: string;
  padding: number;
  seed: number | string;
  /** Caption and image or video of each context line; `slots` are the lines that the question is about. */
  captions: readonly string[];
  sources: readonly string[];
  slots: readonly number[];
  /** null where the question comes from a template. */
  writer: Writer | null;
}>;

/** The provenance of a row. */
export function provenanceOf(row: T3Row, made: Readonly<{ seed: number | string; writer?: Writer }>): T3Provenance {
  const { id, split, family, level, padding, captionIds = [], sourceIds, slots } = row;
  const { seed, writer = null } = made;
  return { id, split, family, level, padding, seed, captions: captionIds, sources: sourceIds, slots, writer };
}
