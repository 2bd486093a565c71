/** The three arms end to end on a few small videos: zoetrope-micro, and scripted models whose score is known. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRun } from "../evals/index.ts";
import { t3Vocabulary, worldSource, worldVocabulary, writeProbing } from "../synthesis/index.ts";
import { formatProbe, probeSummary } from "./format-probe.ts";
import { readProbingData } from "./probing-data.ts";
import { type ProbeOptions, runProbe } from "./run-probe.ts";
import { captionText } from "./text-arms.ts";

let root: string;
let data: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "zoetrope-probe-"));
  data = join(root, "data");
  await writeProbing(data, {
    source: worldSource(worldVocabulary(), 32),
    aspects: ["order", "brightness"],
    perClass: 4,
    seed: 1,
  });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const context = { progress: { task: () => ({ update() {}, finish() {} }) }, signal: new AbortController().signal };

const usual = (folder: string): ProbeOptions => ({
  ...{
    model: "micro",
    folder: join(root, folder),
    data,
    perClass: 4,
    arms: ["video", "captions", "tokens"],
  },
  ...{ kinds: ["lstm", "linear"], mode: "sane", features: { from: "projector" }, seeds: 2, seed: 0, steps: 4 },
  ...{ captions: "lines", maxNewTokens: 4 },
});

test("the three arms answer the same videos, and the same call finds everything done", async () => {
  const first = await runProbe(usual("micro-run"), context);
  const order = first.rows.find(({ label }) => label === "order");
  expect(order).toMatchObject({ videos: 8, full: { n: 8 }, decoder: { n: 8 }, probe: { n: 16 }, linear: { n: 16 } });
  expect(first.probes).toHaveLength(2 * 2 * 2);
  expect(first.rows.map(({ label }) => label)).toEqual(["order", "brightness", "Attribute", "Order", "all"]);
  const runs = readFileSync(join(root, "micro-run/probe-runs.jsonl"), "utf8");
  const again = await runProbe(usual("micro-run"), context);
  expect(again.rows).toEqual(first.rows);
  expect(readFileSync(join(root, "micro-run/probe-runs.jsonl"), "utf8")).toBe(runs);
  expect(existsSync(join(root, "micro-run/probe.json"))).toBe(true);
  const text = formatProbe(first);
  for (const part of ["lost in encoder", "Order, LongVA-7B (T3)", "8"]) expect(text).toContain(part);
  expect(probeSummary(first.rows)).toMatchObject({ orderFull: order?.full.value });
});

test("a model that always says (A) is right for the first class in parity mode, and its replies are read both ways", async () => {
  const script = join(root, "always-a.json");
  writeFileSync(script, JSON.stringify(["(A)"]));
  const options = {
    ...usual("scripted"),
    model: `scripted:${script}`,
    arms: ["video", "captions"],
    mode: "parity",
  } as const;
  const { rows } = await runProbe(options, context);
  const order = rows.find(({ label }) => label === "order");
  expect(order).toMatchObject({
    full: { value: 50, compat: 50, unparsed: 0 },
    decoder: { value: 50 },
    probe: { value: null, n: 0 },
  });
  expect(order?.lostInInterface.value).toBeNull();
  const [first] = readRun(join(root, "scripted/captions.jsonl")).rows;
  const question = first?.input ?? "";
  // In parity mode the question is T3's, after as many lines as there are frames.
  expect(
    question
      .split("\n")
      .slice(0, 8)
      .every((line: string) => / on a white background\.$/.test(line)),
  ).toBe(true);
  expect(question).toContain("Options");
});

test("a model that refuses is unparsed throughout and scores nothing", async () => {
  const script = join(root, "refuses.json");
  writeFileSync(script, JSON.stringify(["I cannot tell."]));
  const { rows } = await runProbe({ ...usual("refuses"), model: `scripted:${script}`, arms: ["captions"] }, context);
  expect(rows.find(({ label }) => label === "all")?.decoder).toMatchObject({ value: 0, unparsed: 16, n: 16 });
});

test("captions stand for frames in T3's prompt or as bare lines", () => {
  const captions = ["This frame shows a red star.", "This frame features an orange bar.", "A cat sleeps."];
  expect(captionText("lines", captions, "Q? ")).toBe("A red star.\nAn orange bar.\nA cat sleeps.\nQ? ");
  expect(captionText("t3", captions, "Q? ")).toContain("Frame 2: This frame features an orange bar.\nFrame 3:");
});

test("videos of unequal classes, a set half made and folders of something else are one sentence each", () => {
  expect(() => readProbingData(join(root, "nowhere"))).toThrow(
    /Expected a folder of probing videos, got .*zoetrope synth probing/,
  );
  expect(() => readProbingData(root)).toThrow(/order\/white_bg, \.\.\.\) in .* got none/);
  expect(() => readProbingData(data, { aspects: ["grounding"] })).toThrow(
    /Expected videos of a class of grounding_blue-heart/,
  );
  unlinkSync(join(data, "order/white_bg/red-star_blue-heart/red-star_blue-heart-0004.mp4"));
  expect(() => readProbingData(data)).toThrow(
    /classes of equal size in .*white_bg, got red-star_blue-heart 3, blue-heart_red-star 4\. .*--balance to use 3/,
  );
  expect(readProbingData(data, { balance: true }).val.filter(({ aspect }) => aspect.id === "order")).toHaveLength(6);
});

test("a set from elsewhere has T3's items, and a file that is no video is named", async () => {
  const folder = join(root, "elsewhere");
  for (const category of ["cats_people", "people_cats"])
    for (const background of ["black_bg", "white_bg"]) {
      mkdirSync(join(folder, "order", background, category), { recursive: true });
      writeFileSync(join(folder, "order", background, category, "1.mp4"), `no video ${category}`);
    }
  const read = readProbingData(folder);
  expect(read.aspects.map(({ id }) => id)).toEqual(["order"]);
  expect(read.aspects[0]?.classes[0]?.option).toBe(`${t3Vocabulary.items[0]?.name}, ${t3Vocabulary.items[1]?.name}`);
  const run = runProbe({ ...usual("broken"), data: folder, arms: ["tokens"] }, context);
  await expect(run).rejects.toThrow(/1\.mp4/);
});
