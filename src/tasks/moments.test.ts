/** Oracles: B3 and A9 of the specification, letter for letter; replies whose numbers are known because the test wrote them. */
import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { diagnoseAnswers } from "./answer-diagnostics.ts";
import { groundingText, numproAnswer } from "./grounding.ts";
import { highlightText, parrotsExample, readHighlights, saliencyOf } from "./highlight.ts";

test("NumPro's grounding prompt reads as published, the sentence about numbers with no space behind it", () => {
  expect(groundingText("A person Opens a door")).toBe(
    "The red numbers on each frame represent the frame number.During which frames can we see A person Opens a door? Answer in the format: 'From Frame x to Frame y'.",
  );
  expect(groundingText("it rains", { prompt: "numpro-2024" })).toBe(
    "The red numbers on each frame represent the frame number.During which frames can we see it rains? Answer in the format of 'from x to y'.",
  );
  expect(groundingText("it rains", { prompt: "numpro-ft", numbers: false })).toBe(
    "During which frames can we see it rains?",
  );
  expect(numproAnswer(3, 12)).toBe("From 3 to 12.");
});

test("VTimeLLM's query is stripped, in lower case, and loses one full stop", () => {
  expect(groundingText(" A Man runs.. ", { prompt: "vtimellm" })).toBe("During which frames can we see a man runs.?");
});

test("without numbers the frames' seconds stand in the text", () => {
  const text = groundingText("it rains", { prompt: "times", numbers: false, times: [0, 1.001, 2.002] });
  expect(text).toContain("0.0, 1.0, 2.0");
  expect(text).not.toContain("number");
});

test("NumPro's highlight prompts read as published", () => {
  expect(highlightText("a dog")).toBe(
    "The red numbers on each frame represent the frame number. Please find the highlight contents in the video described by the query a dog. Determine the highlight frames and its saliency score on a scale from 1 to 5. If the video content more related to the query, the saliency score should be higher. The output format should be like: 'The highlight frames are in the 80, 81, 82, 83, 84, 85, 86, 87, 88, 89 frames. Their saliency scores are 1.3, 1.5, 2.6, 3.0, 2.9, 4.0, 3.7, 3.2, 2.1, 2.3'.",
  );
  expect(highlightText("a dog", { prompt: "numpro-ft" })).toContain(
    "2.1, 2.3'. Now I will give you the sentence query: a dog. Please return the query-based highlight frames and salient scores.",
  );
});

test("a reply in the format asked for gives its frames and scores back", () => {
  const rng = new Rng("highlights");
  for (let round = 0; round < 200; round++) {
    const count = rng.integer(1, 12);
    const frames = Array.from({ length: count }, () => rng.below(80));
    const scores = Array.from({ length: count }, () => rng.integer(10, 50) / 10);
    const end = rng.pick([".", "", ".\n"]);
    const text = `The highlight frames are in the ${frames.join(", ")} frames. Their saliency scores are ${scores.join(", ")}${end}`;
    expect(readHighlights(text)).toEqual({ kind: "highlights", frames, scores, unpaired: 0 });
    const { scores: saliency, outside } = saliencyOf({ frames, scores }, { clips: 75 });
    expect(outside).toBe(frames.filter((frame) => frame >= 75).length);
    for (const [clip, value] of saliency.entries()) {
      const own = scores.filter((_, i) => frames[i] === clip);
      expect(value).toBeCloseTo(own.length === 0 ? 0 : own.reduce((sum, score) => sum + score, 0) / own.length, 12);
    }
  }
});

test("ranges, lists of unequal length and replies without lists are told apart", () => {
  const range = readHighlights("The highlight frame is in the 4-7 frames. Their saliency scores are 1, 2, 3");
  expect(range).toEqual({ kind: "highlights", frames: [4, 5, 6], scores: [1, 2, 3], unpaired: 1 });
  for (const text of [
    "",
    "I cannot see a dog.",
    "The highlight frames are in the 3, 4 frames.",
    "Their saliency scores are 3.",
  ])
    expect(readHighlights(text).kind, text).toBe("unparsed");
});

test("a reply that hands the example back is called out, one with scores of its own is not", () => {
  const example = [1.3, 1.5, 2.6, 3.0, 2.9, 4.0, 3.7, 3.2, 2.1, 2.3];
  expect(parrotsExample({ frames: [1, 2, 3, 4], scores: example.slice(0, 4) })).toBe(true);
  expect(parrotsExample({ frames: [1, 2, 3, 4, 5], scores: [5, ...example.slice(4, 8)] })).toBe(true);
  expect(parrotsExample({ frames: Array.from({ length: 10 }, (_, i) => 80 + i), scores: Array(10).fill(5) })).toBe(
    true,
  );
  expect(parrotsExample({ frames: [1, 2, 3, 4], scores: [4, 4.5, 4, 3] })).toBe(false);
});

test("diagnostics count the same interval, the whole video, what lies outside, and the format handed back", () => {
  const answer = (start: number, end: number, text = "") => ({ span: { start, end }, duration: 50, text });
  const answers = [
    ...Array.from({ length: 6 }, () => answer(8.5, 17)),
    answer(0, 50),
    answer(40, 61),
    { span: null, duration: 50, text: "From Frame x to Frame y." },
  ];
  expect(diagnoseAnswers(answers)).toMatchObject({ n: 9, unparsed: 1, wholeVideo: 1, outOfRange: 1, parroted: 1 });
  expect(diagnoseAnswers(answers).common[0]).toEqual({ from: 17, to: 34, count: 6, share: 6 / 8 });
  expect(diagnoseAnswers([])).toMatchObject({ n: 0, constantShare: null, common: [] });
});
