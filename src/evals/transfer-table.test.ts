/** Oracles: counting over the simulated answers, whose abilities are known; the layout of the printed table. */
import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { staticTasks, temporalTasks } from "../tasks/index.ts";
import type { Answer } from "./answer.ts";
import { formatTransferTable } from "./format-transfer-table.ts";
import { aggregateSeeds, compareRuns, scoreRun } from "./score.ts";
import { simulatedAnswers, simulatedSamples, simulatedTransfer } from "./simulated-runs.fixture.ts";
import { transferSummary, transferTable } from "./transfer-table.ts";

const runs = simulatedTransfer(40, [1, 2, 3]);
const one = simulatedTransfer(40, [1]);
const percentRight = (answers: readonly Answer[], keep: (answer: Answer) => boolean) => {
  const kept = answers.filter(keep);
  return (100 * kept.filter(({ correct }) => correct).length) / kept.length;
};

test("scores are counts: per task, per kind, with unparsed replies in the denominator", () => {
  const answers = one[0]?.t3 ?? [];
  const scores = scoreRun(answers);
  for (const task of [...temporalTasks, ...staticTasks]) {
    expect(scores.tasks[task]?.n).toBe(40);
    expect(scores.tasks[task]?.accuracy).toBeCloseTo(
      percentRight(answers, ({ sample }) => sample.task === task),
      9,
    );
  }
  expect(scores.temporal.n).toBe(40 * temporalTasks.length);
  expect(scores.temporal.unparsed).toBe(
    answers.filter(({ sample, parsed }) => sample.kind === "temporal" && parsed.kind === "unparsed").length,
  );
  // Every task has as many questions, so the mean over tasks is the mean over questions.
  expect(scores.macro.temporal).toBeCloseTo(scores.temporal.accuracy as number, 9);
  expect(scores.tasks["order of two"]?.chance).toBe(50);
});

test("intervals hold the simulated ability, and the interval of a task does not hang on which others are there", () => {
  const answers = simulatedAnswers(simulatedSamples(150), { temporal: 0.7, static: 0.9 }, new Rng(4));
  const scores = scoreRun(answers);
  // 2 % of replies cannot be read.
  expect(scores.temporal.low).toBeLessThan(70 * 0.98);
  expect(scores.temporal.high).toBeGreaterThan(70 * 0.98);
  const alone = scoreRun(answers.filter(({ sample }) => sample.task === "grounding"));
  expect(alone.tasks.grounding).toEqual(scores.tasks.grounding);
});

test("a run compared with itself differs by nothing; nothing gives null with n 0", () => {
  const answers = one[0]?.t3 ?? [];
  expect(compareRuns(answers, answers).temporal).toMatchObject({ value: 0, wins: 0, losses: 0, p: 1 });
  expect(scoreRun([]).temporal).toEqual({ n: 0, unparsed: 0, accuracy: null, low: null, high: null, chance: null });
  const nothing = transferTable([]);
  expect(transferSummary(nothing)).toMatchObject({ gain: null, t3Static: null, seeds: 0, videos: 0, questions: 0 });
  expect(formatTransferTable(nothing)).toContain("temporal (all)");
});

test("runs over other questions are refused by the name of the question", () => {
  const answers = one[0]?.t3 ?? [];
  expect(() => compareRuns(answers, answers.slice(1))).toThrow(answers[0]?.sample.id);
});

test("the summary has exactly the promised keys and agrees with the answers", () => {
  const summary = transferSummary(transferTable(runs));
  expect(Object.keys(summary)).toEqual(
    `baselineTemporal controlTemporal t3Temporal baselineStatic t3Static gain gainLow gainHigh gainOverControl seeds videos
    questions`.split(/\s+/),
  );
  const temporal = ({ sample }: Answer) => sample.kind === "temporal";
  expect(summary.t3Temporal).toBeCloseTo(
    percentRight(
      runs.flatMap(({ t3 }) => t3),
      temporal,
    ),
    9,
  );
  expect(summary.gain).toBeCloseTo((summary.t3Temporal as number) - (summary.baselineTemporal as number), 9);
  expect(summary.gainOverControl).toBeCloseTo((summary.t3Temporal as number) - (summary.controlTemporal as number), 9);
  expect(summary.gainLow).toBeLessThan(summary.gain as number);
  expect(summary.gainHigh).toBeGreaterThan(summary.gain as number);
  expect(summary).toMatchObject({ seeds: 3, videos: 40, questions: 40 * 14 });
});

test("the same baseline under every seed is counted once; trained arms count every seed", () => {
  const table = transferTable(runs);
  const total = table.rows.find(({ label }) => label === "temporal (all)");
  expect(total?.baseline.n).toBe(40 * temporalTasks.length);
  expect(total?.t3.n).toBe(3 * 40 * temporalTasks.length);
  expect(total?.baseline).toEqual(aggregateSeeds([runs[0]?.baseline ?? []]).temporal);
});

test("seeds that disagree widen the interval of the gain", () => {
  const width = (list: typeof runs) => {
    const { gainLow, gainHigh } = transferSummary(transferTable(list));
    return (gainHigh as number) - (gainLow as number);
  };
  const [first] = runs as [(typeof runs)[0]];
  const poor = simulatedAnswers(
    first.t3.map(({ sample }) => sample),
    { temporal: 0.45, static: 0.95 },
    new Rng("poor"),
  );
  expect(width([first, { ...first, seed: 2, t3: poor }])).toBeGreaterThan(2 * width([first]));
});

test("the printed table is aligned, fits the terminal, and has no escape codes unless asked", () => {
  const table = transferTable(runs);
  for (const width of [100, 120, 160]) {
    const lines = formatTransferTable(table, { width }).split("\n");
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(width);
    const rule = lines.find((line) => line.startsWith("─")) as string;
    const rows = lines.slice(0, lines.lastIndexOf(rule));
    expect(new Set(rows.map((line) => line.length))).toEqual(new Set([rule.length]));
    expect(lines.join("")).not.toContain("\x1b");
  }
  expect(formatTransferTable(table, { width: 160 }).split("\n").length).toBeLessThan(
    formatTransferTable(table, { width: 100 }).split("\n").length,
  );
  const coloured = formatTransferTable(table, { colour: true });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is looked for
  expect(coloured.replace(/\x1b\[\d+m/g, "")).toBe(formatTransferTable(table));
});
