/** The commands around training files as a user types them: what they print, and how they end. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { writeConversations } from "../data/index.ts";
import { madeUpCaptions, synthesiseT3, t3Conversation } from "../synthesis/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { createContext } from "./context.ts";
import { createProgram } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "data-files-"));
const at = (name: string) => join(folder, name);
const captured = captureOutput();

beforeEach(async () => {
  const rows = [...synthesiseT3(madeUpCaptions(120, new Rng(1)), { seed: 1, rows: 90 })].map(t3Conversation);
  await writeConversations(at("t3.json"), rows, "llava");
});

async function run(...args: string[]): Promise<string> {
  captured.stdout = "";
  const context = createContext(() => true);
  const program = await createProgram(args, context);
  try {
    await program.parseAsync(args, { from: "user" });
  } finally {
    context.close();
  }
  return captured.stdout;
}
const summaryOf = (text: string) => (JSON.parse(text) as { summary: Record<string, unknown> }).summary;

test("convert tells the layout, writes the other one and its registry", async () => {
  expect(
    await run("convert", at("t3.json"), "--to", "llama-factory", "--name", "temporal", "-o", at("lf/t3.json")),
  ).toMatch(/^90 rows, llava -> llama-factory: /);
  expect(Object.keys(JSON.parse(readFileSync(at("lf/dataset_info.json"), "utf8")))).toEqual(["temporal"]);
  expect(summaryOf(await run("convert", at("lf/t3.json"), "--to", "swift", "-o", at("t3.jsonl"), "--json"))).toEqual({
    rows: 90,
    bad: 0,
    lost: 0,
  });
  await expect(run("convert", at("t3.json"), "--to", "swift", "--name", "x", "-o", at("x"))).rejects.toThrow(/--name/);
  await expect(run("convert", at("none.json"), "--to", "swift", "-o", at("x"))).rejects.toThrow(/none at .*none\.json/);
});

test("validate prints file, line and field, and ends with 100 where there is a fault", async () => {
  expect(await run("data", "validate", at("t3.json"))).toBe("90 rows (llava): no fault\n");
  expect(process.exitCode).toBeUndefined();
  writeFileSync(
    at("bad.jsonl"),
    '{"id": 1, "conversations": [{"from": "human", "value": ""}, {"from": "gpt", "value": "a"}]}\n',
  );
  const text = await run("data", "validate", at("bad.jsonl"));
  expect(text).toContain(`${at("bad.jsonl")}:1: conversations[0].value: expected text, got none`);
  expect(process.exitCode).toBe(100);
});

test("mix prints the ratio that was asked for and the one that came of it", async () => {
  await run("convert", at("t3.json"), "--to", "swift", "-o", at("instruct.jsonl"));
  const args = ["data", "mix", `${at("t3.json")}:20`, at("instruct.jsonl"), "--ratio", "2", "-o", at("mix.json")];
  expect(await run(...args)).toContain("ratio: 2 asked, 2.000 in rows");
  expect(summaryOf(await run(...args, "--json"))).toMatchObject({ rows: 60, nominalRatio: 2, realisedRatio: 2 });
  const short = await run(
    "data",
    "mix",
    `${at("t3.json")}:100`,
    at("instruct.jsonl"),
    "--ratio",
    "2",
    "-o",
    at("mix.json"),
  );
  expect(short).toContain("100 were asked for");
  expect(short).toContain("ratio: 2 asked, 1.000 in rows");
  await expect(run("data", "mix", at("t3.json"), "--ratio", "2", "-o", at("mix.json"))).rejects.toThrow(/two or more/);
  await expect(run("data", "mix", at("t3.json"), "--ratio", "0", "-o", at("mix.json"))).rejects.toThrow(/--ratio/);
});

test("leakage asks no model unless told to, and counts what a model leaves unparsed", async () => {
  expect(await run("data", "leakage", at("t3.json"))).toMatch(/90 questions of 90 rows/);
  writeFileSync(at("script.json"), '["who knows"]');
  const summary = summaryOf(
    await run("data", "leakage", at("t3.json"), "--model", `scripted:${at("script.json")}`, "--ask", "9", "--json"),
  );
  expect(summary).toMatchObject({ n: 90, solverInOrder: 100, modelInOrder: 0, modelBlind: 0 });
  writeFileSync(
    at("plain.jsonl"),
    '{"id": 1, "conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]}\n',
  );
  await expect(run("data", "leakage", at("plain.jsonl"))).rejects.toThrow(/no options 1/);
});

test("recipe prints the global batch and refuses GPUs that do not divide it", async () => {
  expect(await run("data", "recipe", "longva", "-o", at("longva"), "--data", at("t3.json"))).toContain(
    "global batch 64 = 8 GPUs x 1 row x 8 accumulation steps\n90 rows, 1 step",
  );
  expect(existsSync(at("longva/train.sh"))).toBe(true);
  await expect(run("data", "recipe", "longva", "-o", at("none"), "--gpus", "6")).rejects.toThrow(/got 6/);
  await expect(run("data", "recipe", "gpt", "-o", at("none"))).rejects.toThrow(/longva, qwen2-vl-7b/);
  expect(existsSync(at("none"))).toBe(false);
});

test("hotpot makes control rows and says what a limit drops", async () => {
  const entry = { _id: "1", question: "Who?", answer: "Ada", context: [["Ada", ["She wrote.", " Programs."]]] };
  writeFileSync(
    at("hotpot.json"),
    JSON.stringify([entry, { ...entry, _id: "2", question: `Who ${"really ".repeat(40)}?` }, { _id: "3" }]),
  );
  const text = await run("synth", "hotpot", at("hotpot.json"), "-o", at("control.json"), "--max-words", "30");
  expect(text).toContain("1 rows -> ");
  expect(text).toContain("dropped 1: more than 30 words");
  expect(text).toContain("dropped 1: no HotpotQA entry (question)");
});
