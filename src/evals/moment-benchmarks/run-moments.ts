/** Run a benchmark of moments on video files: what other benchmarks' runs do, with frames and prompts for questions about time. */
import type { ChatModel, Reply, TokenPrice } from "../../chat/index.ts";
import { decoderName } from "../../media/video/index.ts";
import { type Asked, type AskedVideos, askVideos, type ReplyLogs } from "../ask-videos.ts";
import { estimateQuestions, type RunEstimate } from "../estimate-run.ts";
import type { Look } from "../look.ts";
import { isFileSent, type LookLogs, openLookLogs, shownOf } from "../look-logs.ts";
import { docHash, hashOfAll, type RunConfig, rulesName, runConfig, settingsOfRules } from "../runs/index.ts";
import { momentAsker, momentText, plannedMoment, sendsFile } from "./moment-ask.ts";
import type { MomentItem, OpenMomentBenchmark } from "./moment-benchmark.ts";
import type { MomentManner } from "./moment-manner.ts";
import { momentRow, momentRules } from "./moment-row.ts";

/** A single frame has no order of time to lose, so it is no baseline here. */
export const momentLooks = ["video", "blind", "shuffled", "reversed"] as const satisfies readonly Look[];

export type RunMomentsOptions = Readonly<{
  benchmark: OpenMomentBenchmark;
  /** What is asked; the benchmark's items or some of them. */
  items: readonly MomentItem[];
  /** Folder of the benchmark's files. */
  data: string;
  model: ChatModel;
  manner: MomentManner;
  looks: readonly Look[];
  /** Folder of the run. */
  output: string;
  seed: number;
  signal?: AbortSignal;
  onProgress?: (done: number, problems: number) => void;
}>;

/** Ask what is not in the logs yet. Throws as askVideos does, and where a log was begun differently. */
export async function runMoments(options: RunMomentsOptions): Promise<AskedVideos> {
  const { manner, looks, output } = options;
  using logs = openLookLogs(looks, output, { configOf: (look) => configOf(look, options) });
  const { sampler, frames, maxNewTokens } = manner;
  const messages = momentAsker(manner);
  return await askVideos({ ...options, sampler, frames, maxNewTokens, messages, logs: replyLogs(logs, options) });
}

/** What the run would take; nothing is decoded, nobody is asked. */
export function estimateMoments({
  manner,
  ...options
}: Omit<RunMomentsOptions, "benchmark" | "output" | "seed" | "onProgress"> &
  Readonly<{ price: TokenPrice | null; onProgress?: (videos: number) => void }>): Promise<RunEstimate> {
  const { sampler, frames, maxNewTokens } = manner;
  const messages: Parameters<typeof estimateQuestions<MomentItem>>[0]["messages"] = (asked) =>
    plannedMoment(asked, manner);
  return estimateQuestions({ ...options, sampler, frames, maxNewTokens, messages });
}

function replyLogs(logs: LookLogs, { benchmark, model, manner }: RunMomentsOptions): ReplyLogs<MomentItem> {
  const places = new Map(benchmark.items.map(({ id }, place) => [id, place]));
  return {
    get done() {
      return logs.done;
    },
    has: ({ item, look }) => logs.of(look).done.has(item.id),
    append(asked: Asked<MomentItem>, reply: Reply) {
      const log = logs.of(asked.look);
      const isSent = sendsFile(manner) && isFileSent(model.shape, asked);
      const shown = shownOf(asked, isSent, log.config.fingerprint.parts);
      log.append([momentRow({ asked, reply, manner, shown, place: places.get(asked.item.id) as number })]);
    },
  };
}

const runTasks = { grounding: "grounding", highlights: "highlights", captioning: "captions" } as const;

/** What the replies of a look depend on. */
function configOf(look: Look, { benchmark, items, model, manner, seed, data }: RunMomentsOptions): RunConfig {
  const { name, task, truth } = benchmark;
  const { asks, shows, maxNewTokens, numbers } = manner;
  const rules = momentRules(manner);
  // Ranked windows are QVHighlights' own rows, whichever of its questions is asked.
  const isRanked = items.some(({ subject }) => subject.kind === "windows" || subject.kind === "saliency");
  return runConfig({
    ...{ task: isRanked ? "highlights" : runTasks[task], benchmark: name, look, model: model.name, seed },
    ...(isRanked && { metric: task === "highlights" ? "hit1" : "map" }),
    coverage: { samples: items.length, of: benchmark.items.length },
    settings: {
      ...{ data, truth, maxNewTokens, prompt: asks.prompt, numbers },
      ...(task === "captioning" ? { convention: "strict" } : settingsOfRules(rules)),
    },
    parts: {
      data: hashOfAll(items.map(({ subject }) => docHash(subject))),
      model: model.fingerprint,
      prompt: hashOfAll(items.map((item) => momentText(item, manner))),
      sampler: shows,
      decoder: decoderName(),
      shape: model.shape ?? null,
      generation: `at most ${maxNewTokens} tokens, temperature 0`,
      parser: task === "grounding" ? rulesName(rules) : task === "highlights" ? "numpro" : "vtimellm or timechat",
    },
  });
}
