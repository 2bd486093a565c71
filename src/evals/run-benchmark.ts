/** Run a benchmark of choices on video files: its questions asked in every look, its replies logged and given back. */
import { userMessage } from "../chat/index.ts";
import { askVideos } from "./ask-videos.ts";
import type { AskedItem, RunBenchmarkOptions } from "./benchmark-run.ts";
import type { Problem } from "./benchmarks/index.ts";
import { openItemLogs } from "./item-log.ts";
import { type Look, videoOfLook } from "./look.ts";

export type BenchmarkRun = Readonly<{
  /** Replies by look and item id. */
  replies: ReadonlyMap<Look, ReadonlyMap<string, string>>;
  problems: readonly Problem[];
  /** Questions whose video could not be shown or that the model refused. */
  unasked: number;
}>;

/** Ask what is not in the logs yet. Throws as askVideos does, and where a log was begun differently. */
export async function runBenchmark(options: RunBenchmarkOptions): Promise<BenchmarkRun> {
  using logs = openItemLogs(options);
  const { maxNewTokens } = options.benchmark;
  const asked = await askVideos({ ...options, logs, maxNewTokens, messages: conversationOf });
  return { replies: logs.replies(), ...asked };
}

function conversationOf({ item, look, frames, media }: AskedItem) {
  const { file, duration } = media;
  const shown = videoOfLook(look, frames, { path: file, span: item.span, duration, frameCount: media.frames });
  return [userMessage(item.prompt, shown)];
}
