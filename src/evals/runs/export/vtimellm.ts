/** A row as a line of VTimeLLM's log (eval/eval.py): text as it came; spans without text in its two digits, hundredths of the video. */
import { hundredthAt } from "../../../core/time/index.ts";
import { metricOf, type RunRow, replyOf } from "../format/index.ts";

/** The line's value, or why there is none. */
export function vtimellmLine(row: RunRow): Readonly<Record<string, unknown>> | string {
  const { doc, temporal, doc_id } = row;
  if (temporal.parse.status === "missing") return "no reply";
  const duration = typeof doc.duration === "number" ? doc.duration : null;
  if (temporal.events_pred) {
    if (duration === null) return "no duration to count hundredths of";
    const events = temporal.events_pred.map(({ start, end, text }) => ({
      event: text,
      timestamps: `from ${digits(start, duration)} to ${digits(end, duration)}`,
    }));
    return { video_id: doc.video, task: "captioning", query_id: 0, answer: JSON.stringify(events), info: {} };
  }
  const reply = replyOf(row);
  const sentence = Number(/#(\d+)$/.exec(doc.id)?.[1] ?? doc_id);
  const info = { sentence_id: sentence, iou: metricOf(row, "iou") ?? 0 };
  const line = (answer: string) => ({ video_id: doc.video, task: "grounding", query_id: 0, answer, info });
  if (typeof reply === "string") return line(reply);
  const [first] = temporal.spans_pred ?? [];
  if (first === undefined) return "no span";
  if (duration === null) return "no duration to count hundredths of";
  return line(`From ${digits(first[0], duration)} to ${digits(first[1], duration)}.`);
}

/** 00 to 99. */
function digits(seconds: number | null | undefined, duration: number): string {
  return String(hundredthAt(seconds ?? 0, duration)).padStart(2, "0");
}
