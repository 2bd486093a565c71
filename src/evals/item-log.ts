/**
 * The logs of a benchmark's run: one a look, in the run's folder. A reply goes to the log of its look, read by the profile's rule.
 */
import { join } from "node:path";
import type { Reply, ShapeName } from "../chat/index.ts";
import { decoderName } from "../media/video/index.ts";
import type { Asked, RunBenchmarkOptions } from "./benchmark-run.ts";
import { readReply } from "./benchmarks/index.ts";
import type { Look } from "./look.ts";
import {
  docHash,
  hashOfAll,
  itemRow,
  openRunLog,
  type RunConfig,
  type RunLog,
  replyOf,
  runConfig,
  shownFrames,
} from "./runs/index.ts";

export type ItemLogs = Disposable &
  Readonly<{
    /** Replies in all logs. */
    done: number;
    has(asked: Pick<Asked, "item" | "look">): boolean;
    append(asked: Asked, reply: Reply): void;
    /** Replies to this run's items by look and item. */
    replies(): ReadonlyMap<Look, ReadonlyMap<string, string>>;
  }>;

/** Open the logs of all looks. Throws where one was begun differently, or holds an item in another wording. */
export function openItemLogs(options: RunBenchmarkOptions): ItemLogs {
  const { benchmark, items, looks } = options;
  const places = new Map(benchmark.items.map(({ id }, place) => [id, place]));
  const known = new Set(items.map(({ id }) => id));
  const replies = new Map<Look, Map<string, string>>();
  const logs = new Map<Look, RunLog>();
  const close = () => {
    for (const log of logs.values()) log.close();
  };
  const logOf = (look: Look) => logs.get(look) as RunLog;
  try {
    for (const look of looks) {
      const said = new Map<string, string>();
      const log = openRunLog(join(options.output, `${look.replace(" ", "-")}.jsonl`), configOf(look, options), {
        onRow(row) {
          const reply = replyOf(row);
          if (known.has(row.doc.id) && typeof reply === "string") said.set(row.doc.id, reply);
        },
      });
      logs.set(look, log);
      replies.set(look, said);
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    get done() {
      return [...logs.values()].reduce((sum, log) => sum + log.done.size, 0);
    },
    has: ({ item, look }) => logOf(look).done.has(item.id),
    append({ item, look, frames, media }, { text, finish, promptTokens, newTokens }) {
      const log = logOf(look);
      const { sampler, decoder } = log.config.fingerprint.parts;
      const row = itemRow({
        item,
        place: places.get(item.id) as number,
        reading: readReply(item, benchmark.profile, text),
        generation: { max_new_tokens: benchmark.maxNewTokens, temperature: 0 },
        reply: text,
        ...{ promptTokens, newTokens },
        temporal: {
          ...(isFileSent(options.model.shape, { item, look })
            ? { frames: null, sampler: "the server's", decoder: null }
            : { frames: shownFrames(frames), sampler, decoder }),
          ...{ media, finish },
          clip: item.span ? [item.span.start, item.span.end] : null,
        },
      });
      log.append([row]);
      replies.get(look)?.set(item.id, text);
    },
    replies: () => replies,
    [Symbol.dispose]: close,
  };
}

/** Shapes whose server gets the file and chooses frames itself; those that take a file only whole. */
const fileShapes: readonly ShapeName[] = ["video-url", "sglang", "llama-server", "gemini"];
const wholeFileShapes: readonly ShapeName[] = ["video-url", "sglang", "llama-server"];

/** Does the server get this video as a file? Then nobody here knows which frames the model saw. */
function isFileSent(shape: string | undefined, { item, look }: Pick<Asked, "item" | "look">): boolean {
  const first = shape?.split(", ")[0];
  const isOneOf = (names: readonly string[]) => first !== undefined && names.includes(first);
  return look === "video" && isOneOf(fileShapes) && !(item.span && isOneOf(wholeFileShapes));
}

/** What the replies of a look depend on. */
function configOf(
  look: Look,
  { benchmark, items, model, sampler, frames, seed, data }: RunBenchmarkOptions,
): RunConfig {
  const { name, profile, maxNewTokens } = benchmark;
  return runConfig({
    ...{ task: "choice", benchmark: name, profile, look, model: model.name, seed },
    coverage: { samples: items.length, of: benchmark.items.length },
    settings: { data, maxNewTokens },
    parts: {
      data: hashOfAll(items.map(({ source }) => docHash(source))),
      model: model.fingerprint,
      prompt: hashOfAll(items.map(({ prompt }) => prompt)),
      sampler: `${sampler} ${frames}`,
      decoder: decoderName(),
      shape: model.shape ?? null,
      generation: `at most ${maxNewTokens} tokens, temperature 0`,
      parser: profile,
    },
  });
}
