/** Oracle: the rows themselves; there and back again gives what was there. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CONVERSATION_FORMATS, type Conversation, type ConversationFormat, type Turn } from "./conversation.ts";
import { readConversations, writeConversations } from "./conversation-file.ts";
import { convertFile } from "./convert.ts";
import { type datasetStanza, registerDataset } from "./dataset-info.ts";
import { detectFormat } from "./detect-format.ts";
import { validateFile } from "./validate.ts";
import { provenancePath } from "./write-rows.ts";

const folder = mkdtempSync(join(tmpdir(), "convert-"));
const said = (...values: string[]): Turn[] =>
  values.map((value, i) => ({ from: i % 2 === 0 ? "human" : "gpt", value }));
const text: Conversation = { id: "text", turns: said('Captions:\nA "kite".\n\\', "(A) 漢") };
const system: Turn = { from: "system", value: "Be brief." };
const rich: readonly Conversation[] = [
  text,
  { id: "talk", turns: [system, ...said("one?", "1", "two?", "2")] },
  { id: "image", turns: said("<image>\nWhat is it?", "A cat."), images: ["a.jpg"] },
  { id: "images", turns: said("<image> or <image>?", "The first."), images: ["a.jpg", "b.jpg"] },
  { id: "video", turns: said("<video>\nWhat happens?", "It turns.", "And then?", "It stops."), videos: ["a.mp4"] },
];
const plain = [text, { id: "more", turns: said("one?", "1", "two?", "2") }];
const pairs = CONVERSATION_FORMATS.flatMap((a) => CONVERSATION_FORMATS.map((b) => [a, b] as const));

async function rowsOf(path: string, format: ConversationFormat): Promise<Conversation[]> {
  const rows: Conversation[] = [];
  for await (const row of readConversations(path, format)) rows.push(row);
  return rows;
}

test.each(pairs)("%s to %s and back keeps every row", async (a, b) => {
  const isPoor = a === "t3-pairs" || b === "t3-pairs";
  // Pairs have no ids: rows are numbered when they come back.
  const rows = isPoor ? plain.map((row, i) => ({ ...row, id: String(i) })) : rich;
  const [there, on, back] = ["there", "on", "back"].map((name) => join(folder, `${a}-${b}-${name}`)) as [
    string,
    string,
    string,
  ];
  await writeConversations(there, rows, a);
  expect((await convertFile(there, on, { from: a, to: b })).lost).toEqual({});
  await convertFile(on, back, { from: b, to: a });
  expect(await rowsOf(on, b)).toEqual(rows);
  expect(readFileSync(back, "utf8")).toBe(readFileSync(there, "utf8"));
  expect(await validateFile(on, { format: b })).toMatchObject({ rows: rows.length, faults: 0 });
});

test("what pairs have no place for is counted", async () => {
  const [input, output] = [join(folder, "rich.json"), join(folder, "poor.json")];
  await writeConversations(input, rich, "sharegpt");
  const { lost } = await convertFile(input, output, { from: "sharegpt", to: "t3-pairs" });
  expect(lost).toEqual({ "system turn": 1, images: 2, videos: 1 });
});

test("keys that no layout knows are counted, bad rows end it or are passed over", async () => {
  const input = join(folder, "mixed.jsonl");
  const good = JSON.stringify({ id: 1, source: "x", conversations: said("q", "a") });
  writeFileSync(input, `${good}\n{"id": 2}\n${good}\n`);
  const output = join(folder, "kept.json");
  writeFileSync(output, "kept");
  await expect(convertFile(input, output, { from: "llava", to: "swift" })).rejects.toThrow(/mixed\.jsonl:2: /);
  expect(readFileSync(output, "utf8")).toBe("kept");
  const { rows, bad, lost } = await convertFile(input, output, { from: "llava", to: "swift", skipBad: true });
  expect({ rows, bad: bad.map(({ line }) => line), lost }).toEqual({ rows: 2, bad: [2], lost: { '"source"': 2 } });
});

test("notes on origins come along", async () => {
  const [input, output] = [join(folder, "noted.json"), join(folder, "noted.jsonl")];
  await writeConversations(input, plain, "llava", { provenance: ({ id }) => ({ id, seed: 1 }) });
  expect((await convertFile(input, output, { from: "llava", to: "swift" })).provenance).toBe(true);
  expect(readFileSync(provenancePath(output), "utf8")).toBe('{"id":"text","seed":1}\n{"id":"more","seed":1}\n');
});

test("a format is told by the first row", async () => {
  for (const format of CONVERSATION_FORMATS) {
    const path = join(folder, `told-${format}`);
    await writeConversations(path, [rich[4] as Conversation], format);
    expect(await detectFormat(path)).toBe(format);
  }
});

test("the registry names the columns that are there, and keeps other entries", async () => {
  const data = join(folder, "lf", "t3.json");
  await writeConversations(data, rich, "llama-factory");
  const registry = registerDataset(data, "t3");
  registerDataset(data, "again");
  const entries = JSON.parse(readFileSync(registry, "utf8")) as Record<string, ReturnType<typeof datasetStanza>>;
  expect(Object.keys(entries)).toEqual(["t3", "again"]);
  const columns = Object.values(entries.t3?.columns as Record<string, string>);
  const rows = JSON.parse(readFileSync(data, "utf8")) as Record<string, unknown>[];
  for (const row of rows) expect(Object.keys(row)).toEqual(expect.arrayContaining(columns));
  writeFileSync(registry, "[]");
  expect(() => registerDataset(data, "t3")).toThrow(/dataset_info\.json/);
  expect(existsSync(`${registry}.tmp`)).toBe(false);
});
