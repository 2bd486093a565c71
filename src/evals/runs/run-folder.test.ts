/** Oracles: logs written here, and what the index says that was put there on purpose. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { simulatedAnswers, simulatedConfig, simulatedSamples } from "../simulated-runs.fixture.ts";
import { answerRow } from "./answer-row.ts";
import { listRuns, resolveRun } from "./run-folder.ts";
import { openRunLog } from "./run-log.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-run-folder-"));
afterAll(() => rmSync(folder, { recursive: true }));

const samples = simulatedSamples(2);
const answers = simulatedAnswers(samples, { temporal: 0.5, static: 0.9 }, new Rng(1));

/** A log with so many of the samples; right or wrong as the answers are. */
function writeLog(name: string, count = samples.length) {
  const config = simulatedConfig(samples);
  const log = openRunLog(join(folder, name), config);
  const rows = answers.slice(0, count).map(({ sample, reply, frames }, place) => {
    return answerRow({ sample, reply: { text: reply, frames }, place }, config);
  });
  log.append(rows);
  return log;
}

test("a list has every log with its score, counts and state; other files are none of its business", () => {
  writeLog("whole/video.jsonl").close();
  writeLog("whole/blind.jsonl", 4).close();
  writeLog("t3/seed-1/baseline.jsonl").close();
  writeFileSync(join(folder, "whole", "events.jsonl"), '{"event":"step"}\n');
  const open = writeLog("open/run.jsonl", 3);
  const { entries, faults } = listRuns(folder);
  expect(faults).toEqual([]);
  const told = Object.fromEntries(entries.map(({ name, state, n }) => [name, [state, n]]));
  expect(told).toEqual({
    open: ["open", 3],
    "t3/seed-1/baseline": ["complete", samples.length],
    whole: ["complete", samples.length],
    "whole/blind": ["broken off", 4],
  });
  open.close();
  const whole = entries.find(({ name }) => name === "whole");
  const right = answers.filter(({ correct }) => correct).length;
  expect(whole?.value).toBeCloseTo((100 * right) / samples.length, 12);
  expect(whole?.counts.unparsed).toBe(answers.filter(({ parsed }) => parsed.kind === "unparsed").length);
  expect(listRuns(join(folder, "nowhere"))).toEqual({ entries: [], faults: [] });
});

test("a log that has not changed comes from the index, one that has is read again, and a broken index is made anew", () => {
  const path = join(folder, ".index.json");
  listRuns(folder);
  const index = readFileSync(path, "utf8");
  const planted = JSON.parse(index);
  planted.logs["whole/video.jsonl"].value = 99.5;
  writeFileSync(path, JSON.stringify(planted));
  const scoreOfWhole = () => listRuns(folder).entries.find(({ name }) => name === "whole")?.value;
  expect(scoreOfWhole(), "read from the index").toBe(99.5);
  utimesSync(join(folder, "whole", "video.jsonl"), 1_000_000, 1_000_000);
  expect(scoreOfWhole(), "read from the log").not.toBe(99.5);
  writeFileSync(path, "{");
  expect(scoreOfWhole()).not.toBe(99.5);
  rmSync(join(folder, "open"), { recursive: true });
  listRuns(folder);
  expect(Object.keys(JSON.parse(readFileSync(path, "utf8")).logs)).not.toContain("open/run.jsonl");
});

test("a log that cannot be read is told beside the others", () => {
  mkdirSync(join(folder, "bad"));
  writeFileSync(join(folder, "bad", "run.jsonl"), '{"format":"zoetrope-run","version":1,"config":{}}\n');
  const { entries, faults } = listRuns(folder);
  expect(entries.length).toBeGreaterThan(2);
  expect(faults).toMatchObject([
    { message: expect.stringMatching(/bad\/run\.jsonl:1: .*earlier version.*runs import/) },
  ]);
  rmSync(join(folder, "bad"), { recursive: true });
});

test("a run is meant by its path, its folder, or its name; one of several has to be named", () => {
  const whole = join(folder, "whole", "video.jsonl");
  for (const reference of [whole, join(folder, "whole")]) expect(resolveRun(reference)).toBe(whole);
  for (const reference of ["whole", "whole/video", "whole/video.jsonl"])
    expect(resolveRun(reference, folder)).toBe(whole);
  expect(resolveRun("t3/seed-1", folder)).toBe(join(folder, "t3", "seed-1", "baseline.jsonl"));
  writeLog("t3/seed-1/control.jsonl").close();
  expect(() => resolveRun("t3/seed-1", folder)).toThrow(/got 2. Name one: t3\/seed-1\/baseline, t3\/seed-1\/control/);
  expect(() => resolveRun("missing", folder)).toThrow(/got "missing"; there are .*whole/);
  expect(() => resolveRun("missing", join(folder, "nowhere"))).toThrow(/there are none in/);
  expect(existsSync(join(folder, "nowhere"))).toBe(false);
});
