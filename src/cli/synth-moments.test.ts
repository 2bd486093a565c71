import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { staticScript, trainVocabulary, writeWorldVideo } from "../world/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "synth-moments-"));
const annotations = join(folder, "captions.json");
const output = join(folder, "out.json");
const captured = captureOutput();
beforeEach(() => {
  writeFileSync(
    annotations,
    JSON.stringify({
      v_long: {
        duration: 100,
        timestamps: [
          [0, 40],
          [45, 70],
          [72, 100],
        ],
        sentences: ["A man runs.", " He sits.", "He eats."],
      },
      v_short: {
        duration: 10,
        timestamps: [
          [0, 4],
          [5, 9.5],
          [9.6, 10.2],
        ],
        sentences: ["A dog.", "A cat.", "A cow."],
      },
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const rows = (path = output) => JSON.parse(readFileSync(path, "utf8"));

test("numpro writes a row a moment, and says which are sampled more sparsely", async () => {
  expect(await run(["synth", "numpro", "--annotations", annotations, "-o", output, "--json"])).toBe(0);
  const { summary, format } = JSON.parse(captured.stdout);
  expect(format).toBe("activitynet-captions");
  expect(summary).toMatchObject({ rows: 6, videos: 2, skipped: 0, sparser: 3 });
  expect(summary.longestTokens).toBeLessThanOrEqual(4096);
  expect(rows()[3].conversations).toEqual([
    { from: "human", value: "<image>\nDuring which frames can we see A dog.?" },
    { from: "gpt", value: "From 0 to 2." },
  ]);
});

test("with a folder of videos the files' own lengths count, and missing ones are named", async () => {
  const script = staticScript(new Rng(1), trainVocabulary, { frames: 48 });
  await writeWorldVideo(join(folder, "v_short.mp4"), script, { width: 32, height: 32 });
  expect(await run(["synth", "numpro", "--annotations", annotations, "--videos", folder, "-o", output, "--json"])).toBe(
    0,
  );
  const { problems } = JSON.parse(captured.stdout);
  expect(rows().every(({ meta }: { meta: { duration: number } }) => meta.duration === 48 / script.fps)).toBe(true);
  const what = problems
    .map((problem: { what: string; names: string[] }) => `${problem.what}: ${problem.names}`)
    .join("; ");
  expect(what).toContain("without a file (left out): v_long");
  expect(what).toContain("differs from the annotation by more than 1 s (the file counts): v_short");
});

test("vtimellm's stages 2 and 3 keep seconds, --times writes them out, and numpro takes the file on", async () => {
  const stage2 = join(folder, "stage2.json");
  expect(await run(["synth", "vtimellm", "--stage", "2", "--annotations", annotations, "-o", stage2])).toBe(0);
  expect(captured.stdout).toContain("1 rows of stage 2");
  expect(captured.stdout).toContain("an event of 3 s or less");
  expect(rows(stage2)[0].meta).toEqual({
    duration: 100,
    token: { "<s0>": 0, "<e0>": 40, "<s1>": 45, "<e1>": 70, "<s2>": 72, "<e2>": 100 },
  });
  const written = [
    "synth",
    "vtimellm",
    "--stage",
    "2",
    "--annotations",
    annotations,
    "-o",
    output,
    "--times",
    "vtimellm",
  ];
  expect(await run([...written, "--filter", "none", "--dense-share", "0.99"])).toBe(0);
  expect(rows()[0].conversations[1].value).toBe(
    "From 00 to 40, a man runs. From 45 to 70, he sits. From 72 to 99, he eats.",
  );
  expect(await run(["synth", "numpro", "--annotations", stage2, "--rate", "0.2", "-o", output])).toBe(0);
  expect(JSON.stringify(rows()[0].conversations)).not.toMatch(/<[se]\d+>/);
  expect(await run(["synth", "vtimellm", "--stage", "3", "--annotations", annotations, "-o", output])).toBe(0);
  expect(rows()[0].conversations.length).toBe(8);
});

test("stage 3 by a writer keeps good dialogues, counts bad ones, and asks nothing twice", async () => {
  const script = join(folder, "script.json");
  const good = "User: When does he eat?\nAssistant: From <s2> to <e2>.";
  writeFileSync(script, JSON.stringify({ "A man runs": good, ".*": "I cannot." }));
  const asked = [
    "synth",
    "vtimellm",
    "--stage",
    "3",
    "--annotations",
    annotations,
    "--filter",
    "none",
    "--writer",
    `scripted:${script}`,
  ];
  expect(await run([...asked, "-o", output, "--json"])).toBe(0);
  const { summary, skipped } = JSON.parse(captured.stdout);
  expect(summary).toMatchObject({ rows: 1, skipped: 1, cutEvents: 1 });
  expect(skipped).toEqual({ "dialogue with no whole pairs of question and answer": 1 });
  expect(rows()[0].conversations[0].value).toBe("<video>\nWhen does he eat?");
  const kept = readFileSync(`${output}.replies.jsonl`, "utf8");
  expect(kept.trim().split("\n").length).toBe(2);
  expect(await run([...asked, "-o", output])).toBe(0);
  expect(readFileSync(`${output}.replies.jsonl`, "utf8")).toBe(kept);
});

test("stage 1 takes pictures with captions", async () => {
  const pictures = join(folder, "pictures.json");
  const turns = [
    { from: "human", value: "Describe.\n<image>" },
    { from: "gpt", value: "a cat on a mat" },
  ];
  writeFileSync(pictures, JSON.stringify([{ id: "1", image: "00/1.jpg", conversations: turns }]));
  expect(await run(["synth", "vtimellm", "--stage", "1", "--annotations", pictures, "-o", output])).toBe(0);
  expect(rows()[0]).toMatchObject({ image: "00/1.jpg", conversations: [{}, { value: "a cat on a mat" }] });
  expect(rows()[0].conversations[0].value).toContain("<video>\n");
});

test.each([
  [["numpro", "--overflow", "cut"], /--overflow.*"cut"/],
  [["numpro", "--context", "100"], /text alone fills the context 6/],
  [["vtimellm", "--stage", "4"], /--stage.*"4"/],
  [["vtimellm", "--stage", "2", "--writer", "micro"], /--writer with --stage 3 only/],
  [["vtimellm", "--stage", "3", "--filter", "stage3-didemo", "--rows", "0"], /--rows.*"0"/],
  [["numpro", "--videos", "nowhere"], /--videos to be a folder.*"nowhere"/],
])("%j is refused, and what was there stays", async ([kind, ...flags], message) => {
  writeFileSync(output, "before");
  expect(await run(["synth", kind as string, "--annotations", annotations, "-o", output, ...flags])).toBe(1);
  expect(captured.stderr).toMatch(message);
  expect(readFileSync(output, "utf8")).toBe("before");
});
