/**
 * Rows of VTimeLLM's first two stages: pictures with captions, and event lists asked in the templates of Box 3.
 */
import type { Rng } from "../../core/math/index.ts";
import { type EventList, eventSentence, eventWithin } from "./events.ts";
import type { VtimellmMeta, VtimellmRow, VtimellmTurn } from "./row.ts";
import { denseQuestions, eventQuestions, groundingQuestions } from "./templates.table.ts";

/** What stands for the frames in the first turn. */
export const videoToken = "<video>";

/** Stage 1: a picture as a video of one frame. The trainer learns the caption alone, the question is not shown to it (A4). */
export function stage1Row(picture: Readonly<{ id: string; image: string; caption: string }>): VtimellmRow {
  const { id, image, caption } = picture;
  return {
    id,
    image,
    conversations: [
      { from: "human", value: `${videoToken}\nDescribe the image.` },
      { from: "gpt", value: caption.trim() },
    ],
  };
}

export type Stage2Options = Readonly<{
  rng: Rng;
  source?: string;
  /** Share of single dense-captioning turns. Default 0.2 (A8). */
  denseShare?: number;
  /** How many of the ten templates of each kind are used, the first ones. Default all. */
  wordings?: number;
  /** "time-first" as in the released data: "From <s0> to <e0>, ..."; "event-first" as in the paper's Box 3. */
  layout?: "time-first" | "event-first";
}>;

/**
 * Stage 2: one fifth of the videos is asked for everything at once; the others are asked about every event in random order,
 * for its words or for its time.
 */
export function stage2Row({ video, duration, events }: EventList, options: Stage2Options): VtimellmRow {
  const { rng, source, denseShare = 0.2, wordings = 10, layout = "time-first" } = options;
  const labels = events.map(({ label }) => label);
  const turns = rng.chance(denseShare)
    ? [human(rng.pick(denseQuestions.slice(0, wordings))), gpt(denseAnswer(labels, layout))]
    : rng
        .shuffle(labels.map((label, i) => ({ label, i })))
        .flatMap(({ label, i }) => eventTurns(label, i, rng, wordings));
  return {
    ...(source !== undefined && { source }),
    id: video,
    conversations: withVideo(turns),
    meta: metaOf({ duration, events }),
  };
}

/** Every event with its time, in one answer. */
export function denseAnswer(labels: readonly string[], layout: "time-first" | "event-first"): string {
  const told = labels.map((label, i) => {
    if (layout === "time-first") return `From <s${i}> to <e${i}>, ${eventWithin(label)}.`;
    const sentence = eventSentence(label).replace(/\.$/, "");
    return `${sentence}, from <s${i}> to <e${i}>.`;
  });
  return told.join(" ");
}

/** A question about an event and its answer. */
function eventTurns(label: string, i: number, rng: Rng, wordings: number): VtimellmTurn[] {
  const isCaptioning = rng.chance(0.5);
  const template = rng.pick((isCaptioning ? eventQuestions : groundingQuestions).slice(0, wordings));
  const question = template
    .replaceAll("{s}", `<s${i}>`)
    .replaceAll("{e}", `<e${i}>`)
    // A function: labels may hold "$&".
    .replaceAll("{T}", () => eventWithin(label));
  return [human(question), gpt(isCaptioning ? eventSentence(label) : `From <s${i}> to <e${i}>.`)];
}

/** Seconds of the time tokens <s0>, <e0>, ... of events in order. */
export function metaOf({ duration, events }: Pick<EventList, "duration" | "events">): VtimellmMeta {
  const token = Object.fromEntries(
    events.flatMap(({ start, end }, i) => [
      [`<s${i}>`, start],
      [`<e${i}>`, end],
    ]),
  );
  return { duration, token };
}

/** The frames stand on a line of their own at the head of the first turn. */
export function withVideo(turns: readonly VtimellmTurn[]): VtimellmTurn[] {
  return turns.map((turn, i) => (i === 0 ? { ...turn, value: `${videoToken}\n${turn.value}` } : turn));
}

export function human(value: string): VtimellmTurn {
  return { from: "human", value };
}

export function gpt(value: string): VtimellmTurn {
  return { from: "gpt", value };
}
