/**
 * Run a benchmark on video files: every video is decoded once and shown to the model in every look that is asked for.
 *
 * Missing and broken videos and questions that the model refuses (too long, say) are counted and named, not logged, and
 * asked again at the next call. No look is asked about a video that cannot be shown, so that all are over the same items.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ChatModel, type Message, type Reply, userMessage } from "../chat/index.ts";
import { Rng } from "../core/math/index.ts";
import type { SamplerName } from "../media/sampling/index.ts";
import { type Frame, VideoError } from "../media/video/index.ts";
import { type BenchmarkRow, type BenchmarkRunConfig, benchmarkRunLog } from "./benchmark-run.ts";
import { type BenchmarkItem, type OpenBenchmark, type Problem, problem } from "./benchmarks/index.ts";
import { framesOfLook, type Look, watchVideo } from "./look.ts";
import { openRowLog, type RowLog } from "./row-log.ts";

export type RunBenchmarkOptions = Readonly<{
  benchmark: OpenBenchmark;
  /** What is asked; the benchmark's items or some of them. */
  items: readonly BenchmarkItem[];
  /** Folder of the benchmark's files. */
  data: string;
  model: ChatModel;
  sampler: SamplerName;
  /** Frames a video at most. */
  frames: number;
  looks: readonly Look[];
  /** Folder of the run. */
  output: string;
  seed: number;
  signal?: AbortSignal;
  onProgress?: (done: number, problems: number) => void;
}>;

export type BenchmarkRun = Readonly<{
  /** Replies by look and item id. */
  replies: ReadonlyMap<Look, ReadonlyMap<string, string>>;
  problems: readonly Problem[];
  /** Questions whose video could not be shown or that the model refused. */
  unasked: number;
}>;

type Log = RowLog<BenchmarkRunConfig, BenchmarkRow>;
type Asked = Readonly<{ item: BenchmarkItem; look: Look; frames: readonly Frame[] }>;

/** Conversations that go to the model together, unless so many videos are in memory first. */
const conversationsAtOnce = 64;
const videosAtOnce = 4;
/** So many refusals with no reply before them: the model cannot do this at all. */
const hopeless = 8;

/** Ask what is not in the logs yet. Throws the signal's reason when aborted, and where the model refuses everything. */
export async function runBenchmark(options: RunBenchmarkOptions): Promise<BenchmarkRun> {
  const { items, looks, model, data, sampler, frames, seed, signal, onProgress } = options;
  if (!model.accepts.includes("image") && looks.some((look) => look !== "blind")) {
    throw new Error(
      `Expected a model that sees pictures, got ${model.name}, which reads text only. Pass another --model.`,
    );
  }
  const logs = new Map(looks.map((look) => [look, openLog(look, options)]));
  const faults = { missing: [] as string[], broken: [] as string[], refused: [] as string[] };
  let pending: Asked[] = [];
  let videos = 0;
  let unasked = 0;
  const done = () => [...logs.values()].reduce((sum, log) => sum + log.rows.length, 0);
  const report = () => onProgress?.(done(), faults.missing.length + faults.broken.length + faults.refused.length);
  const flush = async () => {
    faults.refused.push(...(await ask(pending, logs, options)));
    if (faults.refused.length >= hopeless && done() === 0) {
      throw new Error(
        `${model.name} refuses every question, for example ${faults.refused[0]}. Pass fewer --frames or another --model.`,
      );
    }
    [pending, videos] = [[], 0];
    report();
  };
  try {
    report();
    for (const group of byVideo(items)) {
      const open = group.flatMap((item) => looks.map((look) => ({ item, look }))).filter(isOpen(logs));
      if (open.length === 0) continue;
      signal?.throwIfAborted();
      const first = group[0] as BenchmarkItem;
      const file = first.files.map((path) => join(data, path)).find((path) => existsSync(path));
      let seen: Frame[];
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
      const rng = new Rng(`look/${seed}/${first.video}`);
      pending.push(...open.map(({ item, look }) => ({ item, look, frames: framesOfLook(look, seen, rng.fork(look)) })));
      if (pending.length >= conversationsAtOnce || ++videos >= videosAtOnce) await flush();
    }
    if (pending.length > 0) await flush();
    const known = new Set(items.map(({ id }) => id));
    const replies = new Map(
      [...logs].map(([look, log]) => {
        const rows = log.rows.filter(({ id }) => known.has(id)).map(({ id, reply }) => [id, reply] as const);
        return [look, new Map(rows)];
      }),
    );
    return {
      replies,
      problems: [
        ...problem("videos missing", faults.missing),
        ...problem("videos that cannot be read", faults.broken),
        ...problem("questions that the model refused", faults.refused),
      ],
      unasked: unasked + new Set(faults.refused.map((text) => text.split(" ")[0])).size,
    };
  } finally {
    for (const log of logs.values()) log.close();
  }
}

/** Replies go to the logs; what the model refuses comes back by name. */
async function ask(
  asked: readonly Asked[],
  logs: ReadonlyMap<Look, Log>,
  options: RunBenchmarkOptions,
): Promise<string[]> {
  const { model, signal, benchmark, seed } = options;
  const sampling = { maxNewTokens: benchmark.maxNewTokens, seed, ...(signal && { signal }) };
  const conversations = asked.map(({ item, frames }): Message[] => [userMessage(item.prompt, frames)]);
  const refused: string[] = [];
  let replies: (Reply | null)[];
  try {
    replies = await model.generateMany(conversations, sampling);
  } catch (error) {
    signal?.throwIfAborted();
    // One question that does not fit spoils the batch: one by one, the others get through.
    replies = [];
    for (const [i, conversation] of conversations.entries()) {
      signal?.throwIfAborted();
      try {
        replies.push(await model.generate(conversation, sampling));
      } catch (reason) {
        signal?.throwIfAborted();
        refused.push(`${asked[i]?.item.id} (${reason instanceof Error ? reason.message : String(reason)})`);
        replies.push(null);
      }
      if (refused.length >= hopeless && replies.every((reply) => reply === null)) {
        throw new Error(`${model.name} refuses every question, for example ${refused[0]}`, { cause: error });
      }
    }
  }
  for (const look of options.looks) {
    const rows = asked.flatMap((each, i) => (each.look === look && replies[i] ? [rowOf(each, replies[i])] : []));
    logs.get(look)?.append(rows);
  }
  return refused;
}

function rowOf({ item, frames }: Asked, { text, finish }: Reply): BenchmarkRow {
  const seen = frames.map(({ time, index }) => ({ time, index }));
  return { id: item.id, video: item.video, prompt: item.prompt, reply: text, finish, frames: seen };
}

function openLog(look: Look, { benchmark, items, model, sampler, frames, output, seed }: RunBenchmarkOptions): Log {
  const config: BenchmarkRunConfig = {
    benchmark: benchmark.name,
    profile: benchmark.profile,
    model: model.name,
    fingerprint: model.fingerprint,
    sampler: `${sampler} ${frames}`,
    look,
    seed,
    maxNewTokens: benchmark.maxNewTokens,
    coverage: { questions: items.length, of: benchmark.items.length },
  };
  const log = openRowLog(join(output, `${look.replace(" ", "-")}.jsonl`), benchmarkRunLog, { config });
  const prompts = new Map(items.map(({ id, prompt }) => [id, prompt]));
  const changed = log.rows.find(({ id, prompt }) => prompts.get(id) !== prompt);
  if (changed === undefined) return log;
  log.close();
  throw new Error(
    `Expected ${log.path} to hold "${changed.id}" as it is asked now, got another wording or no such item. Pass another folder with -o.`,
  );
}

function isOpen(logs: ReadonlyMap<Look, Log>): (asked: Readonly<{ item: BenchmarkItem; look: Look }>) => boolean {
  const known = new Map([...logs].map(([look, log]) => [look, new Set(log.rows.map(({ id }) => id))]));
  return ({ item, look }) => !known.get(look)?.has(item.id);
}

/** Items that look at the same part of the same video, in order of the items. */
function byVideo(items: readonly BenchmarkItem[]): BenchmarkItem[][] {
  const groups = new Map<string, BenchmarkItem[]>();
  for (const item of items) {
    const key = `${item.video}\n${item.span ? `${item.span.start}-${item.span.end}` : ""}`;
    const list = groups.get(key);
    if (list) list.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
