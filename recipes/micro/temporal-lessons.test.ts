/**
 * Oracle: a reader that knows only the text of a lesson. It finds the captions in the first turn, notes in which lines a thing
 * is named, and answers from that alone.
 */
import { expect, test } from "vitest";
import { testVocabulary } from "../../src/world/index.ts";
import { type Lesson, temporalLessons } from "./temporal-lessons.ts";

function firstLessons(count: number): Lesson[] {
  const lessons = temporalLessons("test");
  return Array.from({ length: count }, () => lessons.next().value);
}

const lessons = firstLessons(3000);

function captionsOf({ turns }: Lesson): string[] {
  const [, text = ""] = /Captions:\n([\s\S]*?)\nQuestion: /.exec(turns[0]?.ask ?? "") ?? [];
  return text.split("\n");
}

function optionsOf(ask: string): string[] {
  const inline = /\nOptions:(.*)\n/.exec(ask)?.[1];
  const listed =
    inline === undefined ? ask.split("\n").filter((line) => /^\([A-F]\) /.test(line)) : inline.split(/ (?=\([A-F]\))/);
  return listed.map((option) => option.replace(/^\([A-F]\) /, "").replace(/\.$/, ""));
}

/** First line that names a thing, or nothing. */
function lineOf(thing: string, captions: readonly string[]): number {
  return captions.findIndex((caption) =>
    ` ${caption.toLowerCase().replace(/\./g, "")} `.includes(` ${thing.replace(/^an? /, "")} `),
  );
}

/** The right option of a probing question, read off the captions; undefined for questions of other families. */
function solve(ask: string, captions: readonly string[]): string | undefined {
  const [, stem = ""] = /Question: (.*)/.exec(ask) ?? [];
  const options = optionsOf(ask);
  const seen = (thing: string) => lineOf(thing, captions);
  const known = options.filter((option) => seen(option) >= 0).sort((a, b) => seen(a) - seen(b));
  const [, place] = /^Which item is shown in the (begin|middle|end) of the video/.exec(stem) ?? [];
  if (place) return known[["begin", "middle", "end"].indexOf(place)];
  if (stem.startsWith("What is the correct order that the items appear")) {
    return options.find((order) => {
      const lines = order.split(", ").map(seen);
      return lines.every((line, i) => line >= 0 && (i === 0 || line > (lines[i - 1] as number)));
    });
  }
  const [, grounded] = /^In which part of the video can we see (an? .*)\?/.exec(stem) ?? [];
  if (grounded && new Set(captions).size <= 3) {
    const [first, last] = [captions[0], captions.at(-1)] as [string, string];
    const own = captions[seen(grounded)];
    return own === first ? "the begin" : own === last ? "the end" : "the middle";
  }
  const rank = (words: readonly string[]) => (caption: string) =>
    words.findIndex((word) => caption.toLowerCase().split(/\W/).includes(word));
  if (/brightness increase/.test(stem)) {
    const [from, to] = [captions[0], captions.at(-1)].map((caption) => rank(["dim", "bright"])(caption as string));
    return (to as number) === 1 || (from as number) === 0 ? "Brighten" : "Darken";
  }
  if (/grow or shrink/.test(stem)) {
    const [from, to] = [captions[0], captions.at(-1)].map((caption) =>
      rank(["small", "medium", "large"])(caption as string),
    );
    return (to as number) > (from as number) ? "Grow" : "Shrink";
  }
  return undefined;
}

test("every probing question has the answer that its captions give", () => {
  let solved = 0;
  for (const lesson of lessons) {
    const captions = captionsOf(lesson);
    for (const { ask, answer } of lesson.turns) {
      const right = solve(ask, captions);
      if (right === undefined) continue;
      solved++;
      expect(answer.replace(/^\([A-F]\) /, ""), `${captions.join("\n")}\n${ask}`).toBe(right);
    }
  }
  expect(solved).toBeGreaterThan(2500);
});

test("an answer is an option line of its own question", () => {
  for (const { turns } of lessons) {
    for (const { ask, answer } of turns) expect(optionsOf(ask), ask).toContain(answer.replace(/^\([A-F]\) /, ""));
  }
});

test("temporal text never mentions what test videos show", () => {
  const held = new RegExp(`\\b(${testVocabulary.shapes.join("|")})\\b`, "i");
  const ground = new RegExp(`\\b(${testVocabulary.backgrounds.join("|")})( background\\b|$)`, "im");
  for (const lesson of lessons) {
    for (const { ask } of lesson.turns) expect(ask).not.toMatch(held);
    for (const caption of captionsOf(lesson)) expect(caption).not.toMatch(ground);
  }
});

test("a seed names the lessons", () => {
  expect(firstLessons(50)).toEqual(lessons.slice(0, 50));
});
