/**
 * The analyses, as small as they get: one step a model, one question a task. Oracles: the logs and checkpoints that they
 * leave, read and counted here. What the figures are worth is for docs/results.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { modelsFolder } from "../../src/core/files/index.ts";
import { type Answer, answerOf, readRun } from "../../src/evals/index.ts";
import { loadModel } from "../../src/nn/models/index.ts";
import { testVocabulary } from "../../src/world/index.ts";
import { batch } from "../transfer/fine-tune.ts";
import { analyseT3 } from "./analyse-t3.ts";
import { frameIds, type ModelId, modelIds, temporalIds } from "./mixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-analyses-"));
const seedFolder = join(folder, "seed-5");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const said: string[] = [];
const progress = { task: () => ({ update() {}, finish() {} }), note: (line: string) => void said.push(line) };
const context = { progress, signal: new AbortController().signal };
const options = { quick: true, seed: 5, steps: 1, questions: 1, folder };

function rowsOf(id: ModelId, what: string): Answer[] {
  return Array.from(readRun(join(seedFolder, `${id}-${what}.jsonl`)).rows, answerOf);
}
const temporal = (rows: readonly Answer[]) => rows.filter(({ sample }) => sample.kind === "temporal");
const percent = (rows: readonly Answer[]) => (100 * rows.filter(({ correct }) => correct).length) / rows.length;

test("an interrupted call throws the reason and leaves what resumes", async () => {
  const controller = new AbortController();
  const stopping = {
    ...progress,
    note(line: string) {
      if (line.startsWith("seed 5, Control")) controller.abort(new Error("enough"));
    },
  };
  await expect(analyseT3(options, { progress: stopping, signal: controller.signal })).rejects.toThrow("enough");
  expect(existsSync(join(seedFolder, "control", "fine-tuned.json"))).toBe(true);
  expect(existsSync(join(folder, "report.html"))).toBe(false);
}, 120_000);

test("trains and asks every model, going on with what was there; a second call changes nothing", async () => {
  const before = statSync(join(seedFolder, "control", "model.safetensors")).mtimeMs;
  const { summary } = await analyseT3(options, context);
  expect(statSync(join(seedFolder, "control", "model.safetensors")).mtimeMs).toBe(before);
  expect(said[0]).toMatch(/^15 models to train, 1 of them trained already/);
  const questions = rowsOf("baseline", "video").map(({ sample }) => sample.question);
  for (const id of modelIds) {
    const rows = rowsOf(id, "video");
    expect(rows.map(({ sample }) => sample.question)).toEqual(questions);
    expect(summary[id]).toBeCloseTo(percent(temporal(rows)), 9);
  }
  const points = temporalIds.map(
    (id) => [percent(rowsOf(id, "text")), percent(temporal(rowsOf(id, "video")))] as const,
  );
  if (summary.pearsonR !== null) expect(summary.pearsonR).toBeCloseTo(correlation(points), 9);
  const again = await analyseT3(options, context);
  expect(again.summary).toEqual(summary);
  const { summary: written } = JSON.parse(readFileSync(join(folder, "results.json"), "utf8")) as { summary: unknown };
  expect(written).toEqual(summary);
}, 400_000);

test("other numbers of frames are shown in the same questions, and gains are differences of the logs", async () => {
  const { summary } = await analyseT3(options, context);
  for (const id of frameIds) {
    const [few, usual, many] = [rowsOf(id, "frames-4"), temporal(rowsOf(id, "video")), rowsOf(id, "frames-16")];
    for (const rows of [few, many]) {
      expect(rows.map(({ sample }) => sample.id)).toEqual(usual.map(({ sample }) => sample.id));
    }
    for (const { frames } of few) expect(frames.length).toBe(4);
    for (const { frames } of many) expect(frames.length).toBe(16);
    const name = `framesGain${id.charAt(0).toUpperCase()}${id.slice(1)}`;
    expect(summary[name]).toBeCloseTo(percent(many) - percent(usual), 9);
  }
}, 120_000);

test("attention alone and MLPs alone leave every other weight as it was", () => {
  const base = loadModel(join(modelsFolder(), "zoetrope-micro")).weights;
  const changed = (id: ModelId) =>
    [...loadModel(join(seedFolder, id)).weights].flatMap(([name, { data }]) => {
      const was = base.get(name)?.data;
      return data.every((value, i) => value === was?.[i]) ? [] : [name];
    });
  for (const [id, part] of [
    ["attentionOnly", /^language_model\..*\.self_attn\./],
    ["mlpOnly", /^language_model\..*\.mlp\./],
  ] as const) {
    const names = changed(id);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !part.test(name))).toEqual([]);
  }
});

test("training text holds no picture, and temporal text none of the things that are asked about", () => {
  const held = new RegExp(`\\b(${testVocabulary.shapes.join("|")})\\b.{0,200}(order|brightness|begin)`, "i");
  for (const id of modelIds.filter((each) => each !== "baseline")) {
    const rows = JSON.parse(readFileSync(join(seedFolder, id, "text.json"), "utf8")) as { conversations: unknown }[];
    expect(rows).toHaveLength(batch);
    expect(JSON.stringify(rows)).not.toContain("<image>");
    if (id !== "control") for (const row of rows) expect(JSON.stringify(row)).not.toMatch(held);
  }
});

test("the report is one file with the paper's figures beside ours", () => {
  const page = readFileSync(join(folder, "report.html"), "utf8");
  expect(page).not.toMatch(/(src|href)="https?:/);
  for (const figure of ["61.2", "41.0", "57.7", "56.0 / 54.9"]) expect(page).toContain(figure);
  expect(page.match(/<figure class="chart scatter">/g)?.length ?? 0).toBeGreaterThanOrEqual(1);
});

/** Pearson's r from the definition. */
function correlation(points: readonly (readonly [number, number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const sum = (term: (x: number, y: number) => number) => points.reduce((s, [x, y]) => s + term(x - mx, y - my), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
}
