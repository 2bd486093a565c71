/**
 * The runs commands as users meet them. Oracles: a scripted evaluation whose figures are known, and `zoetrope score` on the same
 * files; released predictions are read from the shared data, not from this repository.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { orderScript, wholeVocabulary, writeWorldVideo } from "../world/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-cli-runs-"));
const runs = join(folder, "runs");
const captured = captureOutput();

/** Four yes-or-no questions about two videos; "yes" is right twice. */
beforeAll(async () => {
  const truths = [
    { question: "Is a circle shown?", answer: "yes" },
    { question: "Is a square shown?", answer: "no" },
  ];
  mkdirSync(join(folder, "data", "questions"), { recursive: true });
  writeFileSync(
    join(folder, "data", "questions", "yes_no.json"),
    JSON.stringify({ a: { action: truths }, b: { action: truths } }),
  );
  for (const video of ["a", "b"]) {
    await writeWorldVideo(
      join(folder, "data", "videos", `${video}.mp4`),
      orderScript(new Rng(video), wholeVocabulary),
      { width: 64, height: 48 },
    );
  }
  writeFileSync(join(folder, "yes.json"), '["Yes."]');
  writeFileSync(join(folder, "right.json"), '{"circle": "yes, it is", "square": "no"}');
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  captured.stdout = "";
});

async function evaluate(name: string, script: string, frames = "4"): Promise<void> {
  const flags = [
    "--data",
    join(folder, "data"),
    "--model",
    `scripted:${join(folder, script)}`,
    "--frames",
    frames,
    "-o",
    join(runs, name),
    "-q",
  ];
  expect(await run(["eval", "tempcompass", ...flags])).toBe(0);
  captured.stdout = "";
}
const json = () => JSON.parse(captured.stdout);

test("list and show tell of a run what its log holds", async () => {
  await evaluate("yes", "yes.json");
  await evaluate("right", "right.json");
  expect(await run(["runs", "list", "--runs", runs, "--json"])).toBe(0);
  expect(json().summary).toEqual({ runs: 2, complete: 2, open: 0, brokenOff: 0, unreadable: 0 });
  const scores = json().runs.map(({ name, headline }: { name: string; headline: { value: number } }) => [
    name,
    headline.value,
  ]);
  expect(Object.fromEntries(scores)).toEqual({ yes: 50, right: 100 });
  captured.stdout = "";
  expect(await run(["runs", "show", "yes", "--runs", runs, "--json"])).toBe(0);
  expect(json().summary).toMatchObject({ samples: 4, accuracy: 50, accuracyN: 4, read: 4, unparsed: 0 });
  expect(json().fingerprint.parts).toMatchObject({
    sampler: "linspace 4",
    parser: "official",
    benchmark: "tempcompass official",
  });
  captured.stdout = "";
  expect(await run(["runs", "show", "yes", "--runs", runs])).toBe(0);
  expect(captured.stdout).toMatch(/4 of 4 samples .*: 4 read\.[\s\S]*accuracy {2}50\.0[\s\S]*fingerprint [0-9a-f]{16}/);
});

test("show --sample prints prompt, reply, parse and frames, by id or by place", async () => {
  for (const sample of ["yes_no/a/action/1", "1"]) {
    captured.stdout = "";
    expect(await run(["runs", "show", "yes", "--runs", runs, "--sample", sample])).toBe(0);
    expect(captured.stdout).toMatch(
      /Is a square shown\?[\s\S]*reply[\s\S]*Yes\.[\s\S]*target: no[\s\S]*parse: read by[\s\S]*accuracy 0/,
    );
    expect(captured.stdout).toMatch(/4 by linspace 4, mediabunny .*\n\s+0\.000 s \(0\)/);
  }
  captured.stdout = "";
  expect(await run(["runs", "show", "yes", "--runs", runs, "--sample", "yes_no/a/action/1", "--json"])).toBe(0);
  expect(json()).toMatchObject({
    summary: { status: "read", frames: 4 },
    sample: { doc: { video: "a" }, resps: [["Yes."]] },
  });
});

test("compare says first in what runs differ, then by how much", async () => {
  expect(await run(["runs", "compare", "yes", "right", "--runs", runs])).toBe(0);
  const [differ, table] = [captured.stdout.indexOf("They differ in"), captured.stdout.indexOf("4 common samples")];
  expect(differ).toBeGreaterThan(0);
  expect(table).toBeGreaterThan(differ);
  expect(captured.stdout).toContain("both right 2, only A 0, only B 2, neither 0; McNemar's exact p = 0.5000");
  captured.stdout = "";
  expect(await run(["runs", "compare", "yes", "right", "--runs", runs, "--json"])).toBe(0);
  expect(json().summary).toMatchObject({
    metric: "accuracy",
    n: 4,
    a: 50,
    b: 100,
    difference: 50,
    p: 0.5,
    differs: "model",
  });
});

test("rescore reads anew beside the record, as others would, and into a run of its own", async () => {
  expect(await run(["runs", "rescore", "right", "--runs", runs, "--json"])).toBe(0);
  expect(json()).toMatchObject({ summary: { recorded: 100, low: 100, high: 100, readings: 2 } });
  captured.stdout = "";
  const output = join(runs, "right-default.jsonl");
  expect(await run(["runs", "rescore", "right", "--runs", runs, "--parser", "default", "-o", output])).toBe(0);
  captured.stdout = "";
  expect(await run(["runs", "compare", "right", "right-default", "--runs", runs, "--json"])).toBe(0);
  expect(json().summary).toMatchObject({ difference: 0, differs: "parser" });
  captured.stdout = "";
  const again = join(folder, "again.jsonl");
  expect(await run(["runs", "rescore", "right", "--runs", runs, "--as", "all", "--ask-again", again, "--json"])).toBe(
    0,
  );
  expect(json().summary).toMatchObject({ recorded: 100, "askAgain.lmms-eval": 0, "askAgain.vlmevalkit": 4 });
  expect(json().presets[0]).toMatchObject({
    preset: "lmms-eval",
    reads: null,
    frames: { same: 4, other: 0, unknown: 0 },
    evenly: 0,
  });
  expect(JSON.parse(readFileSync(again, "utf8").split("\n")[0] as string)).toMatchObject({
    as: "vlmevalkit",
    id: "yes_no/a/action/0",
  });
});

test("export writes to stdout or to a file, and what it writes comes back", async () => {
  expect(await run(["runs", "export", "right", "--runs", runs, "--to", "csv"])).toBe(0);
  expect(captured.stdout.split("\n")[0]).toBe(
    "doc_id,id,video,status,rule,reason,accuracy,target,reply,start,end,frames,input",
  );
  captured.stdout = "";
  const samples = join(folder, "out_samples_tempcompass.jsonl");
  expect(await run(["runs", "export", "right", "--runs", runs, "--to", "lmms-eval", "-o", samples, "--json"])).toBe(0);
  expect(json().summary).toEqual({ lines: 4, skipped: 0 });
  captured.stdout = "";
  expect(await run(["runs", "import", samples, "--runs", runs, "--json"])).toBe(0);
  expect(json()).toMatchObject({ format: "lmms-eval", summary: { accuracy: 100 }, recorded: { counts: { read: 4 } } });
});

test.each<[string[], RegExp]>([
  [["runs", "show", "nobody"], /got "nobody"; there are .*yes/],
  [["runs", "show", "yes", "--sample", "x"], /a sample of .*yes_no\/a\/action\/0.*"x"/],
  [["runs", "compare", "yes", "right", "--metric", "iou"], /--metric.*accuracy.*"iou"/],
  [["runs", "rescore", "yes", "--parser", "x"], /official, default.*"x"/],
  [["runs", "rescore", "yes", "--as", "x"], /lmms-eval.*"x"/],
  [["runs", "rescore", "yes", "--convention", "strict"], /--parser for a run of choices/],
  [["runs", "rescore", "yes", "-o", "x.jsonl"], /--parser or --convention with -o/],
  [["runs", "rescore", "yes", "--ask-again", "x"], /--as with --ask-again/],
  [["runs", "export", "yes", "--to", "xlsx"], /lmms-eval, qvhighlights, vtimellm, csv.*"xlsx"/],
  [["runs", "export", "yes", "--to", "qvhighlights"], /got choice/],
  [["runs", "export", "yes", "--to", "csv", "--json"], /-o with --json/],
  [["runs", "import", "nothing.jsonl"], /nothing there/],
])("%j ends with 1 and a sentence", async (args, message) => {
  expect(await run([...args, "--runs", runs])).toBe(1);
  expect(captured.stderr).toMatch(message);
  expect(captured.stderr.trimEnd()).not.toContain("\n");
  expect(captured.stdout).toBe("");
});

const data = join(process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../../shared"), "data");
const reason = existsSync(join(data, "timechat_examples")) ? "" : " (skipped: no shared/data)";
const qv = ["--truth", join(data, "qvhighlights/highlight_val_release.jsonl")];
const timechat = (part: string) => [
  join(data, "timechat_examples", part, "predictions.json"),
  "--truth",
  join(data, "timechat_examples", part, "ground_truth.json"),
];

describe.skipIf(reason !== "")(`released files have the scores that "zoetrope score" gives them${reason}`, () => {
  test.each<[string, string, string[]]>([
    ["TempCompass, Video-LLaVA", "tempcompass", [join(data, "tempcompass/predictions/video-llava")]],
    [
      "TempCompass without a judge",
      "tempcompass",
      [join(data, "tempcompass/predictions/video-llava"), "--no-judgements"],
    ],
    ["QVHighlights' sample submission", "qvhighlights", [join(data, "qvhighlights/sample_val_preds.jsonl"), ...qv]],
    ["TimeChat, highlights", "qvhighlights", timechat("vhd")],
    ["TimeChat, grounding", "charades-sta", timechat("tvg")],
    ["TimeChat, grounding by our rules", "charades-sta", [...timechat("tvg"), "--convention", "strict"]],
    ["TimeChat, dense captions", "youcook2", timechat("dvc")],
  ])(
    "%s",
    async (name, benchmark, args) => {
      expect(await run(["score", benchmark, ...args, "--json", "-q"])).toBe(0);
      const { summary } = json();
      captured.stdout = "";
      const output = join(folder, `${name.replace(/\W+/g, "-")}.jsonl`);
      expect(await run(["runs", "import", ...args, "-o", output, "--json", "-q"])).toBe(0);
      expect(json().summary).toEqual(summary);
    },
    300_000,
  );

  test("Video-LLaVA's official average is what its log records", async () => {
    const log = join(folder, "TempCompass-Video-LLaVA.jsonl");
    expect(await run(["runs", "show", log, "--json"])).toBe(0);
    // The release: 49.77 over all 7,540 items.
    expect(json().summary.accuracy).toBeCloseTo(49.77, 2);
    expect(json().summary).toMatchObject({ samples: 7540, read: 7540 });
  }, 300_000);
});
