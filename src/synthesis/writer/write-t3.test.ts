/** Oracle: a model that writes as it is told, and the reader of t3/reader.fixture.ts on what comes out. */
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scriptedModel } from "../../chat/index.ts";
import { Rng } from "../../core/math/index.ts";
import { rightOptions, solve } from "../solve/index.ts";
import { madeUpCaptions, readT3, serialiseT3, type T3Row, t3Conversation, t3Statistics } from "../t3/index.ts";
import { openReplyCache } from "./reply-cache.ts";
import { type WriterOptions, type WrittenRow, writeT3 } from "./write-t3.ts";
import { type Manner, writingModel } from "./writing-model.fixture.ts";

const captions = madeUpCaptions(400, new Rng("writer"));
const folder = mkdtempSync(join(tmpdir(), "writer-"));
let serial = 0;

type Wanted = Partial<Omit<WriterOptions, "cache">> & Pick<WriterOptions, "model">;
async function write(options: Wanted, path = join(folder, `${serial++}.jsonl`)) {
  const cache = openReplyCache(path);
  const rows: WrittenRow[] = [];
  const skips: Record<string, number> = {};
  const onSkip = (reason: string) => {
    skips[reason] = (skips[reason] ?? 0) + 1;
  };
  try {
    for await (const row of writeT3(captions, { seed: 1, rows: 24, cache, onSkip, ...options })) rows.push(row);
    return { rows, skips, asked: cache.asked(), path };
  } finally {
    cache.close();
  }
}
const texts = (rows: readonly WrittenRow[]) => rows.map(({ row }) => serialiseT3(row).human);

test("good replies become rows of T3's layout whose answer the captions give, at every padding", async () => {
  const { rows, skips } = await write({
    model: writingModel(() => "good"),
    rows: 160,
    padding: [1, 2, 4, 8],
    validation: 0.2,
  });
  const all: T3Row[] = rows.map(({ row }) => row);
  expect(rows.length, JSON.stringify(skips)).toBe(160);
  for (const row of all) {
    const read = readT3(t3Conversation(row));
    if ("problem" in read) throw new Error(read.problem);
    expect(rightOptions(solve(read)), serialiseT3(row).human).toEqual([row.answerIndex]);
    expect(row.captions.length).toBe(row.slots.length * row.padding);
  }
  const { families, padding, splits, letterImbalance } = t3Statistics(all);
  for (const count of Object.values(families)) expect(count).toBeGreaterThan(70);
  expect(Object.keys(padding)).toEqual(["1", "2", "4", "8"]);
  expect(splits.validation).toBeGreaterThan(10);
  expect(letterImbalance).toBeLessThan(0.1);
  expect(new Set(all.map(({ id }) => id)).size).toBe(160);
});

test("an edited caption stands first in about half of the rows, and the answer turns with it", async () => {
  const { rows } = await write({ model: writingModel(() => "good"), rows: 80, families: ["attribute"] });
  const forward = rows.filter(({ row }) => row.captions[1]?.includes(" shiny ")).length;
  expect(Math.abs(forward - 40)).toBeLessThan(20);
});

test.each<[Manner, RegExp]>([
  ["refusal", /refusal/],
  ["prose", /reply without JSON/],
  ["cut off", /reply broke off/],
  ["repeats", /options that repeat/],
  ["wrong answer", /another option is right/],
  ["two right", /2 options are right|another option is right/],
  ["vague", /cannot be derived/],
])("a %s gives no row and is counted with its reason", async (manner, reason) => {
  const { rows, skips, asked } = await write({ model: writingModel(() => manner), rows: 8 });
  expect(rows).toEqual([]);
  expect(asked).toBe(8 * 4);
  expect(Object.values(skips).reduce((sum, count) => sum + count, 0)).toBe(8 * 4);
  for (const each of Object.keys(skips)) expect(each).toMatch(reason);
});

test("an edit in more than one place is no edit", async () => {
  const { skips } = await write({ model: writingModel(() => "bad edit"), rows: 4, families: ["attribute"] });
  expect(Object.keys(skips)).toEqual([expect.stringMatching(/edit that is none/)]);
});

test("what the rules cannot judge goes to the solver, which must agree in both orders of the options", async () => {
  const model = writingModel(() => "vague");
  const agreeing = scriptedModel(
    {
      "\\(A\\) The scenes follow": "A",
      "\\((.)\\) The scenes follow one another\\n(?!\\()": "The scenes follow one another",
    },
    "wise",
  );
  const { rows } = await write({ model, solver: agreeing, rows: 6, families: ["order"] });
  expect(rows.length).toBe(6);
  expect(rows.every(({ checkedBy }) => checkedBy === "wise")).toBe(true);
  const stubborn = await write({ model, solver: scriptedModel(["A"], "stubborn"), rows: 6, families: ["order"] });
  expect(stubborn.rows).toEqual([]);
  expect(Object.keys(stubborn.skips)).toEqual(["order (written): the solver chooses another option"]);
});

test("the same run again asks nothing and writes the same; another model or seed asks anew", async () => {
  const model = writingModel((prompt) => (prompt.length % 3 === 0 ? "refusal" : "good"));
  const first = await write({ model });
  const again = await write({ model }, first.path);
  expect([again.asked, texts(again.rows), again.skips]).toEqual([0, texts(first.rows), first.skips]);
  expect((await write({ model, seed: 2 }, first.path)).asked).toBeGreaterThan(0);
  expect((await write({ model: { ...model, fingerprint: "writing:2" } }, first.path)).asked).toBe(first.asked);
});

test("a run that breaks off goes on where it was, behind a torn line", async () => {
  const whole = await write({ model: writingModel(() => "good") });
  let left = 10;
  const failing = writingModel(() => {
    if (left-- <= 0) throw new Error("the endpoint is gone");
    return "good";
  });
  const path = join(folder, "broken-off.jsonl");
  await expect(write({ model: failing, batch: 2 }, path)).rejects.toThrow("the endpoint is gone");
  appendFileSync(path, '{"key": "torn');
  const rest = await write({ model: writingModel(() => "good") }, path);
  expect(texts(rest.rows)).toEqual(texts(whole.rows));
  expect(rest.asked).toBe(whole.asked - 10);
  expect(readFileSync(path, "utf8")).toBe(readFileSync(whole.path, "utf8"));
});

test("a cache that is none is named with its line", () => {
  const path = join(folder, "other.jsonl");
  writeFileSync(path, '{"key": "k", "text": "t", "finish": "stop"}\n{"id": 1}\n');
  expect(() => openReplyCache(path)).toThrow(/line 2 of .*other\.jsonl/);
});
