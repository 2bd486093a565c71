/** Oracles: leaks that are planted, questions that cannot leak because nothing tells their options apart, a model that is told what to say. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scriptedModel } from "../../chat/index.ts";
import { Rng } from "../../core/math/index.ts";
import { writeConversations, writeRows } from "../../data/index.ts";
import { madeUpCaptions, provenanceOf, readT3, synthesiseT3, T3_FAMILIES, t3Conversation } from "../t3/index.ts";
import { askModel } from "./ask-model.ts";
import { type LeakageItem, sampleItems } from "./item.ts";
import { checkLeakage } from "./leakage.ts";

const rng = new Rng("leakage");
const nouns = ["kite", "drum", "lamp", "boat", "tent", "clock", "robot", "bench", "piano", "globe"];

/** Options drawn alike, the right one at random. */
function clean(count: number, change: (item: LeakageItem) => LeakageItem = (item) => item): LeakageItem[] {
  return Array.from({ length: count }, (_, i) => {
    const options = rng.sample(nouns, 3);
    const answerIndex = rng.below(3);
    const captions = [`A ${options[answerIndex]} stands there.`, "It rains."];
    return change({
      id: `${i}`,
      cluster: `${i % 400}`,
      family: null,
      prefix: "",
      suffix: "",
      question: "Which?",
      captions,
      options,
      answerIndex,
    });
  });
}
const beaten = (items: readonly LeakageItem[]) =>
  checkLeakage(items, new Rng(1))
    .checks.filter(({ beatsChance }) => beatsChance)
    .map(({ name }) => name);

test("options that nothing tells apart let no guesser beat chance; the captions in any order give the answer away", () => {
  expect(beaten(clean(1200))).toEqual(["most words of the captions"]);
});

test.each<[string, (item: LeakageItem) => LeakageItem, string]>([
  ["longer", (item) => withRight(item, (text) => `${text} and more`), "longest option"],
  [
    "a word of the question",
    (item) => ({ ...item, question: `Is the ${item.options[item.answerIndex]} there?` }),
    "most like the question",
  ],
  ["mostly first", (item) => (rng.chance(0.4) ? movedFirst(item) : item), "most frequent letter"],
  ["one of a few words wherever one is offered", (item) => favoured(item), "words of question and options (trained)"],
])("a right option that is %s is found out", (_, change, name) => {
  expect(beaten(clean(1500, change))).toContain(name);
});

test("the solver loses what order gives it, and nothing where no order is needed", () => {
  const captions = madeUpCaptions(500, new Rng("captions"));
  const items = [...synthesiseT3(captions, { seed: 1, families: ["order", "control"], rows: 600 })].map(
    (row): LeakageItem => {
      const read = readT3(t3Conversation(row));
      if ("problem" in read) throw new Error(read.problem);
      return { ...read, id: row.id, cluster: row.sourceIds[0] as string, family: row.family };
    },
  );
  const order = Object.fromEntries(checkLeakage(items, new Rng(1)).order.map((check) => [check.family, check]));
  expect([order.order?.inOrder.value, order.control?.inOrder.value, order.control?.shuffled.value]).toEqual([
    100, 100, 100,
  ]);
  expect(order.order?.shuffled.value).toBeLessThan(45);
  expect(order.all?.n).toBe(600);
});

test("a model is scored under three conditions, unparsed replies counted", async () => {
  const items = clean(60);
  const reads = scriptedModel({ "A (\\w+) stands there": "the one that stands there", ".*": "I cannot say" }, "blunt");
  const [inOrder, shuffled, blind] = await askModel(reads, items, { rng: new Rng(1) });
  expect(inOrder).toMatchObject({ condition: "in order", n: 60, unparsed: 60, value: 0 });
  expect(shuffled).toMatchObject({ condition: "shuffled", n: 60 });
  expect(blind).toMatchObject({ condition: "no captions", n: 60, unparsed: 60 });
  const first = await askModel(scriptedModel(["A"]), items, { rng: new Rng(1) });
  const share = (100 * items.filter(({ answerIndex }) => answerIndex === 0).length) / 60;
  for (const { value, unparsed } of first) expect([value, unparsed]).toEqual([expect.closeTo(share, 8), 0]);
  expect(first[2]?.difference).toMatchObject({ value: 0, n: 60 });
});

test("questions are drawn from a file with the family and source that its notes tell, other rows are counted", async () => {
  const folder = mkdtempSync(join(tmpdir(), "leakage-"));
  const path = join(folder, "t3.json");
  const rows = [...synthesiseT3(madeUpCaptions(200, rng), { seed: 1, families: T3_FAMILIES, validation: 0 })];
  const texts = rows.map((row) => ({
    text: JSON.stringify(t3Conversation(row)).replace('"turns"', '"conversations"'),
    provenance: provenanceOf(row, { seed: 1 }),
  }));
  await writeRows(path, texts, { isArray: true });
  const { items, rows: count, left } = await sampleItems(path, { format: "llava", limit: 50, rng });
  expect([items.length, count]).toEqual([50, 200]);
  expect(left).toEqual({ "no options": rows.filter(({ options }) => options.length === 0).length });
  const known = new Map(rows.map((row) => [row.id, row]));
  for (const { id, family, cluster } of items) {
    const row = known.get(id);
    expect([family, cluster]).toEqual([row?.family, row?.sourceIds[row.slots[0] as number]]);
  }
  await writeConversations(path.replace("t3", "bare"), [t3Conversation(rows[0] as (typeof rows)[number])], "llava");
  const bare = await sampleItems(path.replace("t3", "bare"), { format: "llava", limit: 5, rng });
  expect(bare.items.length + Object.keys(bare.left).length).toBe(1);
});

function withRight(item: LeakageItem, change: (text: string) => string): LeakageItem {
  return { ...item, options: item.options.map((text, i) => (i === item.answerIndex ? change(text) : text)) };
}

function movedFirst(item: LeakageItem): LeakageItem {
  const right = item.options[item.answerIndex] as string;
  return { ...item, options: [right, ...item.options.filter((text) => text !== right)], answerIndex: 0 };
}

/** The first option of the first half of the nouns is the right one. */
function favoured(item: LeakageItem): LeakageItem {
  const found = item.options.findIndex((text) => nouns.indexOf(text) < nouns.length / 2);
  return found === -1 ? item : { ...item, answerIndex: found };
}
