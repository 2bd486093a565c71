import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CONVERSATION_FORMATS, type Conversation, serialiseConversation } from "./conversation.ts";
import { readConversations, writeConversations } from "./conversation-file.ts";

const folder = mkdtempSync(join(tmpdir(), "conversations-"));
const pair = (id: string, human: string, gpt: string): Conversation => ({
  id,
  turns: [
    { from: "human", value: human },
    { from: "gpt", value: gpt },
  ],
});
const awkward = [
  "plain",
  'quotes " and \\ and \\"',
  "lines\n\nand\ttabs\r\n",
  "[brackets] {braces}, commas",
  "é 漢 🎞 \u2028",
  "",
];
const rows = awkward.map((text, i) => pair(String(i), text, `(A) ${text}`));
const talk: Conversation = {
  id: "talk",
  turns: [{ from: "system", value: "Be brief." }, ...pair("", "one?", "1").turns, ...pair("", "two?", "2").turns],
};

async function collect(path: string, format: (typeof CONVERSATION_FORMATS)[number]): Promise<Conversation[]> {
  const found: Conversation[] = [];
  for await (const row of readConversations(path, format)) found.push(row);
  return found;
}

describe.each(CONVERSATION_FORMATS)("%s", (format) => {
  const path = join(folder, `${format}.out`);

  test("what is written is read back", async () => {
    expect(await writeConversations(path, rows, format)).toBe(rows.length);
    expect(await collect(path, format)).toEqual(rows);
  });

  test("the whole file is JSON, or each line is", async () => {
    await writeConversations(path, rows, format);
    const text = readFileSync(path, "utf8");
    const parsed =
      format === "swift"
        ? text
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line))
        : JSON.parse(text);
    expect(parsed.length).toBe(rows.length);
  });

  test("no rows make a valid file", async () => {
    expect(await writeConversations(path, [], format)).toBe(0);
    if (format !== "swift") expect(JSON.parse(readFileSync(path, "utf8"))).toEqual([]);
  });

  test("a failure half way leaves the earlier file and nothing beside it", async () => {
    const kept = join(folder, `kept-${format}`);
    await writeConversations(kept, rows, format);
    const before = readFileSync(kept, "utf8");
    const failing = function* () {
      yield rows[0] as Conversation;
      throw new Error("no more");
    };
    await expect(writeConversations(kept, failing(), format)).rejects.toThrow("no more");
    expect(readFileSync(kept, "utf8")).toBe(before);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a row of another shape is refused with its line", async () => {
    const wrong = join(folder, `wrong-${format}.jsonl`);
    writeFileSync(wrong, `${serialiseConversation(rows[0] as Conversation, format)}\n{"image": 1}\n`);
    await expect(collect(wrong, format)).rejects.toThrow(/:2: Expected a .* row/);
  });
});

test("system turns and history survive where the format has a place for them", async () => {
  for (const format of ["llava", "sharegpt", "swift"] as const) {
    const path = join(folder, `talk-${format}`);
    await writeConversations(path, [talk, talk], format);
    expect(await collect(path, format)).toEqual([talk, talk]);
  }
  expect(JSON.parse(serialiseConversation(talk, "swift"))).toMatchObject({ query: "two?", history: [["one?", "1"]] });
});

test("rows come from an asynchronous source too", async () => {
  const source = async function* () {
    yield* rows;
  };
  const path = join(folder, "async.json");
  await writeConversations(path, source(), "llava");
  expect(await collect(path, "llava")).toEqual(rows);
});

test("a path that cannot be written is named with what to do", async () => {
  await expect(writeConversations(folder, rows, "llava")).rejects.toThrow(
    /^Cannot write .*: .*\. Free space or pass another/,
  );
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("the layouts are those of the trainers", () => {
  const row = pair("7", "q", "a");
  const turns = '[{"from":"human","value":"q"},{"from":"gpt","value":"a"}]';
  expect(serialiseConversation(row, "llava")).toBe(`{"id":"7","conversations":${turns}}`);
  expect(serialiseConversation(row, "t3-pairs")).toBe(turns);
  expect(serialiseConversation(row, "sharegpt")).toBe(`{"id":"7","conversations":${turns}}`);
  expect(serialiseConversation(row, "swift")).toBe('{"id":"7","query":"q","response":"a"}');
});
