/**
 * Dense captions as rows of a run log, a row a video, and back.
 */
import type { VideoMoments } from "../../data/index.ts";
import type { DensePredictions, DenseReport, PredictedEvent } from "../dense-captioning/index.ts";
import { captionsDoc, type RunRow } from "./format/index.ts";
import { rowOfText, type TextReply } from "./highlights-row.ts";
import { finite, makeRow } from "./make-row.ts";

export type CaptionsReply = Readonly<{
  video: string;
  /** By set of annotations; undefined where a set lacks the video. */
  truths: readonly (VideoMoments | undefined)[];
  events: readonly PredictedEvent[] | undefined;
  isUnparsed: boolean;
  place: number;
  /** Of the video in percent, as scoreDense has them; undefined where the video does not count. */
  scores: DenseReport["videos"][number] | undefined;
  /** The reply in text, where one was read. */
  said?: TextReply;
}>;

/** The predicted events of a video as a row, with its scores as fractions (CIDEr up to 10). */
export function captionsRow({ video, truths, events, isUnparsed, place, scores, said }: CaptionsReply): RunRow {
  const duration = truths.find((set) => set !== undefined)?.duration ?? Infinity;
  const references = truths.map((set) =>
    (set?.moments ?? []).map(({ start, end, label }) => ({ start, end, text: label })),
  );
  const share = (metric: "sodaC" | "cider" | "meteor" | "recall" | "precision") =>
    scores === undefined ? null : scores[metric] / 100;
  const status = events === undefined ? "missing" : isUnparsed ? "unparsed" : "given";
  return makeRow({
    docId: place,
    doc: { id: video, video, duration: finite(duration), references },
    target: JSON.stringify(references[0] ?? []),
    ...rowOfText(said, ""),
    reply: said ? said.text : events === undefined ? undefined : null,
    metrics: {
      ...{ soda_c: share("sodaC"), cider: share("cider"), meteor: share("meteor") },
      ...{ recall: share("recall"), precision: share("precision") },
    },
    parse: said?.parse ?? {
      ...{ status, rule: null, raw: null },
      reason: isUnparsed ? "no list of events with times" : null,
    },
    temporal: {
      ...said?.temporal,
      spans_gt: (references[0] ?? []).map(({ start, end }): [number, number] => [start, end]),
      spans_pred: events?.map(({ start, end }) => [finite(start), finite(end)]) ?? null,
      ...(events && { events_pred: events.map(finiteEvent) }),
    },
  });
}

/** The annotations and predictions that rows hold, as dense captioning's scores take them. */
export function captionsOf(rows: Iterable<RunRow>): Readonly<{
  truths: readonly (readonly VideoMoments[])[];
  predictions: DensePredictions;
}> {
  const sets: VideoMoments[][] = [];
  const byVideo = new Map<string, readonly PredictedEvent[]>();
  const unparsed: string[] = [];
  for (const row of rows) {
    const doc = captionsDoc.safeParse(row.doc).data;
    if (!doc) throw new Error(`Expected a video with captions, got "${row.doc.id}", which is of another task.`);
    const { video, duration } = doc;
    for (const [i, events] of doc.references.entries()) {
      sets[i] ??= [];
      const moments = events.map(({ start, end, text }) => ({ start, end, label: text }));
      if (moments.length > 0 || i === 0) sets[i]?.push({ video, duration: duration ?? Infinity, moments });
    }
    const { parse, events_pred: events } = row.temporal;
    if (parse.status === "missing") continue;
    if (parse.status === "unparsed") unparsed.push(video);
    byVideo.set(
      video,
      (events ?? []).map(({ start, end, text }) => ({ start: start ?? Number.NaN, end: end ?? Number.NaN, text })),
    );
  }
  return { truths: sets, predictions: { byVideo, unparsed, problems: [] } };
}

function finiteEvent({ start, end, text }: PredictedEvent) {
  return { start: finite(start), end: finite(end), text };
}
