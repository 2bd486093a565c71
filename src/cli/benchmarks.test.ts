/** The benchmark commands as users meet them: figures on stdout, one sentence where something is wrong. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { orderScript, wholeVocabulary, writeWorldVideo } from "../world/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-cli-benchmarks-"));
const output = join(folder, "run");
const script = `scripted:${join(folder, "script.json")}`;
const captured = captureOutput();

beforeAll(async () => {
  const truths = [
    { question: "Is a circle shown?", answer: "yes" },
    { question: "Is a square shown?", answer: "no" },
  ];
  mkdirSync(join(folder, "questions"));
  writeFileSync(
    join(folder, "questions", "yes_no.json"),
    JSON.stringify({ a: { action: truths }, b: { action: truths } }),
  );
  await writeWorldVideo(join(folder, "videos", "a.mp4"), orderScript(new Rng(1), wholeVocabulary), {
    width: 64,
    height: 48,
  });
  writeFileSync(join(folder, "script.json"), '{".*": "The answer is yes."}');
});
afterAll(() => rmSync(folder, { recursive: true }));

test("eval asks, writes its run and a report; score reads the predictions that it leaves", async () => {
  const flags = ["--data", folder, "--model", script, "-o", output, "--baselines", "--json"];
  expect(await run(["eval", "tempcompass", ...flags])).toBe(0);
  const { summary, problems } = JSON.parse(captured.stdout);
  expect(summary).toMatchObject({
    accuracy: 0,
    unparsed: 2,
    default: 50,
    blindDefault: 50,
    asked: 2,
    of: 4,
    unasked: 2,
  });
  expect(problems.map(({ what }: { what: string }) => what)).toContain("videos missing");
  expect(readFileSync(join(output, "report.html"), "utf8")).toContain("<h1>TempCompass");
  expect(existsSync(join(output, "single-frame.jsonl"))).toBe(true);

  captured.stdout = "";
  expect(await run(["score", "tempcompass", join(output, "predictions"), "--data", folder, "--json"])).toBe(0);
  expect(JSON.parse(captured.stdout).summary).toMatchObject({
    yesNo: 0,
    multiChoice: null,
    ruleOnly: { yesNo: 0 },
    default: { yesNo: 50 },
    matched: { yesNo: 0 },
    predicted: 2,
    of: 4,
  });
});

test("score asks a judge about what no rule reads, once", async () => {
  const judge = join(folder, "judge.json");
  writeFileSync(judge, '{"Ground-Truth Answer: yes": "Correct", ".*": "Incorrect"}');
  const predictions = join(folder, "preds");
  mkdirSync(predictions);
  const said = [
    { question: "Is a circle shown?", prediction: "I think so" },
    { question: "Is a square shown?", prediction: "I think so" },
  ];
  writeFileSync(join(predictions, "yes_no.json"), JSON.stringify({ a: { action: said } }));
  const verdicts = join(folder, "verdicts");
  const args = ["score", "tempcompass", predictions, "--data", folder, "--judge", `scripted:${judge}`, "-o", verdicts];
  expect(await run([...args, "--json"])).toBe(0);
  expect(JSON.parse(captured.stdout).summary).toMatchObject({ yesNo: 50, ruleOnly: { yesNo: 0 }, unjudged: 0 });
  const lines = readFileSync(join(verdicts, "verdicts.jsonl"), "utf8");
  captured.stdout = "";
  expect(await run(args)).toBe(0);
  expect(captured.stdout).toContain("2 of 4 items have a prediction (50.0 %)");
  expect(readFileSync(join(verdicts, "verdicts.jsonl"), "utf8")).toBe(lines);
});

test("a budget holds for the judge too; verdicts before it is spent are kept", async () => {
  const judge = join(folder, "kept-judge.json");
  writeFileSync(judge, '{".*": "Correct"}');
  const predictions = join(folder, "unread");
  mkdirSync(predictions);
  const said = ["Is a circle shown?", "Is a square shown?"].map((question) => ({ question, prediction: "I think so" }));
  writeFileSync(join(predictions, "yes_no.json"), JSON.stringify({ a: { action: said } }));
  const verdicts = join(folder, "kept-verdicts");
  const args = ["score", "tempcompass", predictions, "--data", folder, "--judge", `scripted:${judge}`, "-o", verdicts];
  expect(await run([...args, "--max-requests", "1"])).toBe(1);
  expect(captured.stderr).toMatch(/1 requests are made \(--max-requests\)/);
  const lines = () => readFileSync(join(verdicts, "verdicts.jsonl"), "utf8").trim().split("\n");
  expect(lines()).toHaveLength(2);
  captured.stdout = "";
  expect(await run([...args, "--json"])).toBe(0);
  expect(JSON.parse(captured.stdout).summary).toMatchObject({ yesNo: 100, unjudged: 0 });
  expect(lines()).toHaveLength(3);
});

test("data check says what is there", async () => {
  expect(await run(["data", "check", "tempcompass", folder, "--json"])).toBe(0);
  expect(JSON.parse(captured.stdout).summary).toMatchObject({ items: 4, askable: 2, found: 1, missing: 1 });
});

test.each([
  [["score", "tempcompas", "x"], /benchmark \(tempcompass.*"tempcompas"/],
  [["score", "tempcompass", join(folder, "nothing")], /nothing there/],
  [["score", "tempcompass", join(folder, "videos")], /--data/],
  [["score", "video-mme", join(folder, "script.json"), "--data", folder], /Video-MME's rows/],
  [
    ["score", "video-mme", join(folder, "script.json"), "--data", folder, "--profile", "2023"],
    /--profile.*current, 2024-09.*"2023"/,
  ],
  [["eval", "mlvu", "--model", script], /--data/],
  [["eval", "tempcompass", "--data", folder, "--model", script, "--frames", "0"], /--frames.*"0"/],
  [["data", "check", "tvbench", folder], /TVBench's questions/],
  [["data", "check", "tempcompass", join(folder, "nothing")], /nothing at/],
])("%j ends with 1 and a sentence", async (args, message) => {
  expect(await run(args)).toBe(1);
  expect(captured.stderr).toMatch(message);
  expect(captured.stdout).toBe("");
});
