/** Oracles: videos of our own, one of them broken, one missing; a model that says which frames it was shown. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ChatModel, framesOf, type Message, RequestError, scriptedModel, timedFrames } from "../chat/index.ts";
import { Rng } from "../core/math/index.ts";
import { orderScript, wholeVocabulary, writeWorldVideo } from "../world/index.ts";
import type { RunBenchmarkOptions } from "./benchmark-run.ts";
import { benchmarkTable, majorityReadings } from "./benchmark-table.ts";
import { type OpenBenchmark, tempCompassLike } from "./benchmarks/index.ts";
import { writeTempCompassFolder } from "./benchmarks/tempcompass-folder.fixture.ts";
import { checkBenchmark } from "./check-benchmark.ts";
import { estimateRun } from "./estimate-run.ts";
import { formatBenchmarkTable } from "./format-benchmark-table.ts";
import { framesOfLook, looks, watchVideo } from "./look.ts";
import { runBenchmark } from "./run-benchmark.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-run-benchmark-"));
let benchmark: OpenBenchmark;
beforeAll(async () => {
  writeTempCompassFolder(folder, ["one", "two", "broken", "absent"]);
  for (const video of ["one", "two"]) {
    await writeWorldVideo(join(folder, "videos", `${video}.mp4`), orderScript(new Rng(video), wholeVocabulary), {
      width: 64,
      height: 48,
    });
  }
  writeFileSync(join(folder, "videos", "broken.mp4"), "no video");
  benchmark = tempCompassLike("ours", "Ours").open(folder, "official");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Says the indices of the frames that it was shown, "0 3 6"; counts questions. */
function watchful(): ChatModel & { count: number } {
  const model = {
    ...scriptedModel(["x"], "watchful"),
    count: 0,
    generate: async (messages: readonly Message[]) => {
      model.count++;
      const text = framesOf(messages)
        .map(({ index }) => index)
        .join(" ");
      return { text, finish: "stop" as const, promptTokens: null, newTokens: null, logProbabilities: null };
    },
    generateMany: (conversations: readonly (readonly Message[])[]) =>
      Promise.all(conversations.map((each) => model.generate(each))),
  };
  return model;
}

const optionsOf = (model: ChatModel, output: string, more: Partial<RunBenchmarkOptions> = {}): RunBenchmarkOptions => ({
  benchmark,
  items: benchmark.items,
  data: folder,
  model,
  sampler: "linspace",
  frames: 4,
  looks,
  output: join(folder, output),
  seed: 1,
  ...more,
});

test("every look shows the same frames less something; missing and broken videos are named and not asked about", async () => {
  const run = await runBenchmark(optionsOf(watchful(), "looks"));
  const said = (look: (typeof looks)[number]) =>
    run.replies.get(look)?.get("yes_no/one/action/0")?.split(" ").map(Number) ?? [];
  const video = said("video");
  expect(video).toHaveLength(4);
  expect(said("reversed")).toEqual([...video].reverse());
  expect(said("single frame")).toEqual([video[2]]);
  expect(run.replies.get("blind")?.get("yes_no/one/action/0")).toBe("");
  expect([...said("shuffled")].sort((a, b) => a - b)).toEqual(video);
  expect(said("shuffled")).not.toEqual(video);
  for (const replies of run.replies.values()) expect(replies.size).toBe(16);
  expect(run.problems).toMatchObject([
    { what: "videos missing", names: ["absent"] },
    { what: "videos that cannot be read", names: [expect.stringContaining("broken")] },
  ]);
  expect(run.unasked).toBe(16);
});

test("a run goes on where it stopped and asks nothing twice; other settings want another folder", async () => {
  const stop = new AbortController();
  const first = watchful();
  const slow = {
    ...first,
    generateMany: async (list: readonly (readonly Message[])[]) => {
      const replies = await first.generateMany(list);
      stop.abort(new Error("stopped"));
      return replies;
    },
  };
  const two = benchmark.items.filter(({ video }) => video === "one");
  await runBenchmark(
    optionsOf(slow, "resume", { items: benchmark.items, looks: ["video"], signal: stop.signal }),
  ).catch(() => {});
  const second = watchful();
  const run = await runBenchmark(optionsOf(second, "resume", { looks: ["video"] }));
  expect(first.count + second.count).toBe(16);
  expect(run.replies.get("video")?.size).toBe(16);
  const third = watchful();
  await runBenchmark(optionsOf(third, "resume", { looks: ["video", "blind"] }));
  expect(third.count).toBe(16);
  await expect(runBenchmark(optionsOf(third, "resume", { looks: ["video"], frames: 8 }))).rejects.toThrow(
    /sampler "linspace 8"/,
  );
  await expect(runBenchmark(optionsOf(third, "resume", { looks: ["video"], items: two }))).rejects.toThrow(
    /another folder/i,
  );
});

test("a question that the model refuses is named, the others get through; a model that refuses all is an error", async () => {
  const model = watchful();
  const generate: ChatModel["generate"] = async (messages) => {
    const text = JSON.stringify(messages.at(-1)?.content.at(-1));
    if (text.includes("What comes first")) throw new RangeError("too long");
    return model.generate(messages);
  };
  const generateMany: ChatModel["generateMany"] = async (list) => Promise.all(list.map((each) => generate(each)));
  const run = await runBenchmark(optionsOf({ ...model, generate, generateMany }, "refuse", { looks: ["video"] }));
  expect(run.problems.at(-1)).toMatchObject({
    count: 2,
    names: ["multi-choice/one/order/0 (too long)", "multi-choice/two/order/0 (too long)"],
  });
  expect(run.replies.get("video")?.size).toBe(14);
  const never = () => Promise.reject(new RangeError("too long"));
  const all = runBenchmark(
    optionsOf({ ...model, generate: never, generateMany: never }, "never", { looks: ["video"] }),
  );
  await expect(all).rejects.toThrow(/refuses every question.*too long/);
  await expect(runBenchmark(optionsOf({ ...model, accepts: ["text"] }, "text"))).rejects.toThrow(/sees pictures/);
});

test("a plan counts what a run would show: the frames of every look, videos missing and broken (oracle: the run)", async () => {
  const shown: number[] = [];
  const model: ChatModel = {
    ...watchful(),
    planner: {
      context: 30,
      basis: "ten a frame",
      promptTokens: (messages) => 5 + 10 * framesOf(messages).length,
    },
  };
  const counting = { ...model, generateMany: countFrames(model, shown) };
  await runBenchmark(optionsOf(counting, "plan"));
  const price = { read: 1e6, written: 0 };
  const { onProgress: _, ...planned } = optionsOf(model, "unused");
  const { estimate, unasked } = await estimateRun({ ...planned, price });
  const frames = shown.reduce((sum, count) => sum + count, 0);
  // Sixteen questions about two videos; the other two videos are broken and missing.
  expect(estimate).toMatchObject({ questions: shown.length, frames, cost: 5 * shown.length + 10 * frames });
  expect(shown).toHaveLength(16 * looks.length);
  expect(unasked).toBe(16);
  expect(estimate).toMatchObject({ longest: 45 + benchmark.maxNewTokens, fits: false });
});

test("an error that every question would meet ends the run; replies before it are kept", async () => {
  const model = watchful();
  const generateMany: ChatModel["generateMany"] = async (list, { onReply } = {}) => {
    onReply?.(await model.generate(list[0] ?? []), 0);
    throw new RequestError("wrong key", { fault: "forbidden" });
  };
  const run = runBenchmark(optionsOf({ ...model, generateMany }, "forbidden", { looks: ["video"] }));
  await expect(run).rejects.toThrow("wrong key");
  expect(model.count).toBe(1);
  const second = await runBenchmark(optionsOf(model, "forbidden", { looks: ["video"] }));
  expect(second.replies.get("video")?.size).toBe(16);
  expect(model.count).toBe(16);
});

test("shuffled and reversed frames are told the clock of their places, and the file goes with the video alone", async () => {
  const told = new Map<string, Message[]>();
  const model = watchful();
  const generateMany: ChatModel["generateMany"] = (list, options) => {
    for (const messages of list) told.set(JSON.stringify(framesOf(messages).map(({ index }) => index)), [...messages]);
    return model.generateMany(list, options);
  };
  await runBenchmark(optionsOf({ ...model, generateMany }, "clock", { looks: ["video", "reversed", "shuffled"] }));
  const parts = [...told.values()].flatMap((messages) =>
    messages.flatMap(({ content }) => content.flatMap((part) => (part.type === "video" ? [part] : []))),
  );
  const isAscending = (list: readonly number[]) => list.every((value, i) => i === 0 || value > (list[i - 1] as number));
  expect(parts.filter(({ path }) => path !== undefined)).toHaveLength(2);
  for (const part of parts) {
    expect(isAscending(timedFrames(part).map(({ time }) => time))).toBe(true);
    expect(isAscending(part.frames.map(({ time }) => time))).toBe(part.path !== undefined);
  }
});

/** generateMany that notes how many frames each conversation shows. */
function countFrames(model: ChatModel, shown: number[]): ChatModel["generateMany"] {
  return (list, options) => {
    shown.push(...list.map((messages) => framesOf(messages).length));
    return model.generateMany(list, options);
  };
}

test("the table has a row a look and one for the majority; nothing asked is null, not zero", async () => {
  const model = scriptedModel({ "yes or no": "Yes.", "best option": "A" });
  const captions = benchmark.items.filter(({ isFreeText }) => !isFreeText);
  const { replies } = await runBenchmark(optionsOf(model, "table", { items: captions }));
  const table = benchmarkTable({ benchmark, items: captions, replies, majority: true, seed: 0 });
  expect(table.rows.map(({ look }) => look)).toEqual([...looks, "majority"]);
  const [video, blind] = table.rows;
  // Each task has as many items whose first option is right as others.
  expect(video?.default.all).toMatchObject({ n: 12, accuracy: 50, unparsed: 0 });
  expect(blind?.videoMinusThis?.value).toBe(0);
  expect(table.coverage).toEqual({ asked: 12, of: 32 });
  expect(formatBenchmarkTable(table)).toContain("12 of 32 items asked (37.5 %)");
  const empty = benchmarkTable({
    benchmark,
    items: captions,
    replies: new Map([["video", new Map()]]),
    majority: true,
    seed: 0,
  });
  expect(empty.rows[0]?.default.all).toMatchObject({ n: 0, accuracy: null, low: null });
});

test("the majority gives the most frequent gold letter of each task and is right as often as that letter is gold", () => {
  const readings = majorityReadings(benchmark.items.filter(({ groups }) => groups.task === "yes_no"));
  expect(readings.filter(({ reading }) => reading.kind === "read" && reading.correct)).toHaveLength(4);
  expect(majorityReadings(benchmark.items.filter(({ isFreeText }) => isFreeText))).toEqual([]);
});

test("a span limits the sampler to the frames that begin within it", async () => {
  const path = join(folder, "videos", "one.mp4");
  const { frames: all } = await watchVideo(path, { sampler: "linspace", frames: 64 });
  const span = { start: 1, end: 2 };
  const { frames: part } = await watchVideo(path, { sampler: "linspace", frames: 3, span });
  const within = all.filter(({ time }) => time >= span.start && time < span.end).map(({ index }) => index);
  expect(part.map(({ index }) => index)).toEqual([Math.min(...within), expect.any(Number), Math.max(...within)]);
  expect(framesOfLook("shuffled", part.slice(0, 1), new Rng(0))).toEqual(part.slice(0, 1));
});

test("a check counts what is there, opens it, and names what is missing, broken or unasked", async () => {
  await writeWorldVideo(join(folder, "videos", "stranger.mp4"), orderScript(new Rng(9), wholeVocabulary), {
    width: 64,
    height: 48,
  });
  const check = await checkBenchmark(benchmark, folder);
  expect(check.videos).toEqual({ wanted: 4, found: 3, unreadable: 1, damaged: 0, missing: 1, extra: 1 });
  expect(check).toMatchObject({ items: 32, askable: 16, groups: { task: { "multi-choice": 8 } } });
  expect(check.problems.map(({ names }) => names[0]?.split(" ")[0])).toEqual([
    "absent",
    "broken",
    join("videos", "stranger.mp4"),
  ]);
});
