/** A query that counts in the scores, with what became of its answer. */
import type { MomentQuery } from "../../data/index.ts";
import type { ReadMoment } from "./read-moment.ts";

export type ScoredQuery = Readonly<{ query: MomentQuery; read: ReadMoment | Readonly<{ kind: "missing" }> }>;

/** 0 where there is no span. */
export function iouOf(read: ScoredQuery["read"]): number {
  return read.kind === "read" ? read.iou : 0;
}
