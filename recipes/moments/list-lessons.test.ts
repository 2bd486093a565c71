/**
 * Oracle: the lessons read back from their text, and every answer derived anew from the lines that stand above it.
 */
import { expect, test } from "vitest";
import type { Sequence } from "../../src/nn/models/index.ts";
import { loadTokenizer } from "../../src/nn/tokenizer/index.ts";
import { listSource } from "./list-lessons.ts";
import { readerTokenizer } from "./reader-tokenizer.ts";

const tokenizer = readerTokenizer(loadTokenizer("models/zoetrope-micro"));
const steps = 100;
const lessons = listSource({ seed: 3, steps, tokenizer, tokens: 2000 });

type Asked = Readonly<{ ask: string; thing: string; answer: string }>;

/** What a lesson's text says: things and last words of its lines, look-ups and questions. */
function readBack({ ids }: Sequence) {
  const text = tokenizer.decode(Array.from(ids));
  const end = text.lastIndexOf("\n");
  const rows = text
    .slice("<s>USER: ".length, end)
    .split("\n")
    .map((line) => line.split(" "));
  const asked = text.slice(end);
  const lookUps = [...asked.matchAll(/ (first|last)\? (\w+ \w+) ([\d.]+)/g)];
  const questions = [...asked.matchAll(/can we see an? (\w+ \w+)\?.*?ASSISTANT: (From .*?\.)<\/s>/g)];
  return {
    things: rows.map((words) => `${words[2]} ${words[3]}`),
    ends: rows.map((words) => words[4] as string),
    lookUps: lookUps.map(([, ask, thing, answer]) => ({ ask, thing, answer }) as Asked),
    questions: questions.map(([ask, thing, answer]) => ({ ask, thing, answer }) as Asked),
  };
}

test("every answer names the lines on which the thing stands, by number or by second", () => {
  const counts = { numbers: 0, seconds: 0, lookUps: 0, questions: 0, gaps: 0 };
  for (let step = 0; step < steps; step += 3) {
    for (const { things, ends, lookUps, questions } of lessons(step).map(readBack)) {
      const isNumbered = /^\d+$/.test(ends[0] as string);
      counts[isNumbered ? "numbers" : "seconds"]++;
      if (isNumbered && Number(ends.at(-1)) - Number(ends[0]) >= ends.length) counts.gaps++;
      const mark = (line: number) => (isNumbered ? (ends[line] as string) : `${line}.0`);
      for (const { ask, thing, answer } of lookUps)
        expect(answer).toBe(mark(ask === "first" ? things.indexOf(thing) : things.lastIndexOf(thing)));
      for (const { ask, thing, answer } of questions) {
        const named = answer.match(/[\d.]*\d/g);
        expect(named).toEqual([mark(things.indexOf(thing)), mark(things.lastIndexOf(thing))]);
        expect(ask.includes("seconds")).toBe(!isNumbered);
      }
      expect(lookUps.length + questions.length).toBeGreaterThan(0);
      counts.lookUps += lookUps.length;
      counts.questions += questions.length;
    }
  }
  // Both ways of asking alike, and numbers that cannot be counted.
  const share = counts.numbers / (counts.numbers + counts.seconds);
  expect(share).toBeGreaterThan(0.45);
  expect(share).toBeLessThan(0.55);
  expect(counts.gaps).toBeGreaterThan(0.3 * counts.numbers);
  expect(Math.min(counts.lookUps, counts.questions)).toBeGreaterThan(100);
});

test("no look-up stands twice under a list: its answer would be copied from the first one", () => {
  for (let step = 0; step < 0.45 * steps; step++)
    for (const { lookUps } of lessons(step).map(readBack))
      expect(new Set(lookUps.map(({ ask, thing }) => `${ask} ${thing}`)).size).toBe(lookUps.length);
});

test("the same seed draws the same lessons at any step, another seed others", () => {
  const again = listSource({ seed: 3, steps, tokenizer, tokens: 2000 });
  const other = listSource({ seed: 4, steps, tokenizer, tokens: 2000 });
  expect(again(71)).toEqual(lessons(71));
  expect(other(71)).not.toEqual(lessons(71));
});
