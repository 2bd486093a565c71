import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { userMessage } from "./message.ts";
import { openModel } from "./open-model.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-open-"));
afterAll(() => rmSync(folder, { recursive: true }));

function script(content: string): string {
  const path = join(folder, "script.json");
  writeFileSync(path, content);
  return `scripted:${path}`;
}

test("a list is given out in order and starts over", async () => {
  const model = await openModel(script('["A", "B"]'));
  const replies = await model.generateMany([1, 2, 3].map(() => [userMessage("?")]));
  expect(replies.map(({ text }) => text)).toEqual(["A", "B", "A"]);
});

test("patterns answer by the last text, the first that matches wins", async () => {
  const model = await openModel(script('{"colou?r": "red", ".*": "no idea"}'));
  expect((await model.generate([userMessage("What COLOR?")])).text).toBe("red");
  expect((await model.generate([userMessage("colour"), userMessage("When?")])).text).toBe("no idea");
});

test("a question without a pattern is an error that names it", async () => {
  const model = await openModel(script('{"colour": "red"}'));
  await expect(model.generate([userMessage("When?")])).rejects.toThrow(/"When\?"/);
});

test.each([["[]"], ['{"a": 1}'], ["{"], ["3"]])("the script %s is refused with the file's name", async (content) => {
  await expect(openModel(script(content))).rejects.toThrow(/script\.json/);
});

test("a name that is neither a model nor a folder is an error that says so", async () => {
  await expect(openModel("mirco")).rejects.toThrow(/"mirco".*neither/);
  await expect(openModel(join(folder, "script.json"))).rejects.toThrow(/folder/);
  await expect(openModel(folder)).rejects.toThrow(/config\.json/);
});
