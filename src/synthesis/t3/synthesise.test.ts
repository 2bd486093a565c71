/**
 * Oracle: reader.fixture.ts, which derives the correct options from the text of a row alone.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { parseChoice } from "../../core/text/index.ts";
import { type Caption, readCaptions } from "../../data/index.ts";
import { splitOf } from "./context-line.ts";
import type { KeyPhrases } from "./facts.ts";
import { T3_FAMILIES } from "./families.ts";
import { madeUpCaptions } from "./made-up-captions.ts";
import { contextLineCount, correctAnswers } from "./reader.fixture.ts";
import { serialiseT3, type T3Row } from "./row.ts";
import { t3Statistics } from "./statistics.ts";
import { synthesiseT3, type T3Options } from "./synthesise.ts";

const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../../../shared");
const activityNet = join(shared, "data/activitynet_captions/train.json");
const madeUp = madeUpCaptions(600, new Rng("captions"));
const everything = { seed: 5, families: T3_FAMILIES, padding: [1, 2, 4, 8], validation: 0.2 } satisfies T3Options;

function claims(name: string, captions: () => readonly Caption[], rowCount: number) {
  describe(name, () => {
    let rows: T3Row[];
    beforeAll(() => {
      rows = [...synthesiseT3(captions(), { ...everything, rows: rowCount })];
    });

    test("as many rows as asked for, all families and paddings equally often", () => {
      const { families, padding } = t3Statistics(rows);
      expect(rows.length).toBe(rowCount);
      for (const counts of [families, padding]) {
        const shares = Object.values(counts).map((count) => count / rowCount);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThan(0.02);
      }
      expect(Object.keys(families).sort()).toEqual([...T3_FAMILIES].sort());
    });

    test("exactly one option is correct by the text alone, and it is the one that gpt gives", () => {
      for (const row of rows) {
        const { human, gpt } = serialiseT3(row);
        const correct = correctAnswers(human);
        if (row.options.length === 0) expect(correct, human).toContain(gpt);
        else expect(correct, human).toEqual([gpt]);
      }
    });

    test("the answer reads back as the choice of its index", () => {
      for (const row of rows.filter(({ options }) => options.length > 0)) {
        expect(parseChoice(row.answer, row.options)).toMatchObject({ kind: "choice", index: row.answerIndex });
        expect(parseChoice(row.options[row.answerIndex] as string, row.options)).toMatchObject({
          index: row.answerIndex,
        });
      }
    });

    test("two to six options, each letter correct equally often within 2 %", () => {
      const { letters, letterImbalance } = t3Statistics(rows);
      expect(
        Object.keys(letters)
          .map(Number)
          .every((count) => count >= 2 && count <= 6),
      ).toBe(true);
      expect(letterImbalance).toBeLessThanOrEqual(0.02);
    });

    test("padding multiplies the context lines, and the original lines keep their order", () => {
      for (const row of rows) {
        expect(contextLineCount(serialiseT3(row).human)).toBe(row.slots.length * row.padding);
        expect(row.slots.map((line) => Math.floor(line / row.padding))).toEqual(row.slots.map((_, i) => i));
      }
    });

    test("no source stands on both sides of the split", () => {
      const sides = new Map<string, string>();
      for (const row of rows) {
        for (const source of row.sourceIds) {
          expect(sides.get(source) ?? row.split).toBe(row.split);
          sides.set(source, row.split);
        }
      }
      expect(new Set(sides.values())).toEqual(new Set(["train", "validation"]));
    });

    test("ids and questions are unique", () => {
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
      expect(new Set(rows.map((row) => serialiseT3(row).human)).size).toBe(rows.length);
    });
  });
}

claims("on made-up captions", () => madeUp, 3200);

const present = existsSync(activityNet);
describe.skipIf(!present)(
  present ? "ActivityNet-Captions" : `ActivityNet-Captions (skipped: no ${activityNet})`,
  () => {
    let captions: Caption[];
    beforeAll(async () => {
      captions = await readCaptions(activityNet);
    });
    claims("on 37k real captions", () => captions, 8000);
  },
);

const digest = (rows: Iterable<T3Row>) => {
  const hash = createHash("sha256");
  for (const row of rows) hash.update(JSON.stringify([row, serialiseT3(row)]));
  return hash.digest("hex");
};

test("same seed, same bytes; another seed, other bytes", () => {
  const once = digest(synthesiseT3(madeUp, everything));
  expect(digest(synthesiseT3(madeUp, everything))).toBe(once);
  expect(digest(synthesiseT3(madeUp, { ...everything, seed: 6 }))).not.toBe(once);
});

test("training rows do not depend on whether validation rows are asked for", () => {
  const both = [...synthesiseT3(madeUp, { ...everything, rows: 500 })].filter(({ split }) => split === "train");
  const train = [...synthesiseT3(madeUp, { ...everything, rows: both.length, split: "train" })];
  expect(digest(train)).toBe(digest(both));
});

test("the side of a source depends on its id alone, and the shares come out as asked", () => {
  const held = madeUp.filter(({ source }) => splitOf(source, 0.2) === "validation").length / madeUp.length;
  expect(held).toBeGreaterThan(0.14);
  expect(held).toBeLessThan(0.26);
  expect(madeUp.every(({ source }) => splitOf(source, 0) === "train")).toBe(true);
});

test("the text form is that of the released rows, byte for byte", () => {
  const row: T3Row = {
    id: "x",
    split: "train",
    family: "order",
    level: "list",
    padding: 1,
    prefix: "Given the video captions listed below, respond to the upcoming question.",
    suffix: "Only give the best option:",
    question: "What is the correct order of images as they appear in the video?",
    options: ["die, book cover", "book cover, die"],
    answerIndex: 1,
    answer: "(B) book cover, die",
    captions: ["A book cover.", "A die."],
    captionIds: ["1", "2"],
    sourceIds: ["1", "2"],
    slots: [0, 1],
  };
  expect(serialiseT3(row)).toEqual({
    human:
      "Given the video captions listed below, respond to the upcoming question.\n\nCaptions:\nA book cover.\nA die.\n" +
      "Question: What is the correct order of images as they appear in the video?\n(A) die, book cover\n(B) book cover, die\n\n" +
      "Only give the best option:\n",
    gpt: "(B) book cover, die",
  });
});

test("captions without a usable phrase are passed over with a counted reason, duplicates and blanks too", () => {
  const reasons: string[] = [];
  const captions = ["They run.", "They run.", "  ", "It ends.", "A red kite flies."].map((text, i) => ({
    id: `${i}`,
    text,
    source: `${i}`,
  }));
  expect([
    ...synthesiseT3(captions, {
      seed: 1,
      families: ["order"],
      validation: 0,
      onSkip: (reason) => reasons.push(reason),
    }),
  ]).toEqual([]);
  expect(reasons).toEqual(
    expect.arrayContaining([
      "duplicate caption",
      "empty caption",
      "order: no key phrase",
      "order: no compatible captions",
    ]),
  );
});

test("known phrases and attributes replace extraction", () => {
  const captions = ["red", "blue", "green", "white"].flatMap((color) =>
    ["circle", "square", "star", "ring"].flatMap((shape) =>
      ["small", "large"].map((size) => {
        const text = `A ${size} ${color} ${shape} on a black background.`;
        return { id: text, text, source: text };
      }),
    ),
  );
  const known: KeyPhrases = ({ text }) => {
    const [, size, color, shape] = text.split(" ") as [string, string, string, string];
    return {
      phrases: [`${color} ${shape}`],
      attributes: [
        { kind: "color", value: color, subject: shape, alternatives: ["red", "blue", "green", "white"] },
        { kind: "size", value: size, subject: shape, alternatives: ["small", "large"] },
      ],
    };
  };
  const rows = [
    ...synthesiseT3(captions, {
      seed: 3,
      rows: 400,
      validation: 0,
      padding: [1, 2],
      families: T3_FAMILIES,
      keyPhrases: known,
    }),
  ];
  expect(rows.length).toBe(400);
  for (const row of rows) {
    const { human, gpt } = serialiseT3(row);
    if (row.options.length > 0) expect(correctAnswers(human), human).toEqual([gpt]);
    if (row.family === "referring")
      expect(row.options.every((option) => /^(?:red|blue|green|white) \w+$/.test(option))).toBe(true);
  }
});

test("an unknown family, padding or share is refused by name", () => {
  expect(() => [...synthesiseT3(madeUp, { seed: 1, families: ["ordr"] })]).toThrow(/"ordr"/);
  expect(() => [...synthesiseT3(madeUp, { seed: 1, padding: [0] })]).toThrow(/paddings/);
  expect(() => [...synthesiseT3(madeUp, { seed: 1, validation: 1 })]).toThrow(/validation/);
});
