/**
 * What statistics need of a row: small enough to keep ten thousand of them, where rows themselves pass by one at a time.
 */
import type { RunTask } from "./run-head.ts";
import { metricOf, type ParseStatus, type RunRow } from "./run-row.ts";

export type Outcome = Readonly<{
  id: string;
  video: string;
  /** Of the annotation and the target: the same sample in another run has the same. */
  docHash: string;
  status: ParseStatus;
  /** In [0, 1], CIDEr up to 10; null where the sample does not count. */
  values: Readonly<Record<string, number | null>>;
  groups: Readonly<Record<string, string>>;
}>;

/** The metric that a list of runs shows, by task. */
export const headlineMetrics: Readonly<Record<RunTask, string>> = {
  choice: "accuracy",
  grounding: "iou",
  highlights: "map",
  captions: "soda_c",
};

/** Metrics of moments that follow from the iou: a hit at a threshold. */
export const iouThresholds: Readonly<Record<string, number>> = { "iou@0.3": 0.3, "iou@0.5": 0.5, "iou@0.7": 0.7 };

export function outcomeOf(row: RunRow): Outcome {
  const values: Record<string, number | null> = {};
  for (const metric of row.metrics) values[metric] = metricOf(row, metric);
  const { iou } = values;
  if (iou !== undefined) {
    for (const [name, threshold] of Object.entries(iouThresholds)) {
      values[name] = iou === null ? null : Number(iou >= threshold);
    }
  }
  const { groups } = row.doc;
  return {
    id: row.doc.id,
    video: row.doc.video,
    docHash: `${row.doc_hash}/${row.target_hash}`,
    status: row.temporal.parse.status,
    values,
    groups: typeof groups === "object" && groups !== null ? (groups as Record<string, string>) : {},
  };
}

/** Replies by how they were read. */
export type StatusCounts = Readonly<Record<ParseStatus, number>>;

/** Counts one outcome after the other. */
export function countStatuses(outcomes: Iterable<Pick<Outcome, "status">>): StatusCounts {
  const counts = { read: 0, given: 0, unparsed: 0, unjudged: 0, missing: 0 };
  for (const { status } of outcomes) counts[status]++;
  return counts;
}
