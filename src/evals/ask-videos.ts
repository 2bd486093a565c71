/**
 * Ask questions about video files: every video is decoded once and shown to the model in every look that is asked for. A reply is
 * in the log before the next one is waited for.
 *
 * Missing and broken videos and questions that the model refuses (too long, say) are counted and named, not logged, and
 * asked again at the next call. No look is asked about a video that cannot be shown, so that all are over the same items.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ChatModel, type Message, type Reply, stopsRun } from "../chat/index.ts";
import { Rng } from "../core/math/index.ts";
import type { Span } from "../core/time/index.ts";
import { type Problem, problem } from "../data/index.ts";
import type { Sampler, SamplerName } from "../media/sampling/index.ts";
import { type Frame, VideoError } from "../media/video/index.ts";
import { framesOfLook, type Look, type Watched, watchVideo } from "./look.ts";
import { type Media, mediaOf } from "./runs/index.ts";

/** What is asked about: a video, or a span of it, that lies under one of these paths below the data folder. */
export type VideoQuestion = Readonly<{ id: string; video: string; files: readonly string[]; span?: Span }>;

/** A question about to be asked, with what the model will see. Questions of one video and look share their frames. */
export type Asked<Item extends VideoQuestion> = Readonly<{
  item: Item;
  look: Look;
  /** In the order in which the look shows them. */
  frames: readonly Frame[];
  /** All that were sampled of the video, in their own order, whatever the look shows of them. */
  sampled: readonly Frame[];
  media: Media;
}>;

/** Where replies go: one place a look. */
export type ReplyLogs<Item extends VideoQuestion> = Readonly<{
  /** Replies in all logs. */
  done: number;
  has(asked: Pick<Asked<Item>, "item" | "look">): boolean;
  append(asked: Asked<Item>, reply: Reply): void;
}>;

export type AskVideosOptions<Item extends VideoQuestion> = Readonly<{
  items: readonly Item[];
  /** Folder of the benchmark's files. */
  data: string;
  model: ChatModel;
  looks: readonly Look[];
  sampler: SamplerName | Sampler;
  /** Frames a video at most. */
  frames: number;
  logs: ReplyLogs<Item>;
  messages: (asked: Asked<Item>) => readonly Message[];
  maxNewTokens: number;
  seed: number;
  signal?: AbortSignal;
  onProgress?: (done: number, problems: number) => void;
}>;

/** `unasked`: questions whose video could not be shown or that the model refused. */
export type AskedVideos = Readonly<{ problems: readonly Problem[]; unasked: number }>;

/** Conversations that go to the model together, unless so many videos are in memory first. */
const conversationsAtOnce = 64;
const videosAtOnce = 4;
/** So many refusals with no reply before them: the model cannot do this at all. */
const hopeless = 8;

/** Ask what is not in the logs yet. Throws the signal's reason when aborted, and where the model refuses everything or cannot be asked at all. */
export async function askVideos<Item extends VideoQuestion>(options: AskVideosOptions<Item>): Promise<AskedVideos> {
  const { items, looks, model, data, sampler, frames, logs, seed, signal, onProgress } = options;
  if (!model.accepts.includes("image") && looks.some((look) => look !== "blind")) {
    throw new Error(
      `Expected a model that sees pictures, got ${model.name}, which reads text only. Pass another --model.`,
    );
  }
  const faults = { missing: [] as string[], broken: [] as string[], refused: [] as string[] };
  let pending: Asked<Item>[] = [];
  let videos = 0;
  let unasked = 0;
  const report = () => onProgress?.(logs.done, faults.missing.length + faults.broken.length + faults.refused.length);
  const onReply = (asked: Asked<Item>, reply: Reply) => {
    logs.append(asked, reply);
    report();
  };
  const flush = async () => {
    faults.refused.push(...(await ask(pending, onReply, options)));
    if (faults.refused.length >= hopeless && logs.done === 0) {
      throw new Error(
        `${model.name} refuses every question, for example ${faults.refused[0]}. Pass fewer --frames or another --model.`,
      );
    }
    [pending, videos] = [[], 0];
    report();
  };
  report();
  for (const group of byVideo(items)) {
    const open = group.flatMap((item) => looks.map((look) => ({ item, look }))).filter((each) => !logs.has(each));
    if (open.length === 0) continue;
    signal?.throwIfAborted();
    const first = group[0] as Item;
    const file = fileOf(first, data);
    let seen: Watched;
    try {
      if (file === undefined) throw new VideoError(join(data, first.files[0] ?? first.video), "no such file", "");
      seen = await watchVideo(file, { sampler, frames, span: first.span });
    } catch (error) {
      if (!(error instanceof VideoError)) throw error;
      if (file === undefined) faults.missing.push(first.video);
      else faults.broken.push(`${first.video} (${error.message})`);
      unasked += new Set(open.map(({ item }) => item.id)).size;
      report();
      continue;
    }
    const media = mediaOf(file, { frames: seen.frameCount, duration: seen.duration });
    const rng = new Rng(`look/${seed}/${first.video}`);
    const shown = new Map(looks.map((look) => [look, framesOfLook(look, seen.frames, rng.fork(look))]));
    const sampled = seen.frames;
    pending.push(
      ...open.map(({ item, look }) => ({ item, look, media, sampled, frames: shown.get(look) as readonly Frame[] })),
    );
    if (pending.length >= conversationsAtOnce || ++videos >= videosAtOnce) await flush();
  }
  if (pending.length > 0) await flush();
  return {
    problems: [
      ...problem("videos missing", faults.missing),
      ...problem("videos that cannot be read", faults.broken),
      ...problem("questions that the model refused", faults.refused),
    ],
    unasked: unasked + new Set(faults.refused.map((text) => text.split(" ")[0])).size,
  };
}

/** The first of a question's files that is there. */
export function fileOf({ files }: Pick<VideoQuestion, "files">, data: string): string | undefined {
  return files.map((path) => join(data, path)).find((path) => existsSync(path));
}

/** Every reply is told once, as it comes; what the model refuses comes back by name. */
async function ask<Item extends VideoQuestion>(
  asked: readonly Asked<Item>[],
  onReply: (asked: Asked<Item>, reply: Reply) => void,
  { model, messages, maxNewTokens, signal, seed }: AskVideosOptions<Item>,
): Promise<string[]> {
  const sampling = { maxNewTokens, seed, ...(signal && { signal }) };
  const conversations = asked.map(messages);
  const answered = new Set<number>();
  const record = (reply: Reply, index: number) => {
    answered.add(index);
    onReply(asked[index] as Asked<Item>, reply);
  };
  const refused: string[] = [];
  try {
    const replies = await model.generateMany(conversations, { ...sampling, onReply: record });
    for (const [i, reply] of replies.entries()) if (!answered.has(i)) record(reply, i);
  } catch (error) {
    signal?.throwIfAborted();
    if (stopsRun(error)) throw error;
    // One question that does not fit spoils the batch: one by one, the others get through.
    for (const [i, conversation] of conversations.entries()) {
      if (answered.has(i)) continue;
      signal?.throwIfAborted();
      let reply: Reply;
      try {
        reply = await model.generate(conversation, sampling);
      } catch (reason) {
        signal?.throwIfAborted();
        if (stopsRun(reason)) throw reason;
        refused.push(`${asked[i]?.item.id} (${reason instanceof Error ? reason.message : String(reason)})`);
        if (refused.length >= hopeless && answered.size === 0) {
          throw new Error(`${model.name} refuses every question, for example ${refused[0]}`, { cause: error });
        }
        continue;
      }
      record(reply, i);
    }
  }
  return refused;
}

/** Items that look at the same part of the same video, in order of the items. */
function byVideo<Item extends VideoQuestion>(items: readonly Item[]): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = `${item.video}\n${item.span ? `${item.span.start}-${item.span.end}` : ""}`;
    const list = groups.get(key);
    if (list) list.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
