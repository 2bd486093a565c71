/**
 * Whose log is this? Told by content, from the text of a file: its first line where that is a row, else all of it.
 */

/**
 * - zoetrope: a run log of this version; zoetrope-1: one of an earlier version
 * - lmms-eval: sample log, a row a line (`*_samples_*.jsonl`)
 * - lmms-submission: lmms-eval's and TimeLens' { "VIDEO>>>QUERY>>>SPAN": REPLY }
 * - vtimellm: rows { video_id, task, answer, info }
 * - qvhighlights: rows with pred_relevant_windows or pred_saliency_scores
 * - timechat-grounding: { ID: { timestamp, query, vid } }; timechat-captions: { VIDEO: [{ timestamp, caption }] }
 * - etbench: annotation rows of E.T. Bench with an answer "a"
 * - numpro: rows { id, response, gt_start, gt_end }
 * - tempcompass: one task's { VIDEO: { ASPECT: [{ question, prediction }] } }
 */
export const foreignFormats = [
  "zoetrope",
  "zoetrope-1",
  "lmms-eval",
  "lmms-submission",
  "vtimellm",
  "qvhighlights",
  "timechat-grounding",
  "timechat-captions",
  "etbench",
  "numpro",
  "tempcompass",
] as const;
export type ForeignFormat = (typeof foreignFormats)[number];

type Fields = Readonly<Record<string, unknown>>;

/** The format of a log's text; null where it is none of those that are known. */
export function detectLog(text: string): ForeignFormat | null {
  const end = text.indexOf("\n");
  const first = fieldsOf(parse(withoutNaN(end === -1 ? text : text.slice(0, end))));
  if (first && end !== -1 && text.slice(end + 1).trim() !== "") return ofRow(first);
  const whole = first ?? parse(withoutNaN(text));
  if (Array.isArray(whole)) return ofRow(fieldsOf(whole[0]) ?? {});
  const value = fieldsOf(whole);
  return value ? (ofRow(value) ?? ofObject(value)) : null;
}

function ofRow(row: Fields): ForeignFormat | null {
  const has = (...keys: string[]) => keys.every((key) => key in row);
  if (row.format === "zoetrope-run") return row.version === 1 ? "zoetrope-1" : "zoetrope";
  if (row.format === "zoetrope-benchmark-run") return "zoetrope-1";
  if (has("doc_id") && (has("filtered_resps") || has("resps"))) return "lmms-eval";
  if (has("video_id", "task", "answer")) return "vtimellm";
  if (has("pred_relevant_windows") || has("pred_saliency_scores")) return "qvhighlights";
  if (has("idx", "task", "source", "video", "q")) return "etbench";
  if (has("response", "gt_start")) return "numpro";
  return null;
}

function ofObject(value: Fields): ForeignFormat | null {
  const [entry] = Object.entries(value);
  if (!entry) return null;
  const [key, inner] = entry;
  if (key.includes(">>>")) return "lmms-submission";
  if (Array.isArray(inner)) {
    const event = fieldsOf(inner[0]);
    return event && "timestamp" in event && ("caption" in event || "sentence" in event) ? "timechat-captions" : null;
  }
  const fields = fieldsOf(inner);
  if (!fields) return null;
  if ("timestamp" in fields) return "timechat-grounding";
  const row = fieldsOf((Object.values(fields)[0] as unknown[] | undefined)?.[0]);
  return row && "question" in row && ("prediction" in row || "response" in row) ? "tempcompass" : null;
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Python writes NaN and Infinity into JSON. */
function withoutNaN(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (part) => (part.startsWith('"') ? part : "null"));
}
