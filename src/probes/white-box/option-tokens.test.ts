/** Oracles: readings worked out by hand. */
import { expect, test } from "vitest";
import { answerReading } from "./option-tokens.ts";

test("options are read up to where they part, in one run where they begin alike", () => {
  // "(A) red", "(B) blue": two tokens decide.
  expect(
    answerReading([
      [1, 2, 9, 5],
      [1, 3, 9, 6],
    ]),
  ).toEqual({
    contexts: [[1]],
    options: [
      [
        { context: 0, depth: 0, id: 1 },
        { context: 0, depth: 1, id: 2 },
      ],
      [
        { context: 0, depth: 0, id: 1 },
        { context: 0, depth: 1, id: 3 },
      ],
    ],
    common: [1],
  });
});

test("options that part at different places take a run for every branch", () => {
  // red star, red heart, blue star
  const { contexts, options, common } = answerReading([
    [4, 7],
    [4, 8],
    [5, 7],
  ]);
  expect(contexts).toEqual([[4]]);
  expect(options.map((tokens) => tokens.length)).toEqual([2, 2, 1]);
  expect(common).toEqual([]);
  const branches = answerReading([
    [4, 7],
    [4, 8],
    [5, 7],
    [5, 8],
  ]);
  expect(branches.contexts).toEqual([[4], [5]]);
  expect(branches.options[3]).toEqual([
    { context: 1, depth: 0, id: 5 },
    { context: 1, depth: 1, id: 8 },
  ]);
});

test("a free answer is read whole", () => {
  expect(answerReading([[4, 5, 6]])).toMatchObject({ contexts: [[4, 5]], common: [] });
});

test("the same tokens twice are refused", () => {
  expect(() =>
    answerReading([
      [4, 5],
      [4, 5],
    ]),
  ).toThrow(/different tokens/);
});
