/**
 * Oracle: a reader that knows only the text of a lesson. It finds the captions in the first turn, notes in which lines a thing
 * is named, and answers from that alone.
 */
import { expect, test } from "vitest";
import { testVocabulary } from "../../src/world/index.ts";
import { type Lesson, type LessonOptions, temporalLessons } from "./temporal-lessons.ts";
import { wholeWords } from "./words.ts";

function firstLessons(count: number, options: LessonOptions = {}): Lesson[] {
  const lessons = temporalLessons("test", options);
  return Array.from({ length: count }, () => lessons.next().value);
}

const lessons = firstLessons(3000);

/** Lines of the first turn between its opening and its question: captions name a size, questions about them have a mark. */
function captionsOf({ turns }: Lesson): string[] {
  const [ask = ""] = turns.map((turn) => turn.ask);
  const [text = ""] = ask.replace(/^[\s\S]*Captions:\n/, "").split(/^(?=Question: |[A-Z].*\? $)/m);
  return text.trimEnd().split("\n");
}

function optionsOf(ask: string): string[] {
  const inline = /\nOptions:(.*)\n/.exec(ask)?.[1];
  const listed =
    inline === undefined ? ask.split("\n").filter((line) => /^\([A-F]\) /.test(line)) : inline.split(/ (?=\([A-F]\))/);
  return listed.map((option) => option.replace(/^\([A-F]\) /, "").replace(/\.$/, ""));
}

/** What the captions name, in order of appearance. */
function thingsIn(captions: readonly string[]): string[] {
  const thing = new RegExp(`\\b(${wholeWords.colours.join("|")}) (${wholeWords.shapes.join("|")})\\b`);
  return [...new Set(captions.map((caption) => thing.exec(caption)?.[0] ?? ""))];
}

/** The question alone, be it followed by options or not. */
function stemOf(ask: string): string {
  return /Question: (.*)/.exec(ask)?.[1] ?? /^[A-Z].*\? $/m.exec(ask)?.[0].trim() ?? "";
}

/** First line that names a thing, or nothing. */
function lineOf(thing: string, captions: readonly string[]): number {
  return captions.findIndex((caption) =>
    ` ${caption.toLowerCase().replace(/\./g, "")} `.includes(` ${thing.replace(/^an? /, "")} `),
  );
}

/** The right option of a probing question, read off the captions; undefined for questions of other families. */
function solve(ask: string, captions: readonly string[]): string | undefined {
  const stem = stemOf(ask);
  const things = thingsIn(captions);
  const listed = optionsOf(ask);
  // Where a question comes without options, whatever the captions name may be the answer.
  const options = listed.length > 0 ? listed : stem.startsWith("Which") ? things : [things.join(", ")];
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
      expect(answer.replace(/^\([A-F]\) /, "").replace(/^an? /, ""), `${captions.join("\n")}\n${ask}`).toBe(
        right.replace(/^an? /, ""),
      );
    }
  }
  expect(solved).toBeGreaterThan(2500);
});

test("an answer is an option line of its own question", () => {
  const withOptions = lessons.flatMap(({ turns }) => turns.filter(({ ask }) => optionsOf(ask).length > 0));
  expect(withOptions.length).toBeGreaterThan(3000);
  for (const { ask, answer } of withOptions) {
    expect(optionsOf(ask), ask).toContain(answer.replace(/^\([A-F]\) /, ""));
  }
});

test("no lesson asks the same question twice", () => {
  for (const { turns } of lessons) expect(new Set(turns.map(({ ask }) => stemOf(ask))).size).toBe(turns.length);
});

test("the curriculum goes from few options to many, and from short texts to long ones", () => {
  const course = firstLessons(2000, { count: 2000 });
  const [early, late] = [course.slice(0, 500), course.slice(-500)];
  const orders = (some: readonly Lesson[]) =>
    some.flatMap(({ turns }) => turns.map(({ ask }) => optionsOf(ask))).filter(([first = ""]) => first.includes(", "));
  const options = (some: readonly Lesson[]) =>
    orders(some).reduce((sum, listed) => sum + listed.length, 0) / orders(some).length;
  const lines = (some: readonly Lesson[]) => some.reduce((sum, lesson) => sum + captionsOf(lesson).length, 0);
  expect(options(early)).toBeLessThan(options(late));
  expect(lines(early)).toBeLessThan(lines(late));
});

test("a mixture asks of its own families only, and padding sets the lines", () => {
  const lessons = firstLessons(300, { families: ["grounding"], padding: 2 });
  const probing = lessons.filter(({ turns }) => turns.length === 3);
  expect(probing.length).toBeGreaterThan(200);
  for (const lesson of probing) expect(captionsOf(lesson)).toHaveLength(6);
  for (const { turns } of lessons) for (const { ask } of turns) expect(ask).not.toMatch(/correct order|brightness/);
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
