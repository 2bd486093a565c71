import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openVideo } from "../media/video/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "ground-"));
const clip = "examples/red-circle-grows.mp4";
const script = join(folder, "script.json");
const captured = captureOutput();
afterAll(() => rmSync(folder, { recursive: true }));

function says(...replies: string[]): string {
  writeFileSync(script, JSON.stringify(replies));
  return `scripted:${script}`;
}

test("numbers of a reply become the seconds of the numbered frames", async () => {
  const model = says("From Frame 1 to Frame 6.");
  expect(await run(["ground", clip, "it grows", "-m", model, "--fps", "2", "--json"])).toBe(0);
  const { summary, frames, prompt, numbers } = JSON.parse(captured.stdout);
  expect(summary).toMatchObject({ start: 0.5, end: 3, answered: 1, unparsed: 0, frames: 10 });
  expect(frames[6]).toEqual({ number: 6, time: 3, index: 24 });
  expect([prompt, numbers]).toEqual(["numpro", true]);
});

test("several queries are answered each, and the same answer again and again is said to be so", async () => {
  const model = says("From Frame 1 to Frame 2.", "From Frame 1 to Frame 2.", "From frame x to frame y");
  expect(await run(["ground", clip, "a", "b", "c", "-m", model])).toBe(0);
  expect(captured.stdout).toContain("a: 1.00 s to 2.00 s");
  expect(captured.stdout).toContain("c: no moment could be read");
  expect(captured.stdout).toContain("repeats the words of the question's format");
  expect(captured.stdout).toContain("100 % of the readable answers are the same interval, 20 to 40 %");
});

test("without numbers the reply is in seconds", async () => {
  expect(await run(["ground", clip, "it grows", "-m", says("From 1.5 to 4 seconds"), "--no-numbers", "--json"])).toBe(
    0,
  );
  const { summary, prompt, numbers } = JSON.parse(captured.stdout);
  expect(summary).toMatchObject({ start: 1.5, end: 4 });
  expect([prompt, numbers]).toEqual(["times", false]);
});

test("highlights have seconds and scores, and a repeated example is called out", async () => {
  const model = says(
    "The highlight frames are in the 0, 1, 2, 80 frames. Their saliency scores are 1.3, 1.5, 2.6, 3.0",
  );
  expect(await run(["ground", clip, "it grows", "-m", model, "--highlights"])).toBe(0);
  expect(captured.stdout).toContain("frame 1  2.00 s  score 1.5");
  expect(captured.stdout).toContain("1 of the numbers are on no frame");
  expect(captured.stdout).toContain("do not trust these scores");
});

test("all events come in seconds, without a query", async () => {
  const model = says(
    '[{"event": "it grows", "timestamps": "from 00 to 49"}, {"event": "it stays", "timestamps": "from 50 to 99"}]',
  );
  expect(await run(["ground", clip, "--events", "-m", model])).toBe(0);
  // Index 49 ends where 50 begins: 2.5 s of 5 s.
  expect(captured.stdout).toContain("0.00 s to 2.50 s  it grows\n2.50 s to 5.00 s  it stays\n100 frames of");
  expect(await run(["ground", clip, "-m", model])).toBe(1);
  expect(await run(["ground", clip, "x", "--events", "-m", model])).toBe(1);
  expect(captured.stderr).toContain('Expected no query with --events, got "x"');
});

test.each([
  [["--fps", "0"], /--fps.*"0"/],
  [["--color", "reddish"], /--color.*"reddish"/],
  [["--prompt", "hello"], /--prompt.*"hello"/],
  [["--highlights", "--no-numbers"], /Leave one of them out/],
  [["--prompt", "vtimellm", "--fps", "1"], /100 frames evenly/],
])("ground %j is refused", async (flags, message) => {
  expect(await run(["ground", clip, "it grows", "-m", says("x"), ...flags])).toBe(1);
  expect(captured.stderr).toMatch(message);
});

test("overlay writes a numbered copy with the same times", async () => {
  const output = join(folder, "numbered.mp4");
  expect(await run(["overlay", clip, "-o", output, "--rate", "2", "--json"])).toBe(0);
  expect(JSON.parse(captured.stdout).summary).toMatchObject({
    frames: 40,
    labelled: 40,
    first: "0",
    last: "9",
    audio: null,
  });
  await using copy = await openVideo(output);
  await using original = await openVideo(clip);
  expect(Array.from(copy.timeline().timestamps)).toEqual(Array.from(original.timeline().timestamps));
});

test.each([
  [["--clock", "--rate", "2"], /no --rate with --clock/],
  [["--by", "frame", "--rate", "2"], /no --rate with --by frame/],
  [["--font-size", "900"], /fit in 128x128/],
  [["--position", "middle"], /--position.*"middle"/],
])("overlay %j is refused and writes nothing", async (flags, message) => {
  const output = join(folder, "refused.mp4");
  expect(await run(["overlay", clip, "-o", output, ...flags])).toBe(1);
  expect(captured.stderr).toMatch(message);
  expect(existsSync(output)).toBe(false);
});
