/**
 * The logs of a run over questions about videos: one a look, in the run's folder.
 */
import { join } from "node:path";
import type { ShapeName } from "../chat/index.ts";
import type { Asked, VideoQuestion } from "./ask-videos.ts";
import type { Look } from "./look.ts";
import { openRunLog, type RunConfig, type RunLog, type RunRow, shownFrames } from "./runs/index.ts";

export type LookLogs = Disposable &
  Readonly<{
    of(look: Look): RunLog;
    /** Replies in all logs. */
    readonly done: number;
  }>;

/** The log of a look in a run's folder. */
export function logOfLook(output: string, look: Look): string {
  return join(output, `${look.replace(" ", "-")}.jsonl`);
}

/** Open the logs of all looks, or none where one cannot be. Throws where one was begun differently. */
export function openLookLogs(
  looks: readonly Look[],
  output: string,
  { configOf, onRow }: Readonly<{ configOf: (look: Look) => RunConfig; onRow?: (look: Look, row: RunRow) => void }>,
): LookLogs {
  const logs = new Map<Look, RunLog>();
  const close = () => {
    for (const log of logs.values()) log.close();
  };
  try {
    for (const look of looks) {
      const heard = onRow && { onRow: (row: RunRow) => onRow(look, row) };
      logs.set(look, openRunLog(logOfLook(output, look), configOf(look), heard));
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    of: (look) => logs.get(look) as RunLog,
    get done() {
      return [...logs.values()].reduce((sum, log) => sum + log.done.size, 0);
    },
    [Symbol.dispose]: close,
  };
}

/** What a row tells of the video that a question was asked about, beside media, reply and spans. */
export function shownOf(
  { item, frames }: Asked<VideoQuestion>,
  isFileSent: boolean,
  { sampler, decoder }: RunConfig["fingerprint"]["parts"],
): Pick<RunRow["temporal"], "frames" | "sampler" | "decoder" | "clip"> {
  return {
    ...(isFileSent
      ? { frames: null, sampler: "the server's", decoder: null }
      : { frames: shownFrames(frames), sampler, decoder }),
    clip: item.span ? [item.span.start, item.span.end] : null,
  };
}

/** Shapes whose server gets the file and chooses frames itself; those that take a file only whole. */
const fileShapes: readonly ShapeName[] = ["video-url", "sglang", "llama-server", "gemini"];
const wholeFileShapes: readonly ShapeName[] = ["video-url", "sglang", "llama-server"];

/** Does the server get this video as a file? Then nobody here knows which frames the model saw. */
export function isFileSent(
  shape: string | undefined,
  { item, look }: Pick<Asked<VideoQuestion>, "item" | "look">,
): boolean {
  const first = shape?.split(", ")[0];
  const isOneOf = (names: readonly string[]) => first !== undefined && names.includes(first);
  return look === "video" && isOneOf(fileShapes) && !(item.span && isOneOf(wholeFileShapes));
}
