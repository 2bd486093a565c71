/**
 * Annotations of moments in any of the field's layouts, told by their content: Charades-STA, ActivityNet Captions,
 * QVHighlights, TimeChat's grounding and dense captioning files, NumPro, and plain rows.
 */
import * as z from "zod";
import { type Problem, problem } from "../problem.ts";
import { DataFileError } from "../read-error.ts";
import { isCharadesSta, readCharadesSta } from "./charades-sta.ts";
import { readContent, readText } from "./file-content.ts";
import type { MomentFormat, MomentQuery } from "./moments.ts";

export type MomentAnnotations = Readonly<{
  format: MomentFormat;
  queries: readonly MomentQuery[];
  problems: readonly Problem[];
}>;

const id = z.union([z.string(), z.number()]).transform(String);
const ends = z.tuple([z.number(), z.number()]);
const captions = z.object({ duration: z.number(), timestamps: z.array(ends), sentences: z.array(z.string()) });
const timeChatGrounding = z.object({ image_id: z.string(), caption: z.string(), timestamp: ends, id });
const timeChatDense = z.object({
  image_id: z.string(),
  caption: z.string(),
  segments: z.array(ends),
  duration: z.number(),
  id,
});
const qvHighlights = z.object({
  qid: id,
  query: z.string(),
  vid: z.string(),
  duration: z.number(),
  relevant_windows: z.array(ends),
});
const numPro = z.object({
  id,
  video: z.string().optional(),
  query: z.string().optional(),
  start_time: z.number().optional(),
  end_time: z.number().optional(),
  gt_start: z.number().optional(),
  gt_end: z.number().optional(),
  duration: z.number(),
});
const plainQuery = z.object({
  id: id.optional(),
  video: z.string(),
  duration: z.number().optional(),
  query: z.string().optional(),
  label: z.string().optional(),
  start: z.number().optional(),
  end: z.number().optional(),
  spans: z.array(ends).optional(),
});
const plainVideo = z.object({
  video: z.string(),
  duration: z.number().optional(),
  moments: z.array(z.object({ start: z.number(), end: z.number(), label: z.string() })),
});

/**
 * All queries of a file. `durations` names Charades' csv. Ends in the wrong order are put in order and named. Throws
 * DataFileError where the layout is none of them or no row fits.
 */
export function readMomentAnnotations(path: string, { durations }: { durations?: string } = {}): MomentAnnotations {
  const read = isCharadesSta(readText(path))
    ? { format: "charades-sta" as const, ...readCharadesSta(path, durations) }
    : ofJson(path);
  const reversed = read.queries.filter(({ truths }) => truths.some(({ start, end }) => start > end));
  const beyond = read.queries.filter(({ truths, duration }) => truths.some(({ end }) => end > duration + tolerance));
  const ids = new Set<string>();
  const twice: string[] = [];
  const queries = read.queries.flatMap((query) => {
    if (ids.has(query.id)) twice.push(query.id);
    if (ids.has(query.id)) return [];
    ids.add(query.id);
    const truths = query.truths.map(({ start, end }) => ({ start: Math.min(start, end), end: Math.max(start, end) }));
    return [{ ...query, truths }];
  });
  if (queries.length === 0) {
    const first = read.problems[0];
    throw new DataFileError(
      path,
      undefined,
      `Expected annotated moments, got none that fits${first ? `: ${first.what}, ${first.names[0]}` : ""}. ${layouts}`,
    );
  }
  return {
    format: read.format,
    queries,
    problems: [
      ...read.problems,
      ...problem("annotations with the same id (the first counts)", twice),
      ...problem(
        "annotated spans whose end lies before their start (put in order)",
        reversed.map((query) => query.id),
      ),
      ...problem(
        "annotated spans that reach past the video (kept)",
        beyond.map((query) => query.id),
      ),
    ],
  };
}

/** Annotators' spans may overshoot by rounding; seconds. */
const tolerance = 1;
const layouts =
  "Known are Charades-STA's text, ActivityNet Captions', QVHighlights', TimeChat's and NumPro's JSON, and plain rows (docs/moments.md).";

function ofJson(path: string): MomentAnnotations {
  const content = readContent(path);
  if (content.kind === "object") {
    const { annotations } = content.value;
    if (Array.isArray(annotations)) return ofRows(annotations, [timeChatTruth, timeChatDenseTruth]);
    const videos = Object.entries(content.value);
    if (videos.some(([, video]) => typeof video === "object" && video !== null && "timestamps" in video))
      return ofVideos(videos);
    return ofRows([content.value], rowReaders);
  }
  return ofRows(content.rows, rowReaders);
}

type RowReader = (row: unknown, index: number) => Readonly<{ format: MomentFormat; queries: MomentQuery[] }> | null;

const timeChatTruth: RowReader = (row) => {
  const { data } = timeChatGrounding.safeParse(row);
  if (!data) return null;
  const video = videoName(data.image_id);
  const truths = [spanOf(data.timestamp)];
  return { format: "timechat", queries: [{ id: data.id, video, duration: Infinity, query: data.caption, truths }] };
};

/** One caption text for all segments, a pair of time tokens before each. */
const timeChatDenseTruth: RowReader = (row) => {
  const { data } = timeChatDense.safeParse(row);
  if (!data) return null;
  const texts = data.caption.split(/(?:<time_token_\d+>\s*){2}/).slice(1);
  const [video, duration] = [videoName(data.image_id), data.duration];
  const queries = data.segments.map((ends, i) => {
    return { id: `${data.id}#${i}`, video, duration, query: (texts[i] ?? "").trim(), truths: [spanOf(ends)] };
  });
  return { format: "timechat", queries };
};

const rowReaders: readonly RowReader[] = [
  (row) => {
    const { data } = qvHighlights.safeParse(row);
    if (!data) return null;
    const { qid, vid, duration, query, relevant_windows: windows } = data;
    return { format: "qvhighlights", queries: [{ id: qid, video: vid, duration, query, truths: windows.map(spanOf) }] };
  },
  (row) => {
    const { data } = numPro.safeParse(row);
    const [start, end] = [data?.start_time ?? data?.gt_start, data?.end_time ?? data?.gt_end];
    if (!data || start === undefined || end === undefined) return null;
    const video = videoName(data.video ?? data.id);
    const truths = [{ start, end }];
    return {
      format: "numpro",
      queries: [{ id: data.id, video, duration: data.duration, query: data.query ?? "", truths }],
    };
  },
  (row) => {
    const { data } = plainVideo.safeParse(row);
    if (!data) return null;
    const { video, duration = Infinity } = data;
    const queries = data.moments.map(({ start, end, label }, i) => {
      return { id: `${video}#${i}`, video, duration, query: label, truths: [{ start, end }] };
    });
    return { format: "zoetrope", queries };
  },
  (row, index) => {
    const { data } = plainQuery.safeParse(row);
    if (!data) return null;
    const { video, duration = Infinity, start, end } = data;
    const truths = data.spans?.map(spanOf) ?? (start !== undefined && end !== undefined ? [{ start, end }] : null);
    if (truths === null) return null;
    const query = data.query ?? data.label ?? "";
    return { format: "zoetrope", queries: [{ id: data.id ?? String(index), video, duration, query, truths }] };
  },
];

function ofRows(rows: readonly unknown[], readers: readonly RowReader[]): MomentAnnotations {
  const faulty: string[] = [];
  let format: MomentFormat = "zoetrope";
  const queries = rows.flatMap((row, i) => {
    for (const read of readers) {
      const result = read(row, i);
      if (result === null) continue;
      format = result.format;
      return result.queries;
    }
    faulty.push(`row ${i + 1}`);
    return [];
  });
  return { format, queries, problems: problem("annotation rows of no known layout (left out)", faulty) };
}

function ofVideos(videos: readonly (readonly [string, unknown])[]): MomentAnnotations {
  const faulty: string[] = [];
  const queries = videos.flatMap(([video, value]) => {
    const { data } = captions.safeParse(value);
    if (!data || data.sentences.length !== data.timestamps.length) {
      faulty.push(video);
      return [];
    }
    const { duration, sentences, timestamps } = data;
    return timestamps.map((ends, i) => {
      return { id: `${video}#${i}`, video, duration, query: (sentences[i] as string).trim(), truths: [spanOf(ends)] };
    });
  });
  const problems = problem("videos that are not { duration, timestamps, sentences } (left out)", faulty);
  return { format: "activitynet-captions", queries, problems };
}

function spanOf([start, end]: readonly [number, number]) {
  return { start, end };
}

/** The id of a video from its file name. */
export function videoName(file: string): string {
  return file.replace(/\.(?:mp4|mkv|webm|avi|mov)$/i, "");
}
