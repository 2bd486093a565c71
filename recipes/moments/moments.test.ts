/**
 * Oracles: answers read back by the product's own reader against the truth of the script; a second way to count; hand calculation.
 */
import { expect, test } from "vitest";
import { Rng } from "../../src/core/math/index.ts";
import { iou } from "../../src/core/metrics/index.ts";
import { loadModel } from "../../src/nn/models/index.ts";
import { loadTokenizer } from "../../src/nn/tokenizer/index.ts";
import { readGrounding, readHighlights } from "../../src/tasks/index.ts";
import { eventsScript, trainVocabulary } from "../../src/world/index.ts";
import { armDifference, armFigures } from "./figures.ts";
import { filmVocabulary } from "./films.ts";
import { highlightTurn, ratedMoments } from "./highlight-turn.ts";
import type { FilmAnswer } from "./kept-answers.ts";
import { numberToken, readerTokenizer, withRows } from "./reader-tokenizer.ts";
import { everySecond, mostNumbers, stripOf } from "./strip.ts";
import { groundingTurn, queryOf } from "./turns.ts";
import { evenlySpread } from "./vtimellm-source.ts";

const script = (seed: number) => eventsScript(new Rng(seed), filmVocabulary(trainVocabulary));
const micro = "models/zoetrope-micro";
const blank = { width: 1, height: 1, data: new Uint8ClampedArray(4) };

test("the answer to a question, read as a model's reply, is the moment within half a second", () => {
  for (let seed = 0; seed < 60; seed++) {
    const strip = stripOf(script(seed));
    const frames = strip.times.map((time, index) => ({ time, index, image: blank }));
    const shown = { frames, duration: strip.duration, color: "red", startIndex: 0, file: {} };
    for (const moment of strip.moments) {
      const last = strip.times.at(-1) as number;
      const truth = { start: moment.start, end: Math.min(moment.end, last) };
      for (const prompt of ["numpro", "numpro-2024", "numpro-ft", "times"] as const) {
        const turn =
          prompt === "times"
            ? groundingTurn(strip, moment, { clock: "times" })
            : groundingTurn(strip, moment, { clock: "numbers", prompt });
        expect(turn.ask).toContain(queryOf(moment));
        const read = readGrounding(prompt === "times" ? { ...shown, startIndex: null } : shown, turn.answer, prompt);
        if (read.kind !== "spans") throw new Error(read.reason);
        // Numbers stand a second apart, so each end is within half a second, or the span has the least length there is.
        expect(iou(read.spans[0] as { start: number; end: number }, truth)).toBeGreaterThan(0.5);
      }
    }
  }
});

test("moments that can be asked for happen once, and events fill the film", () => {
  for (let seed = 0; seed < 40; seed++) {
    const { moments, events, duration } = stripOf(script(seed));
    expect(new Set(moments.map(({ label }) => label)).size).toBe(moments.length);
    expect(events.reduce((sum, { start, end }) => sum + end - start, 0)).toBeCloseTo(duration, 9);
  }
});

test("highlights name every frame of the moment with a score that follows size or brightness", () => {
  for (let seed = 0; seed < 40; seed++) {
    const strip = stripOf(script(seed));
    for (const moment of ratedMoments(strip)) {
      const read = readHighlights(highlightTurn(strip, moment, "numbers").answer);
      if (read.kind === "unparsed") throw new Error(read.reason);
      const inside = strip.times.flatMap((time, frame) => (time >= moment.start && time < moment.end ? [frame] : []));
      expect(read.frames).toEqual(inside);
      const rises = /grows|brightens/.test(moment.label);
      const sorted = [...read.scores].sort((a, b) => (rises ? a - b : b - a));
      expect(read.scores).toEqual(sorted);
      expect(Math.max(...read.scores)).toBe(5);
    }
  }
});

test("a new token is the same mixture of known words in both tables, and old rows stay", () => {
  const { weights } = loadModel(micro);
  const tokenizer = readerTokenizer(loadTokenizer(micro));
  const out = withRows(weights, tokenizer.vocabSize, 3);
  const [inner, outer] = ["model.embed_tokens", "lm_head"].map((name) => {
    const table = `language_model.${name}.weight`;
    return { old: weights.get(table)?.data as Float32Array, now: out.get(table)?.data as Float32Array };
  }) as [{ old: Float32Array; now: Float32Array }, { old: Float32Array; now: Float32Array }];
  const width = 192;
  const rowOf = (data: Float32Array, row: number) => data.subarray(row * width, (row + 1) * width);
  for (const table of [inner, outer]) expect(table.now.subarray(0, table.old.length)).toEqual(table.old);
  // The words that a row is mixed of, found by their share in the first table, rebuild the row of the second.
  const row = numberToken(tokenizer, 42);
  const rng = new Rng("rows/3");
  const count = inner.old.length / width;
  let parts: [number, number][] = [];
  for (let at = count; at <= row; at++)
    parts = Array.from({ length: 4 }, () => [
      rng.integer(Math.floor(count / 2), count - 1),
      rng.chance(0.5) ? 0.5 : -0.5,
    ]);
  for (const { old, now } of [inner, outer]) {
    const wanted = new Float64Array(width);
    for (const [word, weight] of parts) {
      const known = rowOf(old, word);
      for (let j = 0; j < width; j++) wanted[j] = (wanted[j] as number) + weight * (known[j] as number);
    }
    const furthest = Math.max(...rowOf(now, row).map((x, j) => Math.abs(x - (wanted[j] as number))));
    expect(furthest).toBeLessThan(1e-5);
  }
});

test("numbers fit beside the frames of every film, and spread frames are as many as wanted", () => {
  for (let seed = 0; seed < 60; seed++) {
    expect(stripOf(script(seed), everySecond).times.length).toBeLessThan(mostNumbers);
    expect(stripOf(script(seed), evenlySpread).times.length).toBe(evenlySpread.budget);
  }
});

test("figures and differences of two arms, by hand", () => {
  const answer = (film: string, value: number): FilmAnswer => ({
    ...{
      film,
      kind: "moment",
      query: "a red circle",
      truth: [0, 1],
      reply: "",
      read: null,
      unparsed: null,
      value,
      hit: null,
    },
  });
  const before = [{ seed: 0, answers: [answer("a", 0.2), answer("b", 0.6)] }];
  const after = [{ seed: 0, answers: [answer("a", 0.6), answer("b", 0.4)] }];
  const { figures, moments, unparsed } = armFigures("x", before);
  expect([figures.miou.value, figures.r1At05.value, moments, unparsed]).toEqual([40, 50, 2, 0]);
  expect(figures.highlightMap.value).toBeNull();
  expect(armDifference("miou", [after, before]).value).toBeCloseTo(10, 9);
  expect(() => armDifference("miou", [[{ seed: 0, answers: [answer("c", 1)] }], before])).toThrow(/same questions/);
});
