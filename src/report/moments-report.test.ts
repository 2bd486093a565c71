/** Oracle: what the page must say of figures that the test makes up; a small tag parser. */
import { expect, test } from "vitest";
import { rgbaImage } from "../media/image/index.ts";
import { frameStrip } from "./frame-strip.ts";
import type { MomentsReport } from "./moments-data.ts";
import { momentsPage } from "./moments-report.ts";
import { parseTags } from "./parse-tags.fixture.ts";

const estimate = (value: number, spread: number) => {
  return { n: 50, clusters: 10, value, low: value - spread, high: value + spread };
};
const image = rgbaImage(8, 8, new Uint8ClampedArray(4 * 64).fill(200));
const strip = await frameStrip([0, 1].map((time) => ({ image, time, index: time })));
const report: MomentsReport = {
  paper: "NumPro in miniature",
  lead: "When?",
  arms: [
    { name: "none", asked: 60, unparsed: 0 },
    { name: "<b>numpro</b>", asked: 60, unparsed: 7 },
  ],
  figures: [{ name: "mIoU", of: [estimate(30, 2), estimate(41.25, 3)] }],
  claims: [
    { claim: "Numbers help", figure: "mIoU", estimate: estimate(11.25, 4), isMeasured: true },
    { claim: "Colours help", figure: "mIoU", estimate: estimate(-1, 3), isMeasured: true },
    { claim: "Clocks help", figure: "mIoU", estimate: estimate(-9, 3), isMeasured: true },
  ],
  losses: [{ name: "numpro", arm: 1, losses: [3, 2, 1] }],
  examples: [
    {
      ...{ film: "film-3", query: "a <i>red</i> circle grows", strip, duration: 20, truth: [5, 10] },
      replies: [
        { span: [0, 5], reply: "From 0 to 5.", iou: 0 },
        { span: null, reply: "I <script> cannot", iou: 0 },
      ],
    },
  ],
  dense: [
    {
      ...{ film: "film-4", strip, truth: "a moon grows 0.0 to 4.0 s" },
      replies: [
        { reply: "[]", isRead: false, sodaC: 0 },
        { reply: '[{"event": "a"}]', isRead: true, sodaC: 12.5 },
      ],
    },
  ],
  steps: ["Ask."],
  provenance: {
    ...{ command: "zoetrope reproduce numpro", commit: "abc", machine: "m", model: "micro", fingerprint: "f00" },
    ...{ seeds: [0, 1], sampler: "one frame a second", seconds: 61, counts: [], heldOut: [] },
  },
};

test("the headline says what is clear, and nothing else; verdicts follow the intervals", () => {
  const page = momentsPage(report);
  expect(page).toContain("<h1>Numbers help</h1>");
  const verdicts = [...page.matchAll(/<td>(clear|no clear difference|clearly the other way round)<\/td>/g)];
  expect(verdicts.map(([, text]) => text)).toEqual(["clear", "no clear difference", "clearly the other way round"]);
  const none = momentsPage({ ...report, claims: report.claims.slice(1) });
  expect(none).toContain("None of the paper&#39;s claims shows clearly here");
  const silent = momentsPage({ ...report, claims: report.claims.map((claim) => ({ ...claim, isMeasured: false })) });
  expect(silent).toContain("None of the paper&#39;s claims shows clearly here");
  expect(silent.match(/not measured: no reply/g)).toHaveLength(3);
});

test("a headline of several claims keeps the capitals of names alone", () => {
  const claims = ["Numbers help", "NumPro-FT helps", "All are clear"].map((claim) => {
    return { claim, figure: "mIoU", estimate: estimate(9, 3), isMeasured: true };
  });
  expect(momentsPage({ ...report, claims })).toContain("<h1>Numbers help; NumPro-FT helps; all are clear</h1>");
});

test("moments stand where they are on the film's timeline", () => {
  const bars = [...momentsPage(report).matchAll(/class="span (\w+)" x="([\d.]+)%" width="([\d.]+)%"/g)];
  expect(bars.map(([, style, x, width]) => [style, Number(x), Number(width)])).toEqual([
    ["truth", 25, 25],
    ["baseline", 0, 25],
  ]);
});

test("the page is well formed and escapes names, queries and replies", () => {
  const page = momentsPage(report);
  expect(parseTags(page).filter((name) => name === "h1")).toHaveLength(1);
  expect(page).not.toMatch(/<script|<b>numpro|<i>red/);
  expect(page).not.toMatch(/(?:src|href)="https?:/);
});
