/** Oracles: the import graph, figures by hand, and every permutation of a small comparison. */
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { groundingRow } from "../grounding-row.ts";
import { runConfig } from "../run-config.ts";
import { compareOutcomes, detectLog, figuresOf, fingerprintDifferences, type Outcome, outcomeOf } from "./index.ts";

const src = resolve(import.meta.dirname, "../../..");

test("nothing that the format imports needs Node: a browser can read logs", () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = readFileSync(path, "utf8");
    for (const match of text.matchAll(/^(?:import|export)\s(?!type\b)[^"]*?from\s+"([^"]+)"/gms)) {
      const to = match[1] as string;
      if (to.startsWith(".")) visit(resolve(dirname(path), to));
      else packages.add(to);
    }
  };
  visit(join(import.meta.dirname, "index.ts"));
  expect([...packages]).toEqual(["zod"]);
  const folders = new Set([...seen].map((path) => relative(src, dirname(path))));
  expect([...folders].sort()).toEqual(["core/math", "evals/runs/format"]);
});

const outcome = (id: string, value: number | null, more: Partial<Outcome> = {}): Outcome => ({
  ...{ id, video: id, docHash: "1", status: "read", groups: {}, values: { accuracy: value } },
  ...more,
});

test("figures are means in percent over what counts, by group too", () => {
  const rows = [
    outcome("a", 1, { groups: { task: "x" } }),
    outcome("b", 0, { groups: { task: "x" }, status: "unparsed" }),
    outcome("c", 1, { groups: { task: "y" } }),
    outcome("d", null, { groups: { task: "y" }, status: "unjudged" }),
  ];
  const { counts, metrics, groups } = figuresOf(rows);
  expect(counts).toEqual({ read: 2, given: 0, unparsed: 1, unjudged: 1, missing: 0 });
  expect(metrics.accuracy).toMatchObject({ n: 3, value: 200 / 3 });
  expect(groups.task?.x?.accuracy).toMatchObject({ n: 2, value: 50 });
  expect(groups.task?.y?.accuracy).toMatchObject({ n: 1, value: 100 });
  expect(figuresOf([]).metrics).toEqual({});
});

test("a comparison is over samples that both have and that mean the same", () => {
  const a = [outcome("1", 1), outcome("2", 1), outcome("3", 0), outcome("4", 0), outcome("5", 1), outcome("6", 1)];
  const b = [
    ...[outcome("1", 1), outcome("2", 0), outcome("3", 1), outcome("4", 0, { status: "unparsed" })],
    ...[outcome("5", 1, { docHash: "2" }), outcome("7", 1), outcome("8", 1)],
  ];
  const { n, onlyA, onlyB, changed, uncounted, mcnemar, unparsed, ...rest } = compareOutcomes(a, b, {
    metric: "accuracy",
  });
  expect({ n, onlyA, onlyB, changed, uncounted }).toEqual({ n: 4, onlyA: 1, onlyB: 2, changed: 1, uncounted: 0 });
  expect(mcnemar).toEqual({ both: 1, onlyA: 1, onlyB: 1, neither: 1, p: 1 });
  expect(unparsed).toEqual({ a: 0, b: 1 });
  expect([rest.a.value, rest.b.value, rest.difference.value]).toEqual([50, 50, 0]);
  expect(compareOutcomes([], b, { metric: "accuracy" })).toMatchObject({ n: 0, difference: { value: null } });
});

test("McNemar's p is that of all ways in which the disagreements could have fallen", () => {
  const flips = [1, 1, 1, 1, 1, 0, 1];
  const a = flips.map((up, i) => outcome(String(i), 1 - up));
  const b = flips.map((up, i) => outcome(String(i), up));
  let extreme = 0;
  for (let mask = 0; mask < 2 ** flips.length; mask++) {
    const ups = flips.filter((_, i) => (mask >> i) & 1).length;
    if (Math.abs(ups - 3.5) >= Math.abs(6 - 3.5)) extreme++;
  }
  const { mcnemar } = compareOutcomes(a, b, { metric: "accuracy" });
  expect(mcnemar).toMatchObject({ both: 0, onlyA: 1, onlyB: 6, neither: 0 });
  expect(mcnemar?.p).toBeCloseTo(extreme / 2 ** flips.length, 12);
});

test("intervals resample videos: ten samples of one video weigh as one draw", () => {
  // Every video has a difference of its own; brute force: all 27 draws of three videos, equally likely.
  const differences = [0.2, -0.1, 0.6];
  const [a, b] = [0, 1].map((side) =>
    differences.flatMap((difference, v) =>
      Array.from({ length: 10 }, (_, i) => outcome(`${v}/${i}`, 0.3 + side * difference, { video: String(v) })),
    ),
  ) as [Outcome[], Outcome[]];
  const means: number[] = [];
  for (const x of differences)
    for (const y of differences) for (const z of differences) means.push((100 * (x + y + z)) / 3);
  const { difference, mcnemar, videos } = compareOutcomes(a, b, { metric: "accuracy", resamples: 20_000 });
  expect(mcnemar).toBeNull();
  expect(videos).toMatchObject({ ahead: 2, behind: 1, p: 1 });
  means.sort((x, y) => x - y);
  // 1 of 27 draws is 3.7 %, so the 2.5 % ends are the extremes.
  expect(difference.low).toBeCloseTo(means[0] as number, 6);
  expect(difference.high).toBeCloseTo(means.at(-1) as number, 6);
});

test("fingerprints say in which part two runs differ, and where one does not tell", () => {
  const base = { task: "choice", benchmark: "b", model: "m", seed: 0, coverage: { samples: 1, of: 1 } } as const;
  const a = runConfig({ ...base, parts: { sampler: "linspace 8", decoder: "x 1" } }).fingerprint;
  const b = runConfig({ ...base, parts: { sampler: "fps 8" } }).fingerprint;
  expect(a.hash).not.toBe(b.hash);
  expect(fingerprintDifferences(a, b)).toEqual([
    { part: "sampler", a: "linspace 8", b: "fps 8", isUnknown: false },
    { part: "decoder", a: "x 1", b: null, isUnknown: true },
  ]);
  expect(fingerprintDifferences(a, a)).toEqual([]);
  expect(runConfig({ ...base, parts: { sampler: "linspace 8", decoder: "x 1" } }).fingerprint).toEqual(a);
});

test("a moment counts as a hit at each threshold that its iou reaches", () => {
  const query = { id: "q", video: "v", duration: 10, query: "a dog", truths: [{ start: 0, end: 10 }] };
  const rules = { convention: "strict", units: { unit: "seconds", frameRate: 1 } } as const;
  const row = groundingRow({ query, answer: { kind: "text", text: "from 0 to 5 seconds" }, place: 0 }, rules);
  expect(outcomeOf(row).values).toEqual({ iou: 0.5, "iou@0.3": 1, "iou@0.5": 1, "iou@0.7": 0 });
});

test.each([
  ['{"format":"zoetrope-run","version":2,"config":{}}\n', "zoetrope"],
  ['{"format":"zoetrope-run","version":1,"config":{}}\n{}\n', "zoetrope-1"],
  ['{"format":"zoetrope-benchmark-run","version":1}\n', "zoetrope-1"],
  ['{"doc_id": 0, "target": "A", "filtered_resps": ["A"], "doc_hash": "x"}\n{"doc_id": 1}\n', "lmms-eval"],
  ['{"/v/a.mp4>>>a dog>>>[1.0, 2.0]": "1 - 2"}', "lmms-submission"],
  ['{"video_id": "v", "task": "grounding", "query_id": 0, "answer": "From 10 to 20.", "info": {}}\n', "vtimellm"],
  ['{"qid": 1, "pred_saliency_scores": [NaN]}\n{"qid": 2}\n', "qvhighlights"],
  ['[{"qid": 1, "pred_relevant_windows": [[0, NaN, 1]]}]', "qvhighlights"],
  ['{"3187": {"timestamp": [], "query": "q", "vid": "v.mp4"}}', "timechat-grounding"],
  ['{"v.mp4": [{"timestamp": [1, 2], "caption": "c"}]}', "timechat-captions"],
  ['[{"version": 1.0, "idx": 0, "task": "tvg", "source": "s", "video": "v", "q": "?", "a": "1 - 2"}]', "etbench"],
  ['[{"id": 1, "response": "From 1 to 2", "gt_start": 0, "gt_end": 3}]', "numpro"],
  ['{"v": {"order": [{"question": "?", "prediction": "A"}]}}', "tempcompass"],
  ['{"a": "b"}', null],
  ["not JSON", null],
  ["", null],
])("%s is told as %s", (text, format) => {
  expect(detectLog(text)).toBe(format);
});
