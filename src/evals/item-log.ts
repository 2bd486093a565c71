/**
 * The logs of a benchmark's run: a reply goes to the log of its look, read by the profile's rule.
 */
import type { Reply } from "../chat/index.ts";
import { decoderName } from "../media/video/index.ts";
import type { ReplyLogs } from "./ask-videos.ts";
import type { AskedItem, RunBenchmarkOptions } from "./benchmark-run.ts";
import { type BenchmarkItem, readReply } from "./benchmarks/index.ts";
import type { Look } from "./look.ts";
import { isFileSent, openLookLogs, shownOf } from "./look-logs.ts";
import { docHash, hashOfAll, itemRow, type RunConfig, replyOf, runConfig } from "./runs/index.ts";

export type ItemLogs = Disposable &
  ReplyLogs<BenchmarkItem> &
  Readonly<{
    /** Replies to this run's items by look and item. */
    replies(): ReadonlyMap<Look, ReadonlyMap<string, string>>;
  }>;

/** Open the logs of all looks. Throws where one was begun differently, or holds an item in another wording. */
export function openItemLogs(options: RunBenchmarkOptions): ItemLogs {
  const { benchmark, items, looks, model } = options;
  const places = new Map(benchmark.items.map(({ id }, place) => [id, place]));
  const known = new Set(items.map(({ id }) => id));
  const replies = new Map(looks.map((look) => [look, new Map<string, string>()]));
  const logs = openLookLogs(looks, options.output, {
    configOf: (look) => configOf(look, options),
    onRow(look, row) {
      const reply = replyOf(row);
      if (known.has(row.doc.id) && typeof reply === "string") replies.get(look)?.set(row.doc.id, reply);
    },
  });
  return {
    get done() {
      return logs.done;
    },
    has: ({ item, look }) => logs.of(look).done.has(item.id),
    append(asked: AskedItem, { text, finish, promptTokens, newTokens }: Reply) {
      const { item, look, media } = asked;
      const log = logs.of(look);
      const shown = shownOf(asked, isFileSent(model.shape, asked), log.config.fingerprint.parts);
      const row = itemRow({
        item,
        place: places.get(item.id) as number,
        reading: readReply(item, benchmark.profile, text),
        generation: { max_new_tokens: benchmark.maxNewTokens, temperature: 0 },
        reply: text,
        ...{ promptTokens, newTokens },
        temporal: { ...shown, media, finish },
      });
      log.append([row]);
      replies.get(look)?.set(item.id, text);
    },
    replies: () => replies,
    [Symbol.dispose]: () => logs[Symbol.dispose](),
  };
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
