import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseJsonFile } from "./parse-json-file.ts";

const folder = mkdtempSync(join(tmpdir(), "parse-json-"));
const path = join(folder, "a.json");
afterAll(() => rmSync(folder, { recursive: true }));

test("a file gives the value that was written", () => {
  const value = { a: [1, null, "é"] };
  writeFileSync(path, JSON.stringify(value));
  expect(parseJsonFile(path)).toEqual(value);
});

test.each(["a.json", "none.json"])("%s without JSON is an error that names the file", (name) => {
  writeFileSync(path, '{"a": ');
  expect(() => parseJsonFile(join(folder, name))).toThrow(`Expected JSON in ${join(folder, name)}: `);
});
