/**
 * Which captions gave no question, and why: for whoever wants to know what of their data was of no use.
 */
import type { Caption } from "../../data/index.ts";
import type { T3Row } from "./row.ts";

/** A caption that no question is about, with the reasons of every attempt to lead with it. */
export type BarrenCaption = Readonly<{ caption: Caption; reasons: readonly string[] }>;

export type CaptionYield = Readonly<{
  onSkip(reason: string, caption: Caption | undefined): void;
  onRow(row: T3Row): void;
  /** Captions that no row is about, in order; those of padding lines count among them. */
  barren(captions: Iterable<Caption>): Generator<BarrenCaption>;
}>;

/** Why a caption is barren that no attempt has failed with: there were enough rows before its turn came. */
export const NOT_TRIED = "not tried";

/** Begin to follow captions through a synthesis. */
export function captionYield(): CaptionYield {
  const asked = new Set<string>();
  const failed = new Map<string, Set<string>>();
  return {
    onSkip(reason, caption) {
      if (!caption) return;
      const reasons = failed.get(caption.id) ?? new Set();
      failed.set(caption.id, reasons.add(reason));
    },
    onRow({ slots, captionIds = [] }) {
      for (const slot of slots) asked.add(captionIds[slot] as string);
    },
    *barren(captions) {
      for (const caption of captions) {
        if (asked.has(caption.id)) continue;
        yield { caption, reasons: [...(failed.get(caption.id) ?? [NOT_TRIED])] };
      }
    },
  };
}

/** Barren captions by reason. A caption with several reasons counts under each. */
export function countReasons(barren: Iterable<BarrenCaption>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { reasons } of barren) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
}
