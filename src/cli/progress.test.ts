import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { formatSeconds, openProgress } from "./progress.ts";

/** A stream that remembers, a terminal or not, and a clock that stands still until it is moved. */
function setUp(isTTY: boolean) {
  const pass = new PassThrough();
  const written: string[] = [];
  pass.on("data", (chunk: Buffer) => written.push(chunk.toString()));
  const stream = Object.assign(pass, { isTTY, columns: 80, cursorTo() {}, moveCursor() {}, clearLine() {} });
  const clock = { ms: 0 };
  const open = (quiet = false) =>
    openProgress({ quiet, stream: stream as unknown as NodeJS.WriteStream, now: () => clock.ms });
  const text = () => {
    pass.read();
    return stripVTControlCharacters(written.join(""));
  };
  return { open, clock, text };
}

test("without a terminal there is a line every five seconds, with rate and time left (oracle: by hand)", () => {
  const { open, clock, text } = setUp(false);
  const task = open().task("train", { total: 100, unit: "steps" });
  for (let step = 1; step <= 12; step++) {
    clock.ms += 1000;
    task.update(step, `loss ${step}`);
  }
  expect(text()).toBe(
    "train: 5/100 steps, 1.0 steps/s, 1 min 35 s left, loss 5\ntrain: 10/100 steps, 1.0 steps/s, 1 min 30 s left, loss 10\n",
  );
});

test("units finished by an earlier run do not count for the rate", () => {
  const { open, clock, text } = setUp(false);
  const task = open().task("train", { total: 100, unit: "steps", begun: 80 });
  clock.ms = 5000;
  task.update(90);
  expect(text()).toBe("train: 90/100 steps, 2.0 steps/s, 5.0 s left\n");
});

test("a finished task leaves one line, and says nothing afterwards", () => {
  const { open, clock, text } = setUp(false);
  const task = open().task("train", { total: 3, unit: "steps" });
  clock.ms = 2000;
  task.update(3, "loss 0.5");
  task.finish();
  task.finish("again");
  clock.ms = 60_000;
  task.update(1);
  expect(text()).toBe("train: 3 steps in 2.0 s, loss 0.5\n");
});

test("quiet is silent", () => {
  const { open, clock, text } = setUp(false);
  const progress = open(true);
  const task = progress.task("train", { total: 3 });
  clock.ms = 60_000;
  task.update(1);
  task.finish();
  progress.note("a line");
  expect(text()).toBe("");
});

test("on a terminal bars show name, count, rate and time left, and give way to their last lines", () => {
  const { open, clock, text } = setUp(true);
  const progress = open();
  const outer = progress.task("seeds", { total: 2 });
  const inner = progress.task("train", { total: 8, unit: "steps" });
  clock.ms = 4000;
  inner.update(4, "loss 1");
  progress.note("a note");
  inner.finish("loss 0.5");
  outer.update(1);
  outer.finish();
  expect(text()).toMatch(/train .*4\/8 steps, 1\.0 steps\/s, 4\.0 s left, loss 1/);
  expect(text()).toContain("a note\n");
  expect(text()).toContain("train: 4 steps in 4.0 s, loss 0.5\n");
  expect(text()).toContain("seeds: 4.0 s\n");
  progress.close();
});

test("durations read as people say them", () => {
  expect([0.04, 9.94, 9.96, 59.6, 185, 3599.6, 7380].map(formatSeconds)).toEqual([
    "0.0 s",
    "9.9 s",
    "10 s",
    "1 min 0 s",
    "3 min 5 s",
    "1 h 0 min",
    "2 h 3 min",
  ]);
});
