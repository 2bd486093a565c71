/** Oracles: reading the answer back through number / rate; counting tokens by bytes; B6's arithmetic. */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { evenTimeline } from "../../core/time/index.ts";
import { atRate } from "../../media/sampling/index.ts";
import { stage2Row } from "../vtimellm/index.ts";
import { longvaBudget, planFrames } from "./frame-plan.ts";
import { type NumproRow, numproFromVtimellm, numproRows, rowTokens } from "./row.ts";

function randomVideo(rng: Rng) {
  const duration = rng.uniform(4, 900);
  const moments = Array.from({ length: rng.integer(1, 6) }, () => {
    const [a, b] = [rng.uniform(0, duration), rng.uniform(0, duration)];
    return { start: Math.min(a, b), end: Math.max(a, b), label: ` A person ${"runs ".repeat(rng.integer(1, 30))}.` };
  });
  return { video: `v${rng.below(99)}`, duration, moments };
}

const isRow = (outcome: ReturnType<typeof numproRows>[number]): outcome is NumproRow => "conversations" in outcome;

test("an answer read back in seconds is within half a number of the annotation, or the shortest that there is", () => {
  const rng = new Rng("numpro");
  for (let round = 0; round < 400; round++) {
    const { video, duration, moments } = randomVideo(rng);
    for (const row of numproRows({ video, duration, moments }, { rate: rng.pick([0.5, 1]) })) {
      if (!isRow(row)) throw new Error(row.skip);
      const { rate, frames, span } = row.meta;
      const [, from, to] = /^From (\d+) to (\d+)\.$/.exec(row.conversations[1]?.value as string) ?? [];
      const [start, end] = span as [number, number];
      expect(Number(from)).toBeLessThan(Number(to));
      expect(Number(to)).toBeLessThan(frames);
      const slack = Number(to) - Number(from) === 1 ? 1.5 : 0.5;
      const last = (frames - 1) / rate;
      expect(Math.abs(Number(from) / rate - Math.min(start, last))).toBeLessThanOrEqual(slack / rate + 1e-9);
      expect(Math.abs(Number(to) / rate - Math.min(end, last))).toBeLessThanOrEqual(slack / rate + 1e-9);
    }
  }
});

test("no row is longer than the context, whatever the length of the video", () => {
  const rng = new Rng("budget");
  for (let round = 0; round < 400; round++) {
    const budget = { contextTokens: rng.integer(1500, 40_000), tokensPerFrame: rng.pick([1, 16, 144, 576]) };
    const video = randomVideo(rng);
    for (const row of numproRows(video, { budget }))
      if (isRow(row)) expect(rowTokens(row, budget)).toBeLessThanOrEqual(budget.contextTokens);
    const events = video.moments.toSorted((a, b) => a.start - b.start);
    const told = numproFromVtimellm(stage2Row({ ...video, events }, { rng }), { budget });
    if (isRow(told)) expect(rowTokens(told, budget)).toBeLessThanOrEqual(budget.contextTokens);
  }
});

test("the reference's setting holds 56 s of video; longer ones are sparser or dropped, never cut", () => {
  const plan = (duration: number, overflow: "sparser" | "drop") =>
    planFrames(duration, { rate: 0.5, texts: [], budget: longvaBudget, overflow });
  expect(plan(56, "sparser")).toEqual({ frames: 28, rate: 0.5 });
  expect(plan(300, "sparser")).toEqual({ frames: 28, rate: 28 / 300 });
  expect(plan(300, "drop")).toEqual({ skip: "more than 28 frames" });
  const long = { video: "v", duration: 300, moments: [{ start: 250, end: 280, label: "x" }] };
  expect(numproRows(long, { overflow: "drop" })).toEqual([{ skip: "more than 27 frames", query: "x" }]);
});

test("as many frames are counted as the sampler gives", () => {
  const rng = new Rng("frames");
  for (let round = 0; round < 200; round++) {
    const line = evenTimeline(rng.integer(60, 3000), rng.pick([24, 25, 30, 30000 / 1001]));
    const rate = rng.pick([0.5, 1, 2]);
    const plan = planFrames(line.end, {
      rate,
      texts: [],
      budget: { contextTokens: 1e9, tokensPerFrame: 1 },
      overflow: "drop",
    });
    expect(plan).toEqual({ frames: atRate(rate)(line, 1e6).length, rate });
  }
});

test("questions keep the annotation's words, and what cannot be asked is named", () => {
  const span = { start: 1, end: 3 };
  const video = {
    video: "v",
    duration: 20,
    moments: [
      { ...span, label: " Person Runs. " },
      { ...span, label: " " },
      { start: 3, end: 3, label: "x" },
      { start: 21, end: 25, label: "y" },
    ],
  };
  const [row, ...others] = numproRows(video, { source: "anet" });
  expect(row).toMatchObject({
    video: "v",
    source: "anet",
    conversations: [
      { from: "human", value: "<image>\nDuring which frames can we see Person Runs.?" },
      { from: "gpt", value: "From 1 to 2." },
    ],
    meta: { duration: 20, span: [1, 3], rate: 0.5, frames: 10 },
  });
  expect(others.map((outcome) => (isRow(outcome) ? "row" : outcome.skip))).toEqual([
    "no words",
    "no length",
    "begins behind the video's end",
  ]);
  expect(numproRows({ ...video, duration: Infinity })[0]).toMatchObject({ skip: "no duration known" });
});
