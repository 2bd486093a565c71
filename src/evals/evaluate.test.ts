/** Oracles: the answers that a scripted ask() gives, and which questions it was asked. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Sample } from "../tasks/index.ts";
import { type EvaluateOptions, type EvaluateProgress, evaluate } from "./evaluate.ts";
import { answerOf, readRun } from "./runs/index.ts";
import { simulatedConfig, simulatedSamples } from "./simulated-runs.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-evaluate-"));
afterAll(() => rmSync(folder, { recursive: true }));

const samples = simulatedSamples(4);
const config = simulatedConfig(samples);
const frames = [{ time: 0.25, index: 2 }];
const oracle = (asked: readonly Sample[]) =>
  Promise.resolve(asked.map(({ options, answerIndex }) => ({ text: options[answerIndex] as string, frames })));

test("a run stopped between batches goes on without asking anything twice", async () => {
  const log = { path: join(folder, "resume.jsonl"), config };
  const stop = new AbortController();
  const asked: string[] = [];
  const ask = (batch: readonly Sample[]) => {
    asked.push(...batch.map(({ id }) => id));
    if (asked.length >= 20) stop.abort(new Error("stopped"));
    return oracle(batch);
  };
  await expect(evaluate({ samples, ask, log, signal: stop.signal, batch: 7 })).rejects.toThrow("stopped");
  const seen: EvaluateProgress[] = [];
  const all = await evaluate({ samples, ask, log, batch: 7, onProgress: (progress) => seen.push(progress) });
  expect(asked).toEqual(samples.map(({ id }) => id));
  expect(all.map(({ sample }) => sample)).toEqual(samples);
  expect(all.every(({ correct }) => correct)).toBe(true);
  expect([...readRun(log.path).rows].map(answerOf)).toEqual(all);
  expect(seen[0]).toMatchObject({ done: 21, resumed: 21 });
  expect(seen.at(-1)).toMatchObject({ done: samples.length, of: samples.length, correct: samples.length });
});

test("replies that came before a batch broke off are kept, and only the others are asked again", async () => {
  const log = { path: join(folder, "broken.jsonl"), config };
  const asked: string[][] = [];
  const ask: EvaluateOptions["ask"] = async (batch, onReply) => {
    asked.push(batch.map(({ id }) => id));
    const replies = await oracle(batch);
    for (const [i, reply] of replies.entries()) {
      if (asked.length === 1 && i === 3) throw new Error("cut off");
      onReply(reply, i);
    }
    return replies;
  };
  await expect(evaluate({ samples, ask, log, batch: 64 })).rejects.toThrow("cut off");
  const all = await evaluate({ samples, ask, log, batch: 64 });
  expect(asked[1]).toEqual(samples.slice(3).map(({ id }) => id));
  expect(all.every(({ correct }) => correct)).toBe(true);
  expect([...readRun(log.path).rows]).toHaveLength(samples.length);
});

test("replies that cannot be read stay in the denominator; yes and no are options like others", async () => {
  const replies = ["perhaps", "Yes.", "no"];
  const questions = replies.map((_, i) => ({
    ...(samples[0] as Sample),
    id: `q${i}`,
    options: ["yes", "no"],
    answerIndex: 0,
  }));
  const ask = (batch: readonly Sample[]) =>
    Promise.resolve(batch.map(({ id }) => ({ text: replies[Number(id.slice(1))] as string, frames })));
  const seen: EvaluateProgress[] = [];
  const all = await evaluate({ samples: questions, ask, batch: 1, onProgress: (progress) => seen.push(progress) });
  expect(all.map(({ correct }) => correct)).toEqual([false, true, false]);
  expect(seen.at(-1)).toEqual({ done: 3, of: 3, resumed: 0, correct: 1, unparsed: 1 });
});

test("two samples of one id, too few replies, and a changed question are faults of the caller", async () => {
  const twice = [...samples, samples[3] as Sample];
  await expect(evaluate({ samples: twice, ask: oracle })).rejects.toThrow(samples[3]?.id);
  await expect(evaluate({ samples, ask: () => Promise.resolve([]) })).rejects.toThrow("got 0 from ask()");
  const log = { path: join(folder, "changed.jsonl"), config };
  await evaluate({ samples, ask: oracle, log });
  const changed = samples.map((sample) => ({ ...sample, question: `${sample.question} ` }));
  await expect(evaluate({ samples: changed, ask: oracle, log })).rejects.toThrow("another wording");
});
