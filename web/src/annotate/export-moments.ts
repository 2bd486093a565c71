/** Moments in the layouts of the field, as text. */
import type { Moment } from "zoetrope/core/time";

export const exportFormats = ["qvhighlights", "activitynet-captions", "charades-sta", "sample"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const formatTexts: Readonly<Record<ExportFormat, Readonly<{ name: string; about: string; file: string }>>> = {
  qvhighlights: { name: "QVHighlights", about: "JSON Lines, windows by query", file: "qvhighlights.jsonl" },
  "activitynet-captions": {
    name: "ActivityNet Captions",
    about: "one JSON, sentences by video",
    file: "captions.json",
  },
  "charades-sta": { name: "Charades-STA", about: "a line a moment", file: "charades.txt" },
  sample: { name: "Plain rows", about: "for synth vtimellm, synth numpro and score moments", file: "moments.jsonl" },
};

export type Annotated = Readonly<{ video: string; duration: number; moments: readonly Moment[] }>;

/** The moments of one video as the text of a file. Times are rounded to milliseconds. */
export function exportMoments(format: ExportFormat, annotated: Annotated): string {
  const moments = annotated.moments.filter(({ label }) => label.trim() !== "");
  const given = { ...annotated, duration: round(annotated.duration), moments };
  switch (format) {
    case "qvhighlights":
      return lines(qvHighlights(given));
    case "activitynet-captions":
      return `${JSON.stringify({ [videoName(given.video)]: captions(given) }, null, 2)}\n`;
    case "charades-sta":
      return moments
        .map(({ start, end, label }) => `${videoName(given.video)} ${round(start)} ${round(end)}##${oneLine(label)}\n`)
        .join("");
    case "sample":
      return lines(
        moments.map(({ start, end, label }, i) => ({
          id: `${videoName(given.video)}#${i}`,
          video: given.video,
          duration: given.duration,
          query: label,
          start: round(start),
          end: round(end),
        })),
      );
    default:
      return format satisfies never;
  }
}

/** Clips of two seconds, as QVHighlights has them. */
const clip = 2;

/** A row a query, with all its windows. Saliency was not annotated: every clip that a window touches is rated alike. */
function qvHighlights({ video, duration, moments }: Annotated): unknown[] {
  const queries = [...new Set(moments.map(({ label }) => label))];
  return queries.map((query, qid) => {
    const windows = moments.filter(({ label }) => label === query).map(({ start, end }) => [round(start), round(end)]);
    const clips = Array.from({ length: Math.ceil(duration / clip) }, (_, i) => i);
    const relevant = clips.filter((i) =>
      windows.some(([start, end]) => (start as number) < (i + 1) * clip && (end as number) > i * clip),
    );
    return {
      qid,
      query,
      vid: videoName(video),
      duration,
      relevant_windows: windows,
      relevant_clip_ids: relevant,
      saliency_scores: relevant.map(() => [4, 4, 4]),
    };
  });
}

function captions({ duration, moments }: Annotated) {
  return {
    duration,
    timestamps: moments.map(({ start, end }) => [round(start), round(end)]),
    sentences: moments.map(({ label }) => label),
  };
}

function lines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** Data sets name videos without their ending. */
export function videoName(file: string): string {
  return file.replace(/\.(?:mp4|mkv|webm|avi|mov|m4v|ts)$/i, "");
}

function oneLine(label: string): string {
  return label.replace(/\s+/g, " ").trim();
}
