/** Oracle: the rows that were appended, and bytes cut off at every place. */
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import type { Sample } from "../tasks/index.ts";
import { type EvaluateProgress, evaluate } from "./evaluate.ts";
import { openRunLog, type RunConfig, readRunLog } from "./run-log.ts";
import { simulatedAnswers, simulatedSamples } from "./simulated-runs.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-run-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

const samples = simulatedSamples(4);
const answers = simulatedAnswers(samples, { temporal: 0.5, static: 0.9 }, new Rng(1));
const config: RunConfig = {
  benchmark: "t3-probing/1",
  model: "micro@3f2a",
  sampler: "linspace 8",
  prompt: "one image a line",
  parser: "choice",
  seed: 1,
  coverage: { questions: samples.length, of: samples.length },
};
const frames = [{ time: 0.25, index: 2 }];
const oracle = (asked: readonly Sample[]) =>
  Promise.resolve(asked.map(({ options, answerIndex }) => ({ text: options[answerIndex] as string, frames })));

test("what is appended is what is read, in groups or one by one", () => {
  const path = join(folder, "whole", "run.jsonl");
  const log = openRunLog(path, config, { syncEvery: 5 });
  log.append(answers.slice(0, 3));
  for (const answer of answers.slice(3)) log.append([answer]);
  log.close();
  expect(readRunLog(path)).toEqual({ config, answers });
});

test("a file cut anywhere keeps its whole lines, and goes on from there", () => {
  const whole = join(folder, "cut.jsonl");
  const log = openRunLog(whole, config);
  log.append(answers.slice(0, 4));
  log.close();
  const bytes = readFileSync(whole);
  for (let size = 0; size <= bytes.length; size += 37) {
    const path = join(folder, "torn.jsonl");
    writeFileSync(path, bytes);
    truncateSync(path, size);
    const lines = bytes.toString("utf8", 0, bytes.lastIndexOf(0x0a, size - 1) + 1).split("\n").length - 1;
    const again = openRunLog(path, config);
    const kept = size === 0 ? 0 : Math.max(0, lines - 1);
    expect(again.answers).toEqual(answers.slice(0, kept));
    again.append(answers.slice(kept, 4));
    again.close();
    expect(readFileSync(path).equals(bytes)).toBe(true);
  }
});

test("a damaged line is named; another configuration is refused; both leave the file as it was", () => {
  const path = join(folder, "damaged.jsonl");
  const log = openRunLog(path, config);
  log.append(answers.slice(0, 2));
  log.close();
  const size = statSync(path).size;
  expect(() => openRunLog(path, { ...config, seed: 2 })).toThrow(/seed 2, got 1/);
  expect(statSync(path).size).toBe(size);
  writeFileSync(path, readFileSync(path, "utf8").replace('"correct"', '"korrect"'));
  expect(() => readRunLog(path)).toThrow(/line 2 of .*damaged\.jsonl: correct/);
  writeFileSync(path, readFileSync(path, "utf8").replace('{"sample"', '{sample"'));
  expect(() => openRunLog(path, config)).toThrow(/line 2/);
});

test("a run stopped between batches goes on without asking anything twice", async () => {
  const path = join(folder, "resume.jsonl");
  const stop = new AbortController();
  const asked: string[] = [];
  const ask = (batch: readonly Sample[]) => {
    asked.push(...batch.map(({ id }) => id));
    if (asked.length >= 20) stop.abort(new Error("stopped"));
    return oracle(batch);
  };
  const first = openRunLog(path, config);
  await expect(evaluate({ samples, ask, log: first, signal: stop.signal, batch: 7 })).rejects.toThrow("stopped");
  first.close();
  const second = openRunLog(path, config);
  const seen: EvaluateProgress[] = [];
  const all = await evaluate({ samples, ask, log: second, batch: 7, onProgress: (progress) => seen.push(progress) });
  second.close();
  expect(asked).toEqual(samples.map(({ id }) => id));
  expect(all.map(({ sample }) => sample)).toEqual(samples);
  expect(all.every(({ correct }) => correct)).toBe(true);
  expect(readRunLog(path).answers).toEqual(all);
  expect(seen[0]).toMatchObject({ done: 21, resumed: 21 });
  expect(seen.at(-1)).toMatchObject({ done: samples.length, of: samples.length, correct: samples.length });
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
  const log = openRunLog(join(folder, "changed.jsonl"), config);
  await evaluate({ samples, ask: oracle, log });
  const changed = samples.map((sample) => ({ ...sample, question: `${sample.question} ` }));
  await expect(evaluate({ samples: changed, ask: oracle, log })).rejects.toThrow("another wording");
  log.close();
});
