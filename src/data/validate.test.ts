/** Oracle: faults planted one at a time into a good row. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ConversationFormat } from "./conversation.ts";
import { rowFaults } from "./row-faults.ts";
import { validateFile } from "./validate.ts";

const question = "Which?\n(A) a kite\n(B) a drum\n";
const llava = (...turns: unknown[]) => ({ id: 1, conversations: turns });
const human = (value: unknown) => ({ from: "human", value });
const gpt = (value: unknown) => ({ from: "gpt", value });

test.each<[string, ConversationFormat, unknown, string, string]>([
  ["a number", "llava", 3, "(row)", "no row"],
  ["no turns", "llava", { id: 1 }, "conversations", "no turns"],
  ["an empty list", "sharegpt", llava(), "conversations", "no turns"],
  [
    "an unknown speaker",
    "llava",
    llava({ from: "robot", value: "q" }, gpt("a")),
    "conversations[0].from",
    "unknown speaker",
  ],
  ["a value that is a number", "llava", llava(human("q"), gpt(7)), "conversations[1].value", "non-string value"],
  ["a blank value", "llava", llava(human("q"), gpt(" \n")), "conversations[1].value", "empty value"],
  [
    "two questions",
    "llava",
    llava(human("q"), human("q"), gpt("a")),
    "conversations[1].from",
    "speakers do not alternate",
  ],
  [
    "a late system turn",
    "llava",
    llava(human("q"), gpt("a"), { from: "system", value: "s" }),
    "conversations[2].from",
    "speakers do not alternate",
  ],
  [
    "a question at the end",
    "llava",
    llava(human("q"), gpt("a"), human("q")),
    "conversations[2].from",
    "no answer at the end",
  ],
  ["an image without a token", "llava", { ...llava(human("q"), gpt("a")), image: "a.jpg" }, "image", "media count"],
  ["a token without an image", "llama-factory", llava(human("<image>q"), gpt("a")), "images", "media count"],
  [
    "an image token for a video",
    "llama-factory",
    { ...llava(human("<image>q"), gpt("a")), videos: ["a.mp4"] },
    "images",
    "media count",
  ],
  [
    "a media token in an answer",
    "llava",
    llava(human("q"), gpt("<video>")),
    "conversations[1].value",
    "media in an answer",
  ],
  [
    "a file that is a number",
    "llama-factory",
    { ...llava(human("<image>"), gpt("a")), images: [3] },
    "images[0]",
    "no file name",
  ],
  ["a system that is a list", "sharegpt", { ...llava(human("q"), gpt("a")), system: [] }, "system", "non-string value"],
  [
    "an answer of another option",
    "t3-pairs",
    [human(question), gpt("(A) a drum")],
    "[1].value",
    "answer not among the options",
  ],
  [
    "the same option twice",
    "t3-pairs",
    [human("Which?\n(A) x\n(B) x\n"), gpt("(A) x")],
    "[0].value",
    "repeated option",
  ],
  ["no response", "swift", { query: "q" }, "response", "non-string value"],
  ["a history of strings", "swift", { query: "q", response: "a", history: ["x"] }, "history[0]", "no turns"],
  // What the reference converter writes (video-t3, ms-swift branch).
  [
    "a history that repeats the last turn",
    "swift",
    {
      query: "q",
      response: "a",
      history: [
        ["p", "b"],
        ["q", "a"],
      ],
    },
    "history[1]",
    "repeated history",
  ],
])("%s is a fault", (_, format, value, field, kind) => {
  expect(rowFaults(value, format)[0]).toMatchObject({ field, kind });
});

test.each<[ConversationFormat, unknown]>([
  ["llava", { ...llava(human("<image>\nq"), gpt("a")), video: "a.mp4" }],
  ["llava", { ...llava(human("<video>\nq"), gpt("a")), video: "a.mp4" }],
  ["sharegpt", { ...llava(human(question), gpt("(B) a drum")), system: "s" }],
  ["t3-pairs", [human(question), gpt("B")]],
  ["swift", { query: "<video>q", response: "a", history: [["q", "a"]], videos: ["a.mp4"] }],
])("a good %s row has no fault", (format, value) => {
  expect(rowFaults(value, format)).toEqual([]);
});

test("faults come with line and row, reading goes on behind a broken line, and only the first are listed", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "validate-")), "bad.jsonl");
  const good = JSON.stringify(llava(human("q"), gpt("a")));
  writeFileSync(path, `${good}\n\n{"id": 2,\n${JSON.stringify(llava(human(""), gpt(1)))}\n${good}\n`);
  const found = await validateFile(path, { max: 2 });
  expect(found).toMatchObject({ format: "llava", rows: 4, faultyRows: 2, faults: 3 });
  expect(found.kinds).toEqual({ "no JSON": 1, "empty value": 1, "non-string value": 1 });
  expect(found.first.map(({ line, row, field }) => [line, row, field])).toEqual([
    [3, 2, "(row)"],
    [4, 3, "conversations[0].value"],
  ]);
});

test("an array that is cut off is a fault of the file, after those of its rows", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "validate-")), "cut.json");
  writeFileSync(path, `[\n${JSON.stringify(llava(human("q"), gpt("")))},\n{"id": `);
  const { first } = await validateFile(path);
  expect(first.map(({ line, field }) => [line, field])).toEqual([
    [2, "conversations[1].value"],
    [3, "(file)"],
  ]);
});

test("files are looked for where asked", () => {
  const row = { ...llava(human("<image>"), gpt("a")), image: "a.jpg" };
  expect(rowFaults(row, "llava", { exists: () => false })).toMatchObject([{ field: "image", kind: "missing file" }]);
  expect(rowFaults(row, "llava", { exists: () => true })).toEqual([]);
});
