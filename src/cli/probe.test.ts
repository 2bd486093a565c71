/** The commands as typed: probing videos are made, asked about with a scripted model, and reported. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { captureOutput } from "./captured-output.fixture.ts";
import { createContext } from "./context.ts";
import { createProgram } from "./program.ts";

let folder: string;
const captured = captureOutput();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "probe-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<void> {
  captured.stdout = "";
  const program = await createProgram(
    args,
    createContext(() => true),
  );
  await program.parseAsync(args, { from: "user" });
}

test("a set is made, asked about and reported; summaries are flat", async () => {
  const data = join(folder, "data");
  await run("synth", "probing", "-o", data, "--aspects", "order", "--per-class", "3", "--size", "32", "--json");
  expect(JSON.parse(captured.stdout)).toMatchObject({
    command: "synth probing",
    summary: { aspects: 1, videos: 12, files: 12, captions: 6 },
    aspectIds: ["order"],
  });
  const script = join(folder, "replies.json");
  writeFileSync(script, JSON.stringify({ "red star, blue heart\\. \\(B\\)": "(A)", ".*": "(B)" }));
  const out = join(folder, "out");
  const flags = ["--data", data, "--model", `scripted:${script}`, "--arms", "video,captions", "--out", out];
  await run("probe", ...flags, "--mode", "parity", "--json");
  const { summary, report, rows } = JSON.parse(captured.stdout);
  // T3's letters are fixed: (A) is right for the first of two classes.
  expect(summary).toMatchObject({ orderFull: 50, orderDecoder: 50, orderProbe: null });
  for (const value of Object.values(summary)) expect(["number", "object"]).toContain(typeof value);
  expect(rows[0]).toMatchObject({ label: "order", full: { n: 6, unparsed: 0, compat: 50 } });
  expect(readFileSync(report, "utf8")).toContain("Where accuracy is lost");
  await run("probe", ...flags, "--mode", "parity");
  expect(captured.stdout).toMatch(/order +6 +50\.0 +50\.0 \[/);
  expect(existsSync(join(out, "video.jsonl"))).toBe(true);
});

test.each([
  [["synth", "probing", "-o", "x", "--items", "cat,dog,bird"], /got "cat"/],
  [["synth", "probing", "-o", "x", "--size", "33"], /--size.*33/],
  [["synth", "probing", "-o", "x", "--aspects", "speed"], /Expected aspects .*"speed"/],
  [["synth", "probing", "-o", "x", "--per-class", "0"], /--per-class.*"0"/],
  [["probe", "--mode", "strict"], /--mode.*"strict"/],
  [["probe", "--features", "llm-layer"], /--features.*"llm-layer"/],
  [["probe", "--arms", "video,audio"], /--arms.*"audio"/],
  [["probe", "--model", "scripted:none.json"], /visual tokens.*scripted:none\.json/],
  [["probe", "--data", "no-such-folder", "--model", "micro"], /got "no-such-folder"/],
])("%s is refused in a sentence", async (args, message) => {
  await expect(run(...args)).rejects.toThrow(message);
  expect(existsSync("x")).toBe(false);
});
