/** Oracle: the answers that synthesis/t3 gives, and hand-written sentences. */
import { describe, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { madeUpCaptions, readT3, synthesiseT3, T3_FAMILIES, t3Conversation } from "../t3/index.ts";
import { changeBetween } from "./change-claims.ts";
import { rightOptions, solve } from "./solve.ts";

test("every multiple-choice row of every family is solved from its text, and has the answer of the row", () => {
  const captions = madeUpCaptions(600, new Rng("solve"));
  const rows = synthesiseT3(captions, {
    seed: 2,
    families: T3_FAMILIES,
    padding: [1, 2, 8],
    rows: 2400,
    validation: 0,
  });
  for (const row of rows) {
    if (row.options.length === 0) continue;
    const conversation = t3Conversation(row);
    const read = readT3(conversation);
    if ("problem" in read) throw new Error(`${read.problem}: ${conversation.turns[0]?.value}`);
    expect(read).toMatchObject({
      question: row.question,
      options: row.options,
      captions: row.captions,
      prefix: row.prefix,
    });
    expect(rightOptions(solve(read)), conversation.turns[0]?.value).toEqual([row.answerIndex]);
  }
});

describe("sentences about order", () => {
  const captions = [
    "A hand turns the pages of an old book.",
    "The school bus stops beside two children.",
    "A supermarket was damaged by a storm.",
  ];
  const judge = (option: string) => {
    const solution = solve({ question: "How do the scenes unfold in the video?", options: [option], captions });
    return "unsolved" in solution ? solution.unsolved : solution.verdicts[0]?.kind;
  };

  test.each([
    ["A book appears before a school bus and a damaged supermarket", "right"],
    ["The damaged supermarket comes after the school bus", "right"],
    ["First the old book, then the school bus, and finally the supermarket.", "right"],
    ["From an old book to a school bus to a storm", "right"],
    ["The book, followed by the storm", "right"],
    ["A damaged supermarket is shown before the book", "wrong"],
    ["From the bus to the pages", "wrong"],
    ["First the bus, then the book", "wrong"],
    ["The book before the piano", "unknown"],
    ["The book", "unknown"],
    ["All of the above", "unknown"],
  ])("%s: %s", (option, kind) => {
    expect(judge(option)).toBe(kind);
  });

  test("a question that turns things round is not solved", () => {
    const question = "Which of these is not the order of the scenes?";
    expect(solve({ question, options: ["the book, the bus"], captions })).toHaveProperty("unsolved");
  });
});

describe("sentences about change", () => {
  const captions = ["A man in a loose fitting blue shirt.", "A man in a tight blue shirt."];
  const judge = (option: string) => {
    const solution = solve({ question: "How does the fit of the shirt change?", options: [option], captions });
    return "unsolved" in solution ? solution.unsolved : solution.verdicts[0]?.kind;
  };

  test.each([
    ["from loose fitting to tight", "right"],
    ["It changes from loose to tight.", "right"],
    ["from tight to loose", "wrong"],
    ["from blue to red", "wrong"],
    ["The fit remains the same", "wrong"],
    ["it becomes more elegant", "unknown"],
  ])("%s: %s", (option, kind) => {
    expect(judge(option)).toBe(kind);
  });

  test("a change is one stretch of few words between lines that are otherwise alike", () => {
    expect(changeBetween("A red car waits.", "An orange car waits.")).toMatchObject({ from: ["red"], to: ["orange"] });
    expect(changeBetween("A red car waits.", "A red car waits.")).toBeUndefined();
    expect(changeBetween("A red car waits here.", "A blue car waits there.")).toBeUndefined();
    expect(changeBetween("A dog.", "Six old cats run home.")).toBeUndefined();
  });
});
