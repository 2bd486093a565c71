/** The answers that a model gives most often: a model that repeats one span has not looked. */
import type { ScoredQuery } from "./scored-query.ts";

/** Ends in whole seconds; share of all answers that were read. */
export type FrequentSpan = Readonly<{ start: number; end: number; count: number; share: number }>;

/** The most frequent first; spans given once are left out. */
export function frequentSpans(scored: readonly ScoredQuery[], shown = 3): FrequentSpan[] {
  const spans = new Map<string, { start: number; end: number; count: number }>();
  let total = 0;
  for (const { read } of scored) {
    if (read.kind !== "read") continue;
    total++;
    const [start, end] = [Math.round(read.predicted.start), Math.round(read.predicted.end)];
    const known = spans.get(`${start}-${end}`) ?? { start, end, count: 0 };
    known.count++;
    spans.set(`${start}-${end}`, known);
  }
  return [...spans.values()]
    .filter(({ count }) => count > 1)
    .sort((a, b) => b.count - a.count)
    .slice(0, shown)
    .map((span) => ({ ...span, share: span.count / total }));
}
