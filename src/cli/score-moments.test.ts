/** `zoetrope score` for moments as users meet it: one object or one table on stdout, one sentence where something is wrong. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-cli-moments-"));
const output = captureOutput();
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const charades = write(
  "charades_sta_test.txt",
  "AAA 10 20##a person sits.\nAAA 0 8##a person runs.\nBBB 4 12##a dog.\n",
);
write("Charades_v1_test.csv", "id,length\nAAA,40\nBBB,20\n");
const captions = write(
  "val.json",
  JSON.stringify({
    AAA: {
      duration: 40,
      timestamps: [
        [10, 20],
        [0, 8],
      ],
      sentences: ["sits", "runs"],
    },
  }),
);

test("charades-sta scores replies and spans, counts what is missing or odd, and names it", async () => {
  const replies = write(
    "replies.jsonl",
    '{"id": 0, "text": "From 10 to 20 s"}\n{"id": 1, "text": "It does not happen."}\n{"id": 7, "text": "0-1 s"}',
  );
  expect(await run(["score", "charades-sta", replies, "--truth", charades, "--json"])).toBe(0);
  const { summary, convention, problems, faults } = JSON.parse(output.stdout);
  expect(convention).toBe("strict");
  expect(summary).toMatchObject({ n: 3, unparsed: 1, predicted: 2, of: 3 });
  expect(summary.r1At07).toBeCloseTo(100 / 3, 9);
  expect(summary.miou).toBeCloseTo(100 / 3, 9);
  expect(summary.coverage).toBeCloseTo(2 / 3, 9);
  expect(problems.map(({ what }: { what: string }) => what.split(" (")[0])).toEqual([
    "queries without a prediction",
    "predictions of no known query",
    "answers that refuse",
  ]);
  expect(
    faults.filter(({ count }: { count: number }) => count > 0).map(({ fault }: { fault: string }) => fault),
  ).toEqual(["refused", "missing"]);
});

test("a file in a project's layout is scored its way, unless a convention is named", async () => {
  const timeChat = write(
    "timechat.json",
    '{"0": {"timestamp": [[20, 10]], "query": "a person sits.", "vid": "AAA.mp4"}}',
  );
  expect(await run(["score", "charades-sta", timeChat, "--truth", charades, "--json"])).toBe(0);
  expect(JSON.parse(output.stdout)).toMatchObject({
    convention: "timechat",
    summary: { n: 1, r1At07: 100, strictMiou: 0 },
  });
  output.stdout = "";
  expect(await run(["score", "charades-sta", timeChat, "--truth", charades, "--convention", "strict"])).toBe(0);
  expect(output.stdout).toContain("convention strict: 1 of 3 queries have a prediction (33.3 %)");
  expect(output.stdout).toMatch(/reversed +1 /);
});

test("activitynet-captions goes to grounding for a log of VTimeLLM's grounding", async () => {
  const row = { video_id: "AAA", task: "grounding", query_id: 0, answer: "From 25 to 50.", info: { sentence_id: 0 } };
  const log = write("vtimellm.log", JSON.stringify(row));
  expect(await run(["score", "activitynet-captions", log, "--truth", captions, "--json"])).toBe(0);
  expect(JSON.parse(output.stdout)).toMatchObject({
    task: "grounding",
    convention: "vtimellm",
    summary: { miou: 100, n: 1 },
  });
});

test("frame numbers become seconds by the rate at which the model saw frames", async () => {
  const replies = write("frames.jsonl", '{"id": 0, "text": "From frame 5 to frame 10."}');
  const flags = ["--truth", charades, "--frame-rate", "0.5", "--json"];
  expect(await run(["score", "moments", replies, ...flags])).toBe(0);
  expect(JSON.parse(output.stdout).queries[0]).toMatchObject({ iou: 1, start: 10, end: 20 });
});

test("qvhighlights prints the official keys", async () => {
  const truth = {
    qid: 1,
    query: "x",
    vid: "v",
    duration: 8,
    relevant_windows: [[0, 4]],
    relevant_clip_ids: [0, 1],
    saliency_scores: [
      [4, 3, 2],
      [4, 4, 4],
    ],
  };
  const gt = write("gt.jsonl", JSON.stringify(truth));
  const preds = write(
    "preds.jsonl",
    '{"qid": 1, "pred_relevant_windows": [[0, 4, 0.9]], "pred_saliency_scores": [0, 1, 0, 0]}',
  );
  expect(await run(["score", "qvhighlights", preds, "--truth", gt, "--json"])).toBe(0);
  expect(JSON.parse(output.stdout).summary).toMatchObject({
    "MR-full-mAP": 100,
    "MR-long-mAP": null,
    "HL-min-VeryGood-Hit1": 100,
    n: 1,
    of: 1,
  });
});

test("what is missing or unknown is one sentence", async () => {
  const said = async (...args: string[]) => {
    output.stderr = "";
    expect(await run(["score", ...args])).toBe(1);
    return output.stderr;
  };
  expect(await said("charades-sta", captions)).toContain("Expected --truth to name Charades-STA's annotations");
  expect(await said("qvhighlights", captions)).toContain("Expected --truth");
  expect(await said("charades-sta", captions, "--truth", charades, "--convention", "odd")).toContain(
    "Expected --convention to be one of strict, vtimellm, numpro, timechat",
  );
  expect(await said("charades-sta", join(folder, "none"), "--truth", charades)).toContain("nothing there");
  expect(await said("charade", captions)).toContain("charades-sta");
});
