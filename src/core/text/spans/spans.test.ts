/**
 * Oracles: the table of 18 ordinary answers about a 60 s video (what five public parsers read from them, obtained by running
 * them), clock and number notation written by hand, and texts composed from known spans.
 */
import { describe, expect, test } from "vitest";
import { Rng } from "../../math/index.ts";
import { formatTimestamp } from "../../time/index.ts";
import { extractSpans } from "./extract-spans.ts";
import { extractSpansAs } from "./presets.ts";
import type { ExtractedSpan, SpanExtraction, SpanOptions, SpanPreset } from "./span-extraction.ts";

const duration = 60;
/** NumPro's frames: one every two seconds. */
const frameTimes = Array.from({ length: 30 }, (_, i) => 2 * i);

// answer | VTimeLLM | NumPro | lmms charades | TimeLens | ours
const table = `
The event happens in 24.3 - 30.4 seconds. | - | - | 24.3-30.4 | 24.3-30.4 | 24.3-30.4 seconds
From 5 to 17. | - | 10-34 | 5-17 | 5-17 | 5-17 seconds
From 05 to 17. | 3-10.2 | 10-34 | 5-17 | 5-17 | 5-17 seconds
from 00 to 100 | 0-6 | 0-200 | 0-100 | 0-100 | 0-100 seconds beyond
A person opens the door from 00:12 to 00:18. | 7.2-0 | - | 12-18 | 12-18 | 12-18 seconds
It starts at 12.5s and ends at 18.0s. | - | - | - | 12-18 | 12.5-18 seconds
The event happens between 3 and 9 seconds. | - | - | - | 3-9 | 3-9 seconds
From Frame 12 to Frame 15. | - | 24-30 | - | 12-15 | 24-30 frames
From frame 12 through frame 15 | - | - | - | 12-15 | 24-30 frames
[12.0, 18.5] | - | - | - | 12-18.5 | 12-18.5 seconds
{"start": 12.0, "end": 18.5} | - | - | - | 12-18.5 | 12-18.5 seconds
2 people are seen; the event happens in 12.0 - 18.5 seconds | - | - | 12-18.5 | 12-18.5 | 12-18.5 seconds
12.0s–18.5s | - | - | 12-18.5 | 12-18 | 12-18.5 seconds
1:02:03 to 1:02:30 | - | - | 3723-3750 | 3723-3750 | 3723-3750 seconds beyond
18.5 - 12.0 seconds | - | - | 12-18.5 | 18.5-12 | 18.5-12 seconds
The event does not occur in the video. | - | - | - | - | -
From 12 seconds to 18 seconds | - | - | - | 12-18 | 12-18 seconds
<12.0 seconds> <18.5 seconds> | - | - | - | 12-18.5 | 12-18.5 seconds`;
const rows = table
  .trim()
  .split("\n")
  .map((line) => line.split(" | "));

/** "12-18.5", the ends as they were named; "-" of nothing. */
function ends(extraction: SpanExtraction): string {
  if (extraction.kind === "unparsed") return "-";
  const { start, end, isReversed } = extraction.spans[0] as ExtractedSpan;
  const [a, b] = [start, end].map((t) => String(Number(t.toFixed(6))));
  return isReversed ? `${b}-${a}` : `${a}-${b}`;
}

function read(text: string, options: SpanOptions = { duration, frameTimes }): readonly ExtractedSpan[] {
  const extraction = extractSpans(text, options);
  return extraction.kind === "spans" ? extraction.spans : [];
}

const spans = (text: string, options?: SpanOptions) => read(text, options).map(({ start, end }) => [start, end]);
const reason = (text: string, options: SpanOptions = { duration }) => {
  const extraction = extractSpans(text, options);
  return extraction.kind === "unparsed" ? extraction.reason : "read";
};

describe("the 18 ordinary answers", () => {
  test.each(rows)("%s", (answer, vtimellm, numpro, charades, timelens, ours) => {
    const as = (preset: SpanPreset) => ends(extractSpansAs(preset, answer as string, { duration }));
    expect([as("vtimellm"), as("numpro"), as("lmms-charades"), as("timelens")]).toEqual([
      vtimellm,
      numpro,
      charades,
      timelens,
    ]);
    const extraction = extractSpans(answer as string, { duration, frameTimes });
    const first = extraction.kind === "spans" ? extraction.spans[0] : undefined;
    const flags = first ? ` ${first.unit}${first.isBeyond ? " beyond" : ""}` : "";
    expect(`${ends(extraction)}${flags}`).toBe(ours);
  });

  test("only the answer that names no time is unparsed, as a refusal", () => {
    expect(
      rows.map(([answer]) => reason(answer as string, { duration, frameTimes })).filter((r) => r !== "read"),
    ).toEqual(["refused"]);
  });
});

test("whatever notation a span is written in, the same seconds come back", () => {
  const rng = new Rng("notations");
  const notations: ((a: number, b: number) => string)[] = [
    (a, b) => `From ${a} to ${b} seconds.`,
    (a, b) => `The event happens in ${a}.0 - ${b}.0 seconds.`,
    (a, b) => `between ${formatTimestamp(a)} and ${formatTimestamp(b)}`,
    (a, b) => `It begins around ${a}s and finishes at about ${b} sec`,
    (a, b) => `Starting time: ${a} seconds\nEnding time: ${b} seconds`,
    (a, b) => `(${a}, ${b})`,
    (a, b) => `**${formatTimestamp(a)}** – **${formatTimestamp(b)}**: a cat sleeps`,
    (a, b) => JSON.stringify({ event: "3 cats, 2 dogs", timestamps: `from ${a} to ${b}` }),
    (a, b) =>
      `\`\`\`json\n${JSON.stringify([{ end_time: formatTimestamp(b), start_time: formatTimestamp(a) }], null, 2)}\n\`\`\``,
    (a, b) => `<think>maybe 1 to 2 seconds?</think><answer>${a} to ${b}</answer>`,
    (a, b) => `<s>${a}</s><e>${b}</e>`,
    (a, b) => `Frames ${a / 2}-${b / 2} show it.`,
    (a, b) => `from ${Math.floor(a / 60)} minutes ${a % 60} seconds to ${Math.floor(b / 60)}m${b % 60}s`,
    (a, b) => `from ${(a / 150) * 100}% to ${(b / 150) * 100} percent of the video`,
  ];
  const many = Array.from({ length: 75 }, (_, i) => 2 * i);
  for (let round = 0; round < 40; round++) {
    const start = 2 * rng.below(60);
    const end = start + 2 * rng.integer(1, 14);
    for (const write of notations) {
      const text = write(start, end);
      const [first, ...more] = spans(text, { duration: 150, frameTimes: many });
      expect(first?.[0], text).toBeCloseTo(start, 9);
      expect(first?.[1], text).toBeCloseTo(end, 9);
      expect(more, text).toEqual([]);
    }
  }
});

test("asides, marks and odd punctuation do not hide a span", () => {
  const texts = [
    "It happens between the 12 second mark and the 18 second mark.",
    "from the 12th second to the 18th second",
    "00:00:12,000 --> 00:00:18,000",
    "{'start': 12.0, 'end': 18}",
    "**Start time:** 12 seconds\n**End time:** 18 seconds",
    "The person is 5 to 10 years old, happening from 12s to 18s.",
    "[5] from timestamp 12 to timestamp 18 [30]",
    "Frame 6-Frame 9",
    "t=12s to t=18s",
  ];
  for (const text of texts) expect(spans(text), text).toEqual([[12, 18]]);
});

test("several spans come in the order of the text", () => {
  expect(spans("From 3 to 9 seconds and from 20 to 25 seconds.")).toEqual([
    [3, 9],
    [20, 25],
  ]);
  expect(spans("[[1, 2], [5.5, 9]]")).toEqual([
    [1, 2],
    [5.5, 9],
  ]);
  expect(spans("0:05-0:10, 0:20-0:30")).toEqual([
    [5, 10],
    [20, 30],
  ]);
  expect(spans('[{"start": 1, "end": 3, "text": "x"}, {"start": 5, "end": 8}]')).toEqual([
    [1, 3],
    [5, 8],
  ]);
});

test("numbers that count other things make no span beside one that is sure", () => {
  expect(spans("2-3 people walk from 12 to 18 seconds in 2015.")).toEqual([[12, 18]]);
  expect(spans("Video v_12.mp4 of 1920x1080: the 2 dogs run at 3-9 s")).toEqual([[3, 9]]);
});

test("a number without a unit counts what the caller says, at full confidence", () => {
  const [seconds] = read("From 5 to 17.");
  const [frames] = read("From 5 to 17.", { frameTimes, bareUnit: "frames" });
  const [percent] = read("From 05 to 17.", { duration, bareUnit: "percent" });
  expect(seconds).toMatchObject({ start: 5, end: 17, unit: "seconds", isUnitStated: false });
  expect(frames).toMatchObject({ start: 10, end: 34, unit: "frames", raw: [5, 17] });
  expect(percent).toMatchObject({ start: 3, unit: "percent" });
  expect(seconds?.confidence).toBeLessThan(frames?.confidence as number);
});

test("a reversed span comes in order and flagged, at half the confidence", () => {
  const [forward, back] = [read("12.0 - 18.5 seconds")[0], read("18.5 - 12.0 seconds")[0]];
  expect(back).toMatchObject({ start: 12, end: 18.5, isReversed: true, raw: [18.5, 12] });
  expect(back?.confidence).toBe((forward?.confidence as number) / 2);
});

test("symbolic tokens take their values from the caller", () => {
  const tokens = { "<s0>": 1.5, "<e0>": 7 };
  expect(spans("From <s0> to <e0>, a man runs.", { tokens })).toEqual([[1.5, 7]]);
  expect(reason("From <s0> to <e0>.")).toBe("time token without a value");
});

test("an answer without a span says why", () => {
  expect(reason("")).toBe("empty");
  expect(reason("I cannot see that in the video.")).toBe("refused");
  expect(reason("Sorry, no such event.")).toBe("refused");
  expect(reason("A man runs.")).toBe("no time");
  expect(reason("It happens at 12 seconds.")).toBe("one time only");
  expect(reason("3 people and 5 dogs")).toBe("times without a span");
  expect(reason("From frame 12 to frame 15.")).toBe("frames without their times");
  expect(reason("from 10% to 20%", {})).toBe("percent without a duration");
});

test("frame numbers take the times of their frames, also at an uneven rate", () => {
  const uneven = [0, 0.4, 1.1, 3.7, 3.9];
  expect(spans("frames 1 to 3", { frameTimes: uneven })).toEqual([[0.4, 3.7]]);
  expect(read("frames 1 to 6", { frameTimes: uneven })[0]).toMatchObject({ isBeyond: true });
});

test("TimeChat keeps the first span, in order, and reads start and end from their lines", () => {
  const as = (text: string) => ends(extractSpansAs("timechat", text));
  expect(as("The query happens in 20.8 - 30.0 seconds and 40 - 50.")).toBe("20.8-30");
  expect(as("30 - 20.8 seconds")).toBe("20.8-30");
  expect(as("Starting time: 0.8 seconds\nEnding time: 1.1 seconds")).toBe("0.8-1.1");
  expect(as("From 5 to 17.")).toBe("-");
});

test("VTimeLLM's rule takes two digits out of anything", () => {
  const as = (text: string) => ends(extractSpansAs("vtimellm", text, { duration: 100 }));
  expect([as("from 5 to 9"), as("from 100 to 200"), as("between 17 and 34"), as("2015 to 20")]).toEqual([
    "-",
    "0-20",
    "17-34",
    "15-20",
  ]);
});
