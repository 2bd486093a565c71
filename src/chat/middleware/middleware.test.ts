import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { type RgbaImage, rgbaImage } from "../../media/image/index.ts";
import type { ChatModel, Reply } from "../chat-model.ts";
import { type Message, userMessage } from "../message.ts";
import { RequestError, retryAfterSeconds } from "../request-error.ts";
import { scriptedModel } from "../scripted-model.ts";
import { AdaptiveLimit } from "./adaptive-limit.ts";
import { Budget, withBudget } from "./budget.ts";
import { BudgetSpentError } from "./budget-spent-error.ts";
import { withCache } from "./cache.ts";
import { withConcurrency } from "./concurrency.ts";
import { pause } from "./pause.ts";
import { poolMany } from "./pool.ts";
import { patiently, withRetries } from "./retry.ts";

const question = [userMessage("?")];
const reply = (text: string, tokens: number | null = 10): Reply => {
  return { text, finish: "stop", promptTokens: tokens, newTokens: tokens, logProbabilities: null };
};
const busy = (retryAfter: number | null = null) => new RequestError("busy", { fault: "busy", status: 429, retryAfter });
const failed = () => new RequestError("failed", { fault: "failed", status: 500 });

/** A model whose replies are computed by a function, counting its questions. */
function computed(
  answer: (messages: readonly Message[], call: number) => Promise<Reply> | Reply,
): ChatModel & { calls: number } {
  const base = scriptedModel(["unused"]);
  const model = {
    ...base,
    calls: 0,
    generate: async (messages: readonly Message[]) => answer(messages, model.calls++),
    generateMany: (list: readonly (readonly Message[])[], options = {}) =>
      poolMany(model.generate, { most: 1 })(list, options),
    scoreOptions: async (_: readonly Message[], texts: readonly string[]) => {
      model.calls++;
      return texts.map(() => -1);
    },
  };
  return model;
}

test("pauses double up to a minute, each between a half and the whole (oracle: 1, 2, 4, ... by hand)", async () => {
  const waits: number[] = [];
  const wait = async (seconds: number) => void waits.push(seconds);
  const never = patiently(() => Promise.reject(failed()), { attempts: 9, rng: new Rng("r"), wait });
  await expect(never).rejects.toThrow("failed");
  expect(waits).toHaveLength(8);
  [1, 2, 4, 8, 16, 32, 60, 60].forEach((most, i) => {
    expect(waits[i]).toBeGreaterThanOrEqual(most / 2);
    expect(waits[i]).toBeLessThan(most);
  });
});

test("the server's own time is waited at least, and one that asks for too long is given up", async () => {
  const waits: number[] = [];
  const options = { rng: new Rng("r"), wait: async (seconds: number) => void waits.push(seconds) };
  const errors = [busy(20), busy(20)];
  const answer = await patiently(async () => {
    const error = errors.shift();
    if (error) throw error;
    return "yes";
  }, options);
  expect(answer).toBe("yes");
  expect(waits.every((seconds) => seconds >= 20 && seconds < 21)).toBe(true);
  await expect(patiently(() => Promise.reject(busy(3600)), options)).rejects.toThrow("busy");
  expect(waits).toHaveLength(2);
});

test("Retry-After is a number of seconds, a date, or OpenAI's milliseconds", () => {
  const of = (headers: Record<string, string>) =>
    retryAfterSeconds(new Headers(headers), Date.parse("2030-01-01T00:00:00Z"));
  expect(of({ "retry-after": "3" })).toBe(3);
  expect(of({ "retry-after": "Tue, 01 Jan 2030 00:01:30 GMT" })).toBe(90);
  expect(of({ "retry-after": "Mon, 31 Dec 2029 00:00:00 GMT" })).toBe(0);
  expect(of({ "retry-after-ms": "250", "retry-after": "9" })).toBe(0.25);
  expect(of({ "retry-after": "soon" })).toBeNull();
  expect(retryAfterSeconds(undefined, 0)).toBeNull();
});

test("what no patience helps is not tried again, and a signal ends the waiting", async () => {
  for (const fault of ["refused", "forbidden"] as const) {
    const model = computed(() => Promise.reject(new RequestError(fault, { fault })));
    await expect(withRetries(model).generate(question)).rejects.toThrow(fault);
    expect(model.calls).toBe(1);
  }
  const control = new AbortController();
  const model = computed(() => {
    control.abort(new Error("enough"));
    throw busy(100);
  });
  await expect(withRetries(model).generate(question, { signal: control.signal })).rejects.toThrow("enough");
  await expect(pause(1000, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
});

test("the limit grows while answers are quick, holds when they slow down, and halves at most once for one crowd", () => {
  const limit = new AdaptiveLimit({ most: 64 });
  const crowd = (seconds: (limit: number) => number) => {
    const serials = Array.from({ length: limit.current }, () => limit.sent());
    for (const serial of serials) limit.answered(serial, seconds(serials.length));
    return limit.current;
  };
  // A server that takes eight at a time and queues the rest.
  const queueing = (atOnce: number) => Math.max(1, atOnce / 8);
  const seen = Array.from({ length: 20 }, () => crowd(queueing));
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  // Beyond twelve an answer takes longer than one and a half times; the limit stops at the first step beyond.
  expect(seen.slice(0, 4)).toEqual([4, 8, 16, 16]);
  expect(seen.at(-1)).toBe(16);
  const steady = new AdaptiveLimit({ most: 64, first: 4 });
  steady.refused(steady.sent());
  expect(steady.current).toBe(2);
  for (let i = 0; i < 2; i++) steady.answered(steady.sent(), 1);
  expect(steady.current).toBe(3);
  const before = limit.current;
  const serials = Array.from({ length: before }, () => limit.sent());
  for (const serial of serials) limit.refused(serial);
  expect(limit.current).toBe(Math.floor(before / 2));
  limit.refused(limit.sent());
  expect(limit.current).toBe(Math.floor(Math.floor(before / 2) / 2));
  for (let i = 0; i < 10; i++) limit.refused(limit.sent());
  expect(limit.current).toBe(1);
});

test("no more questions are under way than the limit says; all are answered in their order", async () => {
  let [underWay, worst] = [0, 0];
  const finish: (() => void)[] = [];
  const model = computed(async (messages) => {
    worst = Math.max(worst, ++underWay);
    await new Promise<void>((resolve) => void finish.push(resolve));
    underWay--;
    return reply(JSON.stringify(messages));
  });
  const queued = withRetries(withConcurrency(model, { most: 5, first: 3 }), { most: 16 });
  const conversations = Array.from({ length: 40 }, (_, i) => [userMessage(String(i))]);
  const asked = queued.generateMany(conversations);
  const rng = new Rng("order");
  let isOver = false;
  void asked.then(() => {
    isOver = true;
  });
  while (!isOver) {
    await new Promise(setImmediate);
    finish.splice(rng.below(Math.max(1, finish.length)), 1)[0]?.();
  }
  expect((await asked).map(({ text }) => text)).toEqual(conversations.map((messages) => JSON.stringify(messages)));
  expect(worst).toBeGreaterThanOrEqual(3);
  expect(worst).toBeLessThanOrEqual(5);
});

test("a server that asks for a pause gets one from all questions, and fewer at a time", async () => {
  let clock = 0;
  const starts: number[] = [];
  const model = computed((_, call) => {
    starts.push(clock);
    if (call === 0) throw busy(30);
    return reply("yes");
  });
  const changes: number[] = [];
  const wait = async (seconds: number) => {
    clock += seconds;
  };
  const limits = { most: 8, first: 4, now: () => clock, wait, onChange: (limit: number) => void changes.push(limit) };
  const queued = withConcurrency(model, limits);
  await expect(queued.generate(question)).rejects.toThrow("busy");
  expect((await queued.generate(question)).text).toBe("yes");
  expect(starts).toEqual([0, 30]);
  expect(changes[0]).toBe(2);
});

test("a pool asks each question once, leaves out what nobody wants, and goes on behind a failure", async () => {
  const asked: string[] = [];
  const generate: ChatModel["generate"] = async (messages) => {
    const text = JSON.stringify(messages[0]?.content[0]);
    asked.push(text);
    if (text.includes("bad")) throw failed();
    return reply(text);
  };
  const list = ["a", "bad", "unwanted", "b"].map((text) => [userMessage(text)]);
  const told = new Map<number, string>();
  const many = poolMany(generate, { most: 2 })(list, {
    onReply: ({ text }, i) => void told.set(i, text),
    isWanted: (i) => i !== 2,
  });
  await expect(many).rejects.toThrow("failed");
  expect(asked).toHaveLength(3);
  expect([...told.keys()].sort()).toEqual([0, 2, 3]);
  expect(told.get(2)).toBe("");
});

test("an error that every question would meet ends the run after those under way", async () => {
  let calls = 0;
  const generate = async () => {
    calls++;
    throw new RequestError("wrong key", { fault: "forbidden" });
  };
  await expect(poolMany(generate, { most: 3 })(new Array(50).fill(question))).rejects.toThrow("wrong key");
  expect(calls).toBeLessThanOrEqual(3);
});

test("a budget of requests, tokens or money is never overdrawn by more than one request (oracle: counted)", async () => {
  const price = { read: 1e5, written: 3e5 };
  for (const [limits, expected] of [
    [{ requests: 4 }, 4],
    // Ten read and ten written a request: the fifth begins at 80.
    [{ tokens: 85 }, 5],
    // 10 * 0.1 + 10 * 0.3 = 4 a request.
    [{ cost: 12 }, 3],
  ] as const) {
    const model = computed(() => reply("yes"));
    const budget = new Budget(limits, price);
    const limited = withBudget(model, budget);
    const ask = async () => {
      for (let i = 0; i < 10; i++) await limited.generate(question);
    };
    await expect(ask()).rejects.toBeInstanceOf(BudgetSpentError);
    expect(model.calls).toBe(expected);
    expect(budget.spent).toEqual({
      requests: expected,
      tokensRead: 10 * expected,
      tokensWritten: 10 * expected,
      cost: 4 * expected,
    });
  }
  expect(() => new Budget({ cost: 1 })).toThrow(/--price/);
});

test("requests under way count at the largest so far, so that a crowd does not overdraw", async () => {
  const budget = new Budget({ tokens: 100 });
  budget.begin();
  budget.end(reply("yes", 20));
  budget.begin();
  expect(() => budget.begin()).not.toThrow();
  expect(() => budget.begin()).toThrow(BudgetSpentError);
});

test("a limit on tokens is refused as soon as the server is seen not to count them", async () => {
  const limited = withBudget(
    computed(() => reply("yes", null)),
    new Budget({ tokens: 1000 }),
  );
  await limited.generate(question);
  await expect(limited.generate(question)).rejects.toThrow(/does not count tokens/);
});

test("a model that answers many together keeps its batches within a budget, and says what was answered", async () => {
  const model = computed((_, call) => reply(String(call)));
  const kept: string[] = [];
  const many = withBudget(model, new Budget({ requests: 21 })).generateMany(new Array(40).fill(question), {
    onReply: ({ text }, i) => void kept.push(`${i}=${text}`),
  });
  await expect(many).rejects.toBeInstanceOf(BudgetSpentError);
  expect(kept).toEqual(Array.from({ length: 21 }, (_, i) => `${i}=${i}`));
});

const folder = mkdtempSync(join(tmpdir(), "zoetrope-cache-"));
afterAll(() => rmSync(folder, { recursive: true }));
const cacheFolder = (name: string) => join(folder, name);

function filesOf(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
}

test("a reply is asked for once, in this process and in the next", async () => {
  const model = computed((_, call) => reply(`reply ${call}`));
  let hits = 0;
  const options = { folder: cacheFolder("once"), onHit: () => void hits++ };
  const first = await withCache(model, options).generate(question);
  expect(await withCache(model, options).generate(question)).toEqual(first);
  const stream = withCache(model, options).stream(question);
  expect(await stream.next()).toEqual({ done: false, value: first.text });
  expect(await stream.next()).toEqual({ done: true, value: first });
  expect([model.calls, hits]).toEqual([1, 2]);
  const scored = withCache(model, options);
  expect(await scored.scoreOptions(question, ["a"])).toEqual(await scored.scoreOptions(question, ["a"]));
  expect(model.calls).toBe(2);
});

test("everything that a reply depends on makes another question (oracle: each change asks anew, no change does not)", async () => {
  const model = computed((_, call) => reply(String(call)));
  const cached = withCache(model, { folder: cacheFolder("key") });
  const image = (value: number): RgbaImage => {
    const made = rgbaImage(4, 4);
    made.data.fill(value);
    return made;
  };
  const shown = (value: number, time: number, index: number, text = "?") =>
    [userMessage(text, [{ image: image(value), time, index }])] as const;
  const path = join(folder, "clip.bin");
  writeFileSync(path, "one");
  const frames = [{ image: image(1), time: 0, index: 0 }];
  const clip = (more: object = {}) => [userMessage("?", { type: "video", path, frames, duration: 2, ...more })];
  const changes: (() => Promise<Reply>)[] = [
    () => cached.generate(shown(1, 0, 0)),
    () => cached.generate(shown(2, 0, 0)),
    () => cached.generate(shown(1, 0.5, 0)),
    () => cached.generate(shown(1, 0, 1)),
    () => cached.generate(shown(1, 0, 0, "!")),
    () => cached.generate([...shown(1, 0, 0), ...shown(1, 0, 0)]),
    () => cached.generate(shown(1, 0, 0), { maxNewTokens: 5 }),
    () => cached.generate(shown(1, 0, 0), { temperature: 1 }),
    () => cached.generate(shown(1, 0, 0), { temperature: 1, seed: 2 }),
    () => cached.generate(shown(1, 0, 0), { stop: ["."] }),
    () => cached.generate(shown(1, 0, 0), { logProbabilities: 0 }),
    () => cached.generate(shown(1, 0, 0), { schema: { name: "s", schema: {} } }),
    () => withCache({ ...model, fingerprint: "other" }, { folder: cacheFolder("key") }).generate(shown(1, 0, 0)),
    () => cached.generate(clip()),
    () => cached.generate(clip({ span: { start: 0, end: 1 } })),
    () => cached.generate(clip({ fps: 1 })),
    () => cached.generate(clip({ frames: [{ ...frames[0], index: 3, time: 1 }] })),
    async () => {
      writeFileSync(path, "two");
      return cached.generate(clip());
    },
  ];
  for (const [i, change] of changes.entries()) {
    await change();
    expect(model.calls, `change ${i}`).toBe(i + 1);
  }
  for (const change of changes.slice(0, 13)) await change();
  // Greedy replies do not depend on a seed.
  await cached.generate(shown(1, 0, 0), { seed: 9, maxNewTokens: 32 });
  expect(model.calls).toBe(changes.length);
});

test("many questions: the known ones at once, the others from the model, each told once under its own place", async () => {
  const model = computed((messages) => reply(JSON.stringify(messages)));
  const cached = withCache(model, { folder: cacheFolder("many") });
  const list = Array.from({ length: 10 }, (_, i) => [userMessage(String(i))]);
  await cached.generateMany(list.filter((_, i) => i % 3 === 0));
  const told = new Map<number, string>();
  const progress: number[] = [];
  const replies = await cached.generateMany(list, {
    onReply: ({ text }, i) => void told.set(i, text),
    onProgress: (count) => void progress.push(count),
  });
  expect(model.calls).toBe(10);
  expect(replies.map(({ text }) => text)).toEqual(list.map((messages) => JSON.stringify(messages)));
  expect([...told].every(([i, text]) => text === JSON.stringify(list[i]))).toBe(true);
  expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("files that are torn or foreign count as none, empty answers are not kept, a failure leaves nothing behind", async () => {
  const where = cacheFolder("torn");
  const model = computed((_, call) => reply(call === 1 ? "" : `reply ${call}`));
  await withCache(model, { folder: where }).generate(question);
  const [file] = filesOf(where);
  for (const content of ['{"model": "m", "rep', "[]", '{"model":"m","reply":{"text":3}}']) {
    writeFileSync(join(where, file as string), content);
    await withCache(model, { folder: where }).generate(question);
  }
  expect(model.calls).toBe(4);
  expect(JSON.parse(readFileSync(join(where, file as string), "utf8"))).toMatchObject({ reply: { text: "reply 3" } });
  const failing = withCache(
    computed(() => Promise.reject(failed())),
    { folder: where },
  );
  await expect(failing.generate([userMessage("other")])).rejects.toThrow("failed");
  expect(filesOf(where)).toHaveLength(1);
});

test("writers of one folder do not disturb each other", async () => {
  const where = cacheFolder("crowd");
  mkdirSync(where);
  const models = Array.from({ length: 8 }, (_, i) =>
    withCache(
      computed(() => reply(`from ${i}`)),
      { folder: where },
    ),
  );
  const list = Array.from({ length: 25 }, (_, i) => [userMessage(String(i))]);
  await Promise.all(models.map((model) => model.generateMany(list)));
  expect(filesOf(where)).toHaveLength(25);
  for (const file of filesOf(where)) {
    expect(JSON.parse(readFileSync(join(where, file), "utf8"))).toHaveProperty(
      "reply.text",
      expect.stringMatching(/^from \d$/),
    );
  }
  expect(readdirSync(where, { recursive: true, encoding: "utf8" }).some((name) => name.endsWith(".tmp"))).toBe(false);
});
