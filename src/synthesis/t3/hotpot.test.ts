/** Oracle: the layout of section 2.5 written out by hand, and white space counted by another expression. */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { type HotpotOptions, hotpotRow } from "./hotpot.ts";

const entry = {
  _id: "5a7a",
  question: "Which river runs through the town of the painter?",
  answer: "Aare",
  type: "bridge",
  level: "medium",
  supporting_facts: [["Painter", 0]],
  context: [
    ["Painter", ["She was a painter.", " She lived in Thun."]],
    ["Thun", ["Thun lies on the Aare."]],
    ["Nothing", []],
  ],
};
const make = (options: Partial<HotpotOptions> = {}, seed = 1) =>
  hotpotRow(entry, { rng: new Rng(seed), ask: "answer", ...options });

test("paragraphs, question and short answer stand in T3's layout, the paragraphs in random order", () => {
  const blocks = [
    "Title: Painter\nContent: She was a painter. She lived in Thun.\n\n",
    "Title: Thun\nContent: Thun lies on the Aare.\n\n",
  ];
  const layouts = [blocks, [...blocks].reverse()].map(
    (order) =>
      `Given the following paragraphs, answer the question. \n${order.join("")}\nQuestion: Which river runs through the town of the painter?\n`,
  );
  const seen = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const row = make({}, seed);
    if ("skip" in row) throw new Error(row.skip);
    expect(layouts).toContain(row.turns[0]?.value);
    expect(row.turns[1]?.value).toBe("Aare");
    seen.add(row.turns[0]?.value as string);
  }
  expect(seen.size).toBe(2);
});

test("the variant asks for the title of the paragraph that stands last", () => {
  for (let seed = 0; seed < 10; seed++) {
    const row = make({ ask: "last-title" }, seed);
    if ("skip" in row) throw new Error(row.skip);
    const titles = [...(row.turns[0]?.value ?? "").matchAll(/^Title: (.+)$/gm)].map((match) => match[1]);
    expect(row.turns[1]?.value).toBe(titles.at(-1));
  }
});

test("without a limit nothing is dropped (the reference's default dropped everything); with one, exactly the longer rows", () => {
  const row = make();
  if ("skip" in row) throw new Error(row.skip);
  const length = [...(row.turns[0]?.value ?? "").matchAll(/\S+/g)].length;
  expect(make({ maxWords: length })).toEqual(row);
  expect(make({ maxWords: length - 1 })).toEqual({ skip: `more than ${length - 1} words` });
});

test("entries of another shape are passed over with the field", () => {
  const rng = new Rng(1);
  expect(hotpotRow({ ...entry, answer: 3 }, { rng, ask: "answer" })).toEqual({ skip: "no HotpotQA entry (answer)" });
  expect(hotpotRow({ ...entry, context: [] }, { rng, ask: "answer" })).toEqual({ skip: "no paragraphs" });
  expect(hotpotRow({ ...entry, answer: " " }, { rng, ask: "answer" })).toEqual({ skip: "no question or answer" });
});
