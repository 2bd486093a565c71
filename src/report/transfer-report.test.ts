/** Oracles: a small tag parser, a list of everything that could reach the network, and the data that went in. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { type Answer, type TransferRun, transferSummary, transferTable } from "../evals/index.ts";
import { decodeImage, rgbaImage } from "../media/image/index.ts";
import { frameStrip } from "./frame-strip.ts";
import { parseTags } from "./parse-tags.fixture.ts";
import { pickExamples } from "./pick-examples.ts";
import type { TransferReport } from "./report-data.ts";
import { sampleReport } from "./sample-report.fixture.ts";
import { transferPage, writeTransferReport } from "./transfer-report.ts";

let report: TransferReport;
beforeAll(async () => {
  report = await sampleReport({ videos: 40, seeds: [1, 2] });
});

test("the page is well formed, has one first heading, and its headings descend without a gap", () => {
  const names = parseTags(transferPage(report));
  expect(names.filter((name) => name === "h1").length).toBe(1);
  const levels = names.filter((name) => /^h[1-6]$/.test(name)).map((name) => Number(name[1]));
  levels.slice(1).forEach((level, i) => {
    expect(level - (levels[i] as number)).toBeLessThanOrEqual(1);
  });
});

test("nothing in it can reach the network: no script, no address, pictures as data only", () => {
  const page = transferPage(report);
  expect(page).not.toMatch(/https?:|<script|@import|url\(|\bsrcset=|<iframe|<object|\bon\w+=/i);
  for (const [, source] of page.matchAll(/\b(?:src|href)="([^"]*)"/g)) expect(source).toMatch(/^(?:data:|#)/);
  expect(page).toContain("default-src 'none'");
});

test("text from questions, options, replies and training rows is escaped", () => {
  const attack = `<script>alert("x")</script>`;
  const [first, ...others] = report.examples.learnt;
  if (!first) throw new Error("The sample report has no examples.");
  const poisoned = (answer: Answer): Answer => ({
    ...answer,
    sample: { ...answer.sample, question: attack, options: answer.sample.options.map(() => attack) },
    reply: attack,
    parsed: { kind: "unparsed", text: attack, reason: attack },
  });
  const example = {
    strip: first.strip,
    baseline: poisoned(first.baseline),
    control: first.control,
    t3: poisoned(first.t3),
  };
  const page = transferPage({
    ...report,
    examples: { learnt: [example, ...others], stillWrong: [] },
    texts: { t3: [{ family: attack, prompt: attack, answer: attack }], control: [] },
    provenance: { ...report.provenance, command: attack, machine: attack, heldOut: [attack] },
  });
  expect(page).not.toContain("<script");
  expect(page.split("&lt;script&gt;").length).toBeGreaterThan(9);
  parseTags(page);
});

test("every figure of the table stands on the page, with its interval and counts", () => {
  const page = transferPage(report).replace(/<[^>]+>/g, "|");
  for (const row of report.table.rows) {
    for (const score of [row.baseline, row.control, row.t3]) {
      expect(page).toContain(`${score.accuracy?.toFixed(1)}||${score.low?.toFixed(1)} to ${score.high?.toFixed(1)}`);
    }
    expect(page).toContain([row.baseline, row.control, row.t3].map(({ unparsed }) => unparsed).join(" / "));
  }
});

test("the headline claims only what the interval allows", async () => {
  const title = async (temporal: number) => {
    const page = transferPage(await sampleReport({ videos: 40, seeds: [1], temporal }));
    return /<h1>([^<]*)<\/h1>/.exec(page)?.[1];
  };
  expect(await title(0.95)).toMatch(/improved/);
  expect(await title(0.4)).toMatch(/no clear difference/);
  expect(await title(0.02)).toMatch(/worsened/);
  const table = transferTable([]);
  const empty: TransferReport = {
    ...report,
    table,
    summary: transferSummary(table),
    losses: [],
    examples: { learnt: [], stillWrong: [] },
    texts: { t3: [], control: [] },
  };
  parseTags(transferPage(empty));
  expect(transferPage(empty)).toMatch(/<h1>There was nothing to measure<\/h1>/);
});

test("a strip holds the frames from left to right, scaled down and never up", async () => {
  const rng = new Rng("strip");
  const shades = Array.from({ length: 5 }, () => rng.integer(20, 235));
  const frames = shades.map((shade, index) => ({
    image: rgbaImage(
      200,
      100,
      new Uint8ClampedArray(200 * 100 * 4).fill(shade).map((v, i) => (i % 4 === 3 ? 255 : v)),
    ),
    time: index / 2,
    index,
  }));
  const strip = await frameStrip(frames, { height: 50 });
  const image = await decodeImage(strip.jpeg);
  expect([image.width, image.height]).toEqual([5 * 100, 50]);
  expect([strip.width, strip.height, strip.times]).toEqual([500, 50, frames.map(({ time }) => time)]);
  shades.forEach((shade, i) => {
    expect(Math.abs((image.data[(25 * 500 + i * 100 + 50) * 4] as number) - shade)).toBeLessThan(4);
  });
  expect((await frameStrip(frames, { height: 400 })).height).toBe(100);
});

test("examples are what they are shown as, of distinct questions, and the same for the same seed", () => {
  const { learnt, stillWrong } = report.examples;
  const isLearnt = ({ baseline, t3 }: { baseline: Answer; t3: Answer }) => t3.correct && !baseline.correct;
  expect(learnt.filter(isLearnt).length).toBeGreaterThan(learnt.length / 2);
  expect(stillWrong.length).toBeGreaterThan(0);
  expect(stillWrong.every(({ t3 }) => !t3.correct && t3.sample.kind === "temporal")).toBe(true);
  const ids = [...learnt, ...stillWrong].map(({ t3 }) => t3.sample.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { baseline, control, t3 } of learnt)
    expect(baseline.sample.id + control.sample.id).toBe(t3.sample.id.repeat(2));
  const run: TransferRun = {
    seed: 1,
    baseline: learnt.map((e) => e.baseline),
    control: learnt.map((e) => e.control),
    t3: learnt.map((e) => e.t3),
  };
  expect(pickExamples(run, { seed: 3 })).toEqual(pickExamples(run, { seed: 3 }));
});

test("the file holds the page, and no half-written neighbour stays", () => {
  const folder = mkdtempSync(join(tmpdir(), "zoetrope-report-"));
  try {
    const path = join(folder, "report.html");
    writeTransferReport(path, report);
    expect(readFileSync(path, "utf8")).toBe(transferPage(report));
    expect(readdirSync(folder)).toEqual(["report.html"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
