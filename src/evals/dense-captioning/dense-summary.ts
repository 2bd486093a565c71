/** The headline figures of dense captions, as every command's `summary` has them. */
import { type DenseReport, denseMetrics } from "./score-dense.ts";

/** Percent (CIDEr: hundredths), with ends of intervals; `coverage` is predicted of all videos. */
export function denseSummary({ metrics, f1, n, unparsed, events, coverage }: DenseReport) {
  const values = Object.fromEntries(denseMetrics.map((metric) => [metric, metrics[metric].value]));
  const ends = denseMetrics.flatMap((metric) => [
    [`${metric}Low`, metrics[metric].low],
    [`${metric}High`, metrics[metric].high],
  ]);
  return {
    ...values,
    f1,
    n,
    unparsed,
    coverage: coverage.of === 0 ? null : coverage.predicted / coverage.of,
    ...coverage,
    trueEvents: events.truth,
    predictedEvents: events.predicted,
    ...Object.fromEntries(ends),
  };
}
