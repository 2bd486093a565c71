import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { userMessage } from "../message.ts";
import { AdaptiveLimit } from "./adaptive-limit.ts";
import { busy, computed, question, reply } from "./computed-model.fixture.ts";
import { withConcurrency } from "./concurrency.ts";
import { withRetries } from "./retry.ts";

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
