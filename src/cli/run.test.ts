/** The program as users meet it: statuses, one sentence on stderr, stdout for results alone. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { packageFolder } from "../core/files/index.ts";
import { Rng } from "../core/math/index.ts";
import { decodeImage } from "../media/image/index.ts";
import { openVideo } from "../media/video/index.ts";
import { orderScript, wholeVocabulary, writeWorldVideo } from "../world/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-cli-"));
const video = join(folder, "clip.mp4");
const script = `scripted:${join(folder, "script.json")}`;
const absent = join(folder, "absent.mp4");
const captured = captureOutput();

beforeAll(async () => {
  await writeWorldVideo(video, orderScript(new Rng(1), wholeVocabulary), { width: 64, height: 48 });
  writeFileSync(join(folder, "script.json"), '{"first": "(A) red", ".*": "no idea"}');
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  [["inspect", absent], /no such file/],
  [["inspect", folder], /folder/],
  [["ask", video, " ", "--model", script], /empty/],
  [["ask", absent, "What?", "--model", script], /no such file/],
  [["ask", video, "What?", "--model", "mirco"], /"mirco"/],
  [["ask", video, "What?", "--model", "http://me:secret@127.0.0.1/v1"], /without user name/],
  [["ask", video, "What?", "--model", script, "--price", "cheap"], /--price.*"cheap"/],
  [["ask", video, "What?", "--model", script, "--max-cost", "1"], /Pass --price/],
  [["ask", video, "What?", "--model", script, "--frames", "0"], /--frames.*"0"/],
  [["ask", video, "What?", "--model", script, "--sampler", "odd"], /--sampler.*linspace.*"odd"/],
  [["ask", video, "What?", "--model", script, "--options", "a|a"], /--options.*"a\|a"/],
  [["train", "macro"], /recipe \(.*"macro"/],
  [["train", "micro", "--stage", "odd"], /--stage.*"odd"/],
  [["train", "micro", "--steps-scale", "-1"], /--steps-scale.*"-1"/],
  [["reproduce", "t3", "--seeds", "none"], /--seeds.*"none"/],
  [["reproduce", "t3", "--seed", "-1"], /--seed.*"-1"/],
])("%j ends with 1, one line on stderr and nothing on stdout", async (args, message) => {
  expect(await run(args)).toBe(1);
  expect(captured.stderr).toMatch(message);
  expect(captured.stderr).toMatch(/^zoetrope: .*\n$/);
  expect(captured.stdout).toBe("");
});

test.each([[["aks"]], [["ask", video]], [["inspect", video, "--depe"]], [["reproduce", "t4"]]])(
  "%j is a usage error",
  async (args) => {
    expect(await run(args)).toBe(1);
    expect(captured.stderr).toMatch(/^error: .*\n/);
    expect(captured.stdout).toBe("");
  },
);

test("the stack comes only with ZOETROPE_DEBUG=1", async () => {
  vi.stubEnv("ZOETROPE_DEBUG", "1");
  expect(await run(["inspect", absent])).toBe(1);
  expect(captured.stderr).toMatch(/\n {4}at .*\n.*Caused by/s);
});

test.each([[[]], [["--help"]], [["help"]]])("%j prints the commands on stdout", async (args) => {
  expect(await run(args)).toBe(0);
  for (const command of ["ask", "inspect", "reproduce", "train", "synth", "models"])
    expect(captured.stdout).toMatch(new RegExp(`^ {2}${command} `, "m"));
});

test.each([["ask"], ["inspect"], ["reproduce", "t3"], ["train"], ["synth", "t3"], ["models", "verify"]])(
  "the help of %s %s has an example",
  async (...command) => {
    expect(await run([...command, "--help"])).toBe(0);
    expect(captured.stdout).toContain(`$ zoetrope ${command.join(" ")}`);
  },
);

test("ask prints the answer and the seconds that the model saw", async () => {
  expect(await run(["ask", video, "What is first?", "-m", script, "--frames", "3", "--options", "red|green"])).toBe(0);
  await using opened = await openVideo(video);
  const { timestamps } = opened.timeline();
  const last = timestamps.length - 1;
  const times = [0, Math.floor(last / 2), last].map((index) => (timestamps[index] as number).toFixed(2));
  expect(captured.stdout).toBe(`(A) red\n${script} saw 3 frames (linspace), at ${times.join(", ")} s\n`);
});

test("ask says when a reply chooses none of the options", async () => {
  expect(await run(["ask", video, "What is last?", "-m", script, "--options", "red|green"])).toBe(0);
  expect(captured.stdout).toMatch(/^no idea\nchooses none of the options: /);
});

test("ask --json is one object with a flat summary, and --show-frames writes the strip", async () => {
  const strip = join(folder, "strip.png");
  expect(await run(["ask", video, "What is first?", "-m", script, "--json", "--show-frames", strip])).toBe(0);
  const { summary, frames, reply } = JSON.parse(captured.stdout);
  expect(summary).toMatchObject({ answer: "(A) red", choice: null, frames: 8, firstFrame: 0 });
  expect(frames).toHaveLength(8);
  expect(reply.text).toBe("(A) red");
  const { width, height } = await decodeImage(strip);
  expect([width, height]).toEqual([8 * 64 + 7 * 4, 48]);
});

test("inspect prints a table; with --json the report and a flat summary", async () => {
  expect(await run(["inspect", video])).toBe(0);
  expect(captured.stdout).toMatch(/^picture +64x48$/m);
  expect(captured.stdout).toMatch(/^rate .*constant$/m);
  captured.stdout = "";
  expect(await run(["inspect", video, "--json"])).toBe(0);
  const { summary, report } = JSON.parse(captured.stdout);
  expect(summary).toMatchObject({ width: 64, height: 48, brokenParts: 0, isVariableRate: false });
  expect(report.frameCount).toBe(summary.frameCount);
});

test("a video of which nothing decodes ends with 1 after its table", async () => {
  const cut = join(folder, "cut.mp4");
  const bytes = readFileSync(video);
  // What lies between the boxes of an mp4 is picture data: zeros there leave the timestamps readable.
  const data = bytes.indexOf("mdat") + 4;
  const end = bytes.indexOf("moov") > data ? bytes.indexOf("moov") - 4 : bytes.length;
  writeFileSync(cut, Buffer.concat([bytes.subarray(0, data), Buffer.alloc(end - data), bytes.subarray(end)]));
  expect(await run(["inspect", cut])).toBe(1);
  expect(captured.stdout).toMatch(/frames lost/);
  expect(captured.stderr).toMatch(/^zoetrope: .*none of its frames decodes/);
});

test("a process of its own has the status and survives a reader that leaves early", () => {
  const main = `"${process.execPath}" --import tsx src/cli/main.ts`;
  const shell = (command: string) =>
    spawnSync("bash", ["-c", command], {
      cwd: packageFolder(),
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: "" },
    });
  expect(shell(`${main} --version`).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(shell(`${main} inspect "${absent}"`).status).toBe(1);
  const piped = shell(`${main} --help | true; echo "\${PIPESTATUS[0]}"`);
  expect(piped.stdout).toBe("0\n");
  expect(piped.stderr).toBe("");
});
