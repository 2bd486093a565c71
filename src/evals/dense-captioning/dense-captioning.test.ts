/**
 * Oracles: METEOR's own program over WordNet 3.0, VTimeLLM's sample evaluation (its files are CC BY-NC-ND and not ours to ship:
 * vtimellm/eval/data_example.json and log/example_log.txt of its repository, under data/vtimellm_example of the shared folder), the
 * counts of TimeChat's released files, and sums by hand.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { meteorTokens } from "../../core/metrics/index.ts";
import type { VideoMoments } from "../../data/index.ts";
import { readDensePredictions } from "./dense-predictions.ts";
import { readDenseReply } from "./dense-reply.ts";
import { readDenseTruth } from "./dense-truth.ts";
import { openEnglishMeteor, readParaphrases } from "./english-meteor.ts";
import { formatDense } from "./format-dense.ts";
import { tasksInFile } from "./holds-captions.ts";
import { captionWords, type DenseRequest, scoreDense } from "./score-dense.ts";

const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../../../shared");
const folder = mkdtempSync(join(tmpdir(), "dense-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, value: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
};

const meteor = openEnglishMeteor();
const score = (request: Omit<DenseRequest, "meteor" | "seed" | "convention"> & Partial<DenseRequest>) =>
  scoreDense({ meteor, seed: 1, convention: "strict", ...request });
const none = { unparsed: [], problems: [] };

test("METEOR over all of WordNet scores as METEOR's own program", () => {
  const pairs = [
    ["the man 's dog runs", "the mans dog ran", 0.3802807018041815],
    ["children play soccer", "kids play football", 0.28660179721339535],
    ["the man runs on a track", "a man is running on the track", 0.3542437800827218],
    ["a girl does a close-up of her t-shirt", "a girl shows a close up of her shirt", 0.40666145077522353],
  ] as const;
  for (const [hypothesis, reference, expected] of pairs) {
    expect(meteor.score(hypothesis, reference)).toBeCloseTo(expected, 12);
  }
});

const sample = join(shared, "data/vtimellm_example");
const noSample = !existsSync(sample);
test.skipIf(noSample)(`VTimeLLM's sample evaluation${noSample ? " (skipped: no data/vtimellm_example)" : ""}`, () => {
  const { videos } = readDenseTruth(join(sample, "data_example.json"));
  const predictions = readDensePredictions(join(sample, "example_log.txt"), videos);
  expect(predictions.byVideo.get("v_CN01Gm2Yc4k")?.map(({ start, end }) => [start, end])).toEqual([
    [0, expect.closeTo(5.268, 9)],
    [expect.closeTo(5.0924, 9), expect.closeTo(17.56, 9)],
  ]);
  const report = score({ truths: [videos], predictions, convention: "vtimellm" });
  const rounded = (value: number | null | undefined) => Number(value?.toFixed(2));
  expect(
    [report.metrics.sodaC, report.metrics.meteor, report.metrics.cider].map(({ value }) => rounded(value)),
  ).toEqual([2.63, 3.86, 18.33]);
  const published = [
    { meteor: 0.051937, cider: 0.174129, recall: 0.6667, precision: 0.75 },
    { meteor: 0.043969, cider: 0.187563, recall: 0.5, precision: 0.75 },
    { meteor: 0.042442, cider: 0.204211, recall: 0.3333, precision: 0.5 },
    { meteor: 0.016238, cider: 0.167216, recall: 0.1667, precision: 0.25 },
  ];
  published.forEach((expected, i) => {
    const found = report.byThreshold[i] as (typeof report.byThreshold)[0];
    expect((found.meteor as number) / 100).toBeCloseTo(expected.meteor, 6);
    expect((found.cider as number) / 100).toBeCloseTo(expected.cider, 6);
    expect((found.recall as number) / 100).toBeCloseTo(expected.recall, 4);
    expect((found.precision as number) / 100).toBeCloseTo(expected.precision, 4);
  });
});

const timeChat = join(shared, "data/timechat_examples/dvc");
const noTimeChat = !existsSync(timeChat);
test.skipIf(noTimeChat)(
  `TimeChat's YouCook2 files${noTimeChat ? " (skipped: no shared data)" : ""} are read whole`,
  () => {
    const { videos } = readDenseTruth(join(timeChat, "ground_truth.json"));
    const predictions = readDensePredictions(join(timeChat, "predictions.json"), videos);
    const report = score({ truths: [videos], predictions });
    expect(report.coverage).toEqual({ predicted: 415, of: 415 });
    expect(report.events).toEqual({
      truth: videos.reduce((sum, { moments }) => sum + moments.length, 0),
      predicted: 3210,
    });
    expect(report.problems.find(({ what }) => what.includes("end before they start"))?.count).toBe(15);
    // Every figure is the mean of what its videos scored.
    for (const metric of ["sodaC", "cider", "meteor"] as const) {
      const sum = report.videos.reduce((total, video) => total + video[metric], 0);
      expect(report.metrics[metric].value).toBeCloseTo(sum / 415, 9);
    }
  },
);

const truth: readonly VideoMoments[] = [
  {
    video: "v_a",
    duration: 20,
    moments: [
      { start: 0, end: 10, label: "A man runs on a track." },
      { start: 10, end: 20, label: "A dog eats food." },
    ],
  },
  { video: "v_b", duration: 10, moments: [{ start: 0, end: 10, label: "The sky is blue." }] },
];
const told = (start: number, end: number, text: string) => ({ start, end, text });
const perfect = truth[0]?.moments.map(({ start, end, label }) => told(start, end, label)) ?? [];

test("a video without a prediction scores 0, or leaves the denominator as in VTimeLLM's evaluation", () => {
  const predictions = { ...none, byVideo: new Map([["v_a", perfect]]) };
  const strict = score({ truths: [truth], predictions });
  const lenient = score({ truths: [truth], predictions, convention: "vtimellm" });
  expect([strict.n, lenient.n]).toEqual([2, 1]);
  expect(strict.metrics.sodaC.value).toBeCloseTo(50, 4);
  expect(lenient.metrics.sodaC.value).toBeCloseTo(100, 4);
  expect(lenient.metrics.cider.value).toBeCloseTo(1000, 6);
  expect(strict.coverage).toEqual({ predicted: 1, of: 2 });
  for (const { problems } of [strict, lenient]) expect(problems[0]).toMatchObject({ count: 1, names: ["v_b"] });
});

test("nothing predicted at all is no score where videos leave the denominator", () => {
  const predictions = { ...none, byVideo: new Map() };
  const lenient = score({ truths: [truth], predictions, convention: "vtimellm" });
  expect(lenient.metrics.sodaC).toMatchObject({ n: 0, value: null, low: null });
  expect(lenient.f1).toBeNull();
  expect(formatDense("X", lenient)).toContain("0 of 2 videos");
});

test("odd spans and empty captions are named, counted, and lower the scores", () => {
  const odd = [
    told(9, 2, "a man"),
    told(Number.NaN, 3, "a dog"),
    told(4, 4, "a cat"),
    told(0, 99, "a sky"),
    told(0, 10, "..."),
  ];
  const predictions = { ...none, byVideo: new Map([["v_a", [...perfect, ...odd]]]) };
  const report = score({ truths: [truth], predictions, convention: "vtimellm" });
  const count = (part: string) => report.problems.find(({ what }) => what.includes(part))?.count;
  const parts = ["not both numbers", "before they start", "without length", "past the video", "without a word"];
  expect(parts.map(count)).toEqual([1, 1, 1, 1, 1]);
  expect(report.problems.find(({ what }) => what.includes("before they start"))?.names).toEqual(["v_a#2"]);
  expect(report.events.predicted).toBe(7);
  // 2 of 7 predictions are right, and both true events are told.
  expect(report.metrics.sodaC.value).toBeCloseTo((100 * 2 * (2 / 7)) / (2 / 7 + 1), 4);
});

test("the same seed gives the same interval, and videos are its clusters", () => {
  const predictions = {
    ...none,
    byVideo: new Map([
      ["v_a", perfect],
      ["v_b", []],
    ]),
  };
  const [first, second] = [1, 2].map(() => score({ truths: [truth], predictions }));
  expect(first).toEqual(second);
  expect(first?.metrics.meteor).toMatchObject({ n: 2, clusters: 2, low: 0, high: expect.closeTo(100, 9) });
});

test("layouts of predictions come to the same", () => {
  const events = perfect.map(({ start, end, text }) => ({ timestamp: [start, end], sentence: text }));
  const frames = [
    { event: perfect[0]?.text, timestamps: "from 00 to 49" },
    { event: perfect[1]?.text, timestamps: "from 50 to 99" },
  ];
  const layouts = {
    submission: { version: "1", results: { v_a: events } },
    bare: { "v_a.mp4": events.map(({ timestamp, sentence }) => ({ timestamp, caption: sentence })) },
    rows: events.map(({ timestamp: [start, end], sentence }) => ({ video: "v_a", start, end, sentence })),
    zoetrope: [{ video: "v_a", moments: perfect.map(({ start, end, text }) => ({ start, end, label: text })) }],
    captions: {
      v_a: { timestamps: events.map(({ timestamp }) => timestamp), sentences: events.map(({ sentence }) => sentence) },
    },
    withoutPrefix: { a: events },
    log: { video_id: "v_a", task: "captioning", answer: `Here: \n${JSON.stringify(frames)}` },
    reply: [{ video: "v_a", reply: `0 - 10 seconds, ${perfect[0]?.text} 10.0 - 20.0 seconds, ${perfect[1]?.text}` }],
  };
  for (const [name, value] of Object.entries(layouts)) {
    const { byVideo, problems } = readDensePredictions(file(`${name}.json`, value), truth);
    expect([...byVideo], name).toEqual([["v_a", perfect]]);
    expect(problems, name).toEqual([]);
  }
});

test("unknown videos, doubles, rows without a video and unreadable replies are named", () => {
  const rows = [
    { video: "v_a", reply: "I see nothing." },
    { video: "v_b", reply: "0 - 5 seconds, a sky." },
    { video: "v_b", reply: "0 - 6 seconds, a sky." },
    { video: "v_z", reply: "0 - 5 seconds, a sky." },
    { start: 0, end: 1, sentence: "a sky" },
  ];
  const { byVideo, unparsed, problems } = readDensePredictions(file("faults.json", rows), truth);
  expect(byVideo.get("v_a")).toEqual([]);
  expect(byVideo.get("v_b")).toEqual([told(0, 6, "a sky.")]);
  expect(unparsed).toEqual(["v_a"]);
  expect(problems.map(({ count, names }) => [count, names[0]])).toEqual([
    [1, "row 5"],
    [1, "v_z"],
    [1, "v_b"],
    [1, "v_a"],
  ]);
});

test("a file about other videos is no prediction at all", () => {
  const path = file("others.json", { results: { x: [], y: [] } });
  expect(() => readDensePredictions(path, truth)).toThrow(/annotated videos \(v_a, v_b, ...\), got others \(x, y\)/);
});

test("NaN in Python's JSON is no time, not a broken file", () => {
  const path = file("nan.json", '{"v_a": [{"timestamp": [NaN, 3.0], "sentence": "a dog"}]}');
  expect(readDensePredictions(path, truth).byVideo.get("v_a")).toEqual([told(Number.NaN, 3, "a dog")]);
});

test("VTimeLLM's rule keeps what stands before a broken item, and joins repeated neighbours", () => {
  const answer =
    '[{"event": "a", "timestamps": "from 00 to 29"}, {"event": "a", "timestamps": "from 29 to 71"}, {"event": "b"}]';
  expect(readDenseReply(answer, 50)).toEqual({ kind: "events", rule: "vtimellm", events: [told(0, 36, "a")] });
  expect(readDenseReply(answer, Infinity)).toMatchObject({
    kind: "unparsed",
    reason: expect.stringContaining("duration"),
  });
  expect(readDenseReply("", 50)).toEqual({ kind: "unparsed", reason: "empty" });
});

test("of a list that is no JSON the whole items are read, but not by VTimeLLM's own rule", () => {
  // Replies of zoetrope-micro in training: a quote left out, a word begun twice, a list cut short.
  const replies = [
    '[{"event": "A blue moon, "timestamps": "from 00 to 27"}, {"event": "A blue heart grows.", "timestamps": "from 28 to 99"}]',
    '[{"event": "A red star 00"""event": "A blue moon", "timestamps": "from 00 to 27"}, {"event": "A blue heart grows.", "timestamps": "from 28 to 99"}]',
    '[{"event": "A blue moon", "timestamps": "from 00 to 27"}, {"event": "A blue heart grows.", "timestamps": "from 28 to 99"}, {"event": "A blu',
  ];
  const events = [told(0, 28, "A blue moon"), told(28, 100, "A blue heart grows.")];
  for (const reply of replies) {
    expect(readDenseReply(reply, 100)).toEqual({ kind: "events", rule: "broken-json", events });
    expect(readDenseReply(reply, 100, { isStrict: true }).kind).toBe("unparsed");
  }
});

test("YouCook2's own file is read by subset; test videos carry no annotations", () => {
  const annotations = [{ segment: [1, 5], id: 0, sentence: "cut the onion" }];
  const database = {
    x: { duration: 60.5, subset: "validation", annotations },
    y: { duration: 50, subset: "training", annotations },
    z: { duration: 40, subset: "testing" },
  };
  const path = file("youcook.json", { database });
  expect(readDenseTruth(path).videos.map(({ video }) => video)).toEqual(["x", "y"]);
  expect(readDenseTruth(path, { subset: "validation" }).videos).toEqual([
    { video: "x", duration: 60.5, moments: [{ start: 1, end: 5, label: "cut the onion" }] },
  ]);
  expect(() => readDenseTruth(path, { subset: "val" })).toThrow(/subsets: validation, training, testing/);
});

test("a paraphrase table is cut down to the words at hand and raises what it explains", async () => {
  const table = "0.5\nset off\nleft\n0.1\nset off\ndeparted\n";
  const path = join(folder, "paraphrase-en.gz");
  writeFileSync(path, gzipSync(table));
  const paraphrases = await readParaphrases(path, captionWords(["They set off.", "They left."], false));
  expect(paraphrases.of).toEqual(new Map([["set off", [["left"]]]]));
  const withTable = openEnglishMeteor({ paraphrases });
  expect(withTable.name).toBe("METEOR 1.5");
  expect(withTable.score("they set off", "they left")).toBeGreaterThan(meteor.score("they set off", "they left"));
  await expect(readParaphrases(file("cut.txt", "0.5\na"), new Set())).rejects.toThrow(/records of three lines/);
});

test("captions can come tokenised", () => {
  const video = { video: "v_a", duration: 10, moments: [{ start: 0, end: 10, label: "a colour ( x )" }] };
  const predictions = { ...none, byVideo: new Map([["v_a", [told(0, 10, "a color -lrb- x -rrb-")]]]) };
  const cut = score({ truths: [[video]], predictions });
  const asIs = score({ truths: [[video]], predictions, isTokenised: true });
  expect(cut.metrics.rougeL.value).toBeGreaterThan(asIs.metrics.rougeL.value as number);
  expect(captionWords(["a colour"], true)).toEqual(new Set(meteorTokens("a colour")));
});

test("files tell captions from moments of given queries", () => {
  const is = (value: unknown) => tasksInFile(file("which.json", value));
  expect(is({ results: { v_a: [{ timestamp: [0, 1], sentence: "a" }] } })).toEqual({
    captioning: true,
    grounding: false,
  });
  expect(is([{ video: "v_a", query: "a", spans: [[0, 1]] }])).toEqual({ captioning: false, grounding: true });
  expect(
    is([
      { video_id: "v_a", task: "captioning", answer: "" },
      { video_id: "v_a", task: "grounding", answer: "" },
    ]),
  ).toEqual({
    captioning: true,
    grounding: true,
  });
});
