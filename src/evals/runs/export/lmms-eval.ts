/** A row as lmms-eval saves samples (loggers/evaluation_tracker.py): without the annotation, `resps` left out where it says the same. */
import { metricOf, type RunRow } from "../format/index.ts";

/** The line's value, or why there is none. Metrics come as numbers and, as its tasks have them, as an object with ids and groups. */
export function lmmsEvalLine(row: RunRow): Readonly<Record<string, unknown>> | string {
  if (row.temporal.parse.status === "missing") return "no reply";
  const {
    doc,
    doc_id,
    input,
    target,
    filtered_resps: scored,
    resps,
    doc_hash,
    prompt_hash,
    target_hash,
    temporal,
  } = row;
  const { input_tokens, output_tokens } = row;
  const isSame = JSON.stringify(resps[0]) === JSON.stringify(scored);
  const metrics = row.metrics.map((name) => [name, metricOf(row, name)] as const);
  const [headline] = metrics;
  const groups = typeof doc.groups === "object" && doc.groups !== null ? doc.groups : {};
  const told = { question_id: doc.id, video: doc.video, ...groups, score: headline?.[1] ?? null };
  const submission =
    temporal.spans_gt === null || typeof doc.query !== "string"
      ? {}
      : { submission: { [`${doc.video}>>>${doc.query}>>>${JSON.stringify(temporal.spans_gt)}`]: scored[0] ?? "" } };
  return {
    ...{ doc_id, input, target, ...(isSame ? {} : { resps }), filtered_resps: scored },
    ...{ doc_hash, prompt_hash, target_hash },
    ...Object.fromEntries(metrics),
    zoetrope: told,
    ...submission,
    ...(typeof input_tokens === "number" && { input_tokens }),
    ...(typeof output_tokens === "number" && { output_tokens }),
    temporal,
  };
}
