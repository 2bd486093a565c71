/** A question of a benchmark of moments as a message: the frames of a look, with numbers where the manner has them, and the prompt. */
import { type Message, userMessage } from "../../chat/index.ts";
import type { Frame } from "../../media/video/index.ts";
import {
  denseText,
  groundingText,
  highlightText,
  type ShownFrames,
  showFrames,
  shownVideo,
} from "../../tasks/index.ts";
import type { Asked } from "../ask-videos.ts";
import type { PlannedAsk } from "../estimate-run.ts";
import type { MomentItem } from "./moment-benchmark.ts";
import type { MomentManner } from "./moment-manner.ts";

/** The text of the user's turn; `times` are the seconds that the frames are told to have. */
export function momentText({ subject }: MomentItem, manner: MomentManner, times: readonly number[] = []): string {
  const { asks, numbers, style } = manner;
  const { color = "red" } = style;
  const inWords = typeof color === "string" ? color : "colored";
  const query =
    subject.kind === "captions" ? "" : subject.kind === "moment" ? subject.query.query : subject.truth.query;
  switch (asks.task) {
    case "grounding":
      return groundingText(query, { prompt: asks.prompt, numbers, color: inWords, times });
    case "highlights":
      return highlightText(query, { prompt: asks.prompt, color: inWords });
    case "captioning":
      return denseText(asks.prompt, times);
    default:
      return asks satisfies never;
  }
}

/** May the model get the file itself? Not where numbers of frames are asked for: they are those of the frames chosen here. */
export function sendsFile({ unit }: MomentManner): boolean {
  return unit !== "frames";
}

/** The seconds of the places that frames are shown at: in every look those of the video's own order. */
export function toldTimes({ sampled }: Pick<Asked<MomentItem>, "sampled">): number[] {
  return sampled.map(({ time }) => time);
}

/** Makes messages; numbers are drawn once for all questions about a video. */
export function momentAsker(manner: MomentManner): (asked: Asked<MomentItem>) => readonly Message[] {
  const known = new WeakMap<readonly Frame[], ShownFrames>();
  return (asked) => {
    const times = toldTimes(asked);
    const text = momentText(asked.item, manner, times);
    if (asked.look === "blind") return [userMessage(text)];
    const shown = known.get(asked.frames) ?? shownFrames(asked, manner, times);
    known.set(asked.frames, shown);
    return [userMessage(text, shownVideo(shown))];
  };
}

/** Numbers go by place: frames in another order get the numbers and the clock of their places. */
function shownFrames({ look, frames, media }: Asked<MomentItem>, manner: MomentManner, times: readonly number[]) {
  const { numbers, style, numberScale, fps } = manner;
  const isFile = look === "video" && sendsFile(manner);
  return showFrames(
    frames.map((frame, i) => ({ ...frame, time: times[i] ?? frame.time })),
    {
      ...{ duration: media.duration, numbers, style, numberScale },
      // A video of more frames than may be shown is spread, not taken at its rate.
      file: {
        frameCount: media.frames,
        ...(isFile && { path: media.file }),
        ...(fps !== undefined && frames.length < manner.frames && { fps }),
      },
    },
  );
}

/** The same for a plan: nothing is drawn. */
export function plannedMoment({ item, look, frames, duration }: PlannedAsk<MomentItem>, manner: MomentManner) {
  const text = momentText(
    item,
    manner,
    frames.map(({ time }) => time),
  );
  if (look === "blind") return [userMessage(text)];
  return [userMessage(text, { type: "video" as const, frames, duration })];
}
