/**
 * Misses by what is wrong with them, and how far the figures would rise if every fault of a kind were mended.
 *
 * Spans are mended as diagnoseMoment says; answers that could not be read, and missing ones, would be as good as the mean of
 * those that could.
 */
import {
  bestIou,
  diagnoseMoment,
  type GroundingFigures,
  groundingFigures,
  type SpanFault,
  spanFaults,
} from "../../core/metrics/index.ts";
import { iouOf, type ScoredQuery } from "./scored-query.ts";

export type MomentFault = SpanFault | "refused" | "unparsable" | "missing";

/** Gains are in points of percent over all scored queries. */
export type FaultRow = Readonly<{
  fault: MomentFault;
  count: number;
  share: number;
  miouGain: number;
  r1At05Gain: number;
}>;

export const momentFaults: readonly MomentFault[] = [...spanFaults, "refused", "unparsable", "missing"];
/** Spans below this iou are misses. */
const hitFrom = 0.5;

/** A row for every kind of fault, also those that never occur. */
export function faultTable(scored: readonly ScoredQuery[]): FaultRow[] {
  const found = scored.map(faultOf);
  const ious = scored.map(({ read }) => iouOf(read));
  const typical = groundingFigures(scored.flatMap(({ read }) => (read.kind === "read" ? [read.iou] : [])));
  const before = groundingFigures(ious);
  const n = scored.length;
  return momentFaults.map((fault) => {
    const at = found.flatMap((each, i) => (each?.fault === fault ? [i] : []));
    const isUnread = fault === "refused" || fault === "unparsable" || fault === "missing";
    const gain = isUnread ? unreadGain(at.length, n, typical) : mendedGain(at, { ious, found, before });
    return { fault, count: at.length, share: n === 0 ? 0 : at.length / n, ...gain };
  });
}

type Found = Readonly<{ fault: MomentFault; mended: number }> | null;

function faultOf({ query, read }: ScoredQuery): Found {
  if (read.kind === "missing") return { fault: "missing", mended: 0 };
  if (read.kind === "unread") return { fault: read.reason === "refused" ? "refused" : "unparsable", mended: 0 };
  if (read.iou >= hitFrom || query.truths.length === 0) return null;
  const { predicted } = read;
  const { fault, repaired } = diagnoseMoment({ predicted, truths: query.truths, duration: query.duration });
  return { fault, mended: bestIou(repaired, query.truths) };
}

function unreadGain(count: number, n: number, typical: GroundingFigures) {
  const part = n === 0 ? 0 : count / n;
  return { miouGain: part * (typical.miou ?? 0), r1At05Gain: part * (typical.r1At05 ?? 0) };
}

function mendedGain(
  at: readonly number[],
  { ious, found, before }: { ious: readonly number[]; found: readonly Found[]; before: GroundingFigures },
) {
  const mended = [...ious];
  for (const i of at) mended[i] = Math.max(mended[i] as number, (found[i] as NonNullable<Found>).mended);
  const after = groundingFigures(mended);
  return {
    miouGain: (after.miou ?? 0) - (before.miou ?? 0),
    r1At05Gain: (after.r1At05 ?? 0) - (before.r1At05 ?? 0),
  };
}
