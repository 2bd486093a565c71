/**
 * Predicted events by video: ActivityNet's submissions, TimeChat's files, VTimeLLM's logs, plain rows, replies in text.
 *
 * Nothing is dropped here but what belongs to no known video: events with odd spans or no words stay and are counted.
 */
import * as z from "zod";
import { DataFileError, type Problem, problem, readContent, type VideoMoments } from "../../data/index.ts";
import { type DenseReply, type PredictedEvent, readDenseReply } from "./dense-reply.ts";

export type DensePredictions = Readonly<{
  /** Known videos that the file predicts; a reply that could not be read is an empty list. */
  byVideo: ReadonlyMap<string, readonly PredictedEvent[]>;
  /** Videos whose reply could not be read. */
  unparsed: readonly string[];
  problems: readonly Problem[];
}>;

const fields = z.record(z.string(), z.unknown());
const name = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).replace(/\.(?:mp4|mkv|webm|avi|mov)$/i, ""));

/** Predictions for these videos; replies are read by readDenseReply. Throws DataFileError where the layout is none of the known ones. */
export function readDensePredictions(
  path: string,
  videos: readonly VideoMoments[],
  reading: Readonly<{ isStrict?: boolean }> = {},
): DensePredictions {
  const durations = new Map(videos.map(({ video, duration }) => [video, duration]));
  const byVideo = new Map<string, readonly PredictedEvent[]>();
  const [unknown, twice, faulty] = [new Set<string>(), new Set<string>(), [] as string[]];
  const unparsed = new Map<string, string>();
  const isFlat = new Set<string>();
  for (const { video, value, isEvent, row } of entries(path)) {
    const id = video === undefined ? undefined : idOf(video, durations);
    if (video === undefined) faulty.push(row);
    else if (id === undefined) unknown.add(video);
    else if (isEvent) {
      if (byVideo.has(id) && !isFlat.has(id)) twice.add(id);
      byVideo.set(id, [...(isFlat.has(id) ? (byVideo.get(id) ?? []) : []), eventOf(value)]);
      isFlat.add(id);
    } else {
      if (byVideo.has(id)) twice.add(id);
      unparsed.delete(id);
      const events = eventsOf(value, (reply) => readDenseReply(reply, durations.get(id) as number, reading));
      if (typeof events === "string") unparsed.set(id, events);
      byVideo.set(id, typeof events === "string" ? [] : events);
    }
  }
  if (byVideo.size === 0 && faulty.length > 0) {
    throw new DataFileError(
      path,
      undefined,
      `Expected predicted events by video, got none that fits (${faulty[0]}). Known are { "results": { VIDEO: [{ "timestamp": [s, e], ` +
        `"sentence" }] } }, the same without "results", VTimeLLM's logs, and rows { "video", "start", "end", "sentence" } or { "video", "reply" }.`,
    );
  }
  if (byVideo.size === 0 && unknown.size > 0) {
    const names = (ids: Iterable<string>) => [...ids].slice(0, 3).join(", ");
    throw new DataFileError(
      path,
      undefined,
      `Expected predictions of the annotated videos (${names(durations.keys())}, ...), got others (${names(unknown)}). Check that both files belong together.`,
    );
  }
  const reasons = [...new Set(unparsed.values())].slice(0, 3).join("; ");
  return {
    byVideo,
    unparsed: [...unparsed.keys()],
    problems: [
      ...problem("rows without a video (left out)", faulty),
      ...problem("predicted videos that the annotations do not have (left out)", [...unknown]),
      ...problem("videos predicted twice (the last counts)", [...twice]),
      ...problem(`replies that could not be read (${reasons}; they count as no events)`, [...unparsed.keys()]),
    ],
  };
}

type Entry = Readonly<{ video: string | undefined; value: unknown; isEvent: boolean; row: string }>;

function entries(path: string): Entry[] {
  const content = readContent(path);
  if (content.kind === "rows") return content.rows.flatMap(rowEntry);
  const results = fields.safeParse(content.value.results).data ?? content.value;
  // One row of JSON Lines is an object too.
  if (["video", "video_id", "vid"].some((key) => typeof results[key] === "string")) return rowEntry(results, 0);
  return Object.entries(results).map(([video, value]) => {
    return { video: name.parse(video), value, isEvent: false, row: video };
  });
}

function rowEntry(value: unknown, index: number): Entry[] {
  const row = fields.safeParse(value).data ?? {};
  // VTimeLLM's log holds grounding answers too.
  if ("task" in row && row.task !== "captioning") return [];
  const video = name.safeParse(row.video_id ?? row.video ?? row.vid ?? row.image_id ?? row.id).data;
  const isEvent = "start" in row || timesOf(row) !== undefined;
  return [{ video, value: row, isEvent, row: `row ${index + 1}` }];
}

/** ActivityNet's ids begin with "v_", and some files leave that out. */
function idOf(video: string, known: ReadonlyMap<string, number>): string | undefined {
  return [video, `v_${video}`, video.replace(/^v_/, "")].find((id) => known.has(id));
}

/** The events of a video, or why its reply cannot be read. */
function eventsOf(value: unknown, read: (reply: string) => DenseReply): readonly PredictedEvent[] | string {
  if (Array.isArray(value)) return value.map(eventOf);
  const row = fields.safeParse(value).data ?? {};
  for (const key of ["moments", "events", "predictions", "prediction"]) {
    if (Array.isArray(row[key])) return (row[key] as unknown[]).map(eventOf);
  }
  if (Array.isArray(row.timestamps) && Array.isArray(row.sentences)) {
    const { timestamps, sentences } = row as { timestamps: unknown[]; sentences: unknown[] };
    return timestamps.map((timestamp, i) => eventOf({ timestamp, sentence: sentences[i] }));
  }
  const text =
    typeof value === "string"
      ? value
      : ["answer", "reply", "response", "text", "prediction"]
          .map((key) => row[key])
          .find((each) => typeof each === "string");
  if (typeof text !== "string") return "neither a list of events nor text";
  const reply = read(text);
  return reply.kind === "unparsed" ? reply.reason : reply.events;
}

/** An event of a list; times that are no numbers are NaN, missing words are none. */
function eventOf(value: unknown): PredictedEvent {
  const row = fields.safeParse(value).data ?? {};
  const [start, end] = timesOf(row) ?? [row.start, row.end];
  const text = [row.sentence, row.caption, row.event, row.label, row.text].find((each) => typeof each === "string");
  const seconds = (each: unknown) => (typeof each === "number" ? each : Number.NaN);
  return { start: seconds(start), end: seconds(end), text: typeof text === "string" ? text : "" };
}

function timesOf(row: Readonly<Record<string, unknown>>): readonly unknown[] | undefined {
  return [row.timestamp, row.segment, row.span].find((each) => Array.isArray(each)) as readonly unknown[] | undefined;
}
