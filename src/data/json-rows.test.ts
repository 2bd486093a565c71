/** Oracle: JSON.parse of the whole file, and the file's own bytes at the offset given. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { jsonRows } from "./json-rows.ts";
import { jsonValues } from "./json-values.ts";

const folder = mkdtempSync(join(tmpdir(), "json-rows-"));
const rng = new Rng("json-rows");
const letters = ["a", "é", "漢", "🎞", '"', "\\", "[", "]", "{", "}", ",", "\n", " "];
const text = (length: number) => Array.from({ length }, () => rng.pick(letters)).join("");
/** More than two chunks of the reader, so that rows and characters lie across their borders. */
const values = Array.from({ length: 60 }, (_, i) => ({
  id: i,
  text: text(rng.integer(0, 30_000)),
  more: [[], {}, [i]],
}));

const layouts = {
  "one line": JSON.stringify(values),
  "a row a line": `[\n${values.map((value) => JSON.stringify(value)).join(",\n")}\n]\n`,
  indented: JSON.stringify(values, null, 2),
  "JSON Lines": values.map((value) => JSON.stringify(value)).join("\n"),
  "JSON Lines with blank lines": `\n${values.map((value) => JSON.stringify(value)).join("\r\n\r\n")}\n\n`,
};

test.each(Object.entries(layouts))("%s: values, offsets and lines are those of the file", async (name, content) => {
  for (const mark of ["", "\ufeff"]) {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, mark + content);
    const file = readFileSync(path);
    const found: unknown[] = [];
    for await (const { bytes, offset, line } of jsonRows(path)) {
      expect(file.subarray(offset, offset + bytes.length).equals(bytes)).toBe(true);
      expect(line).toBe(file.subarray(0, offset).toString("utf8").split("\n").length);
      found.push(JSON.parse(bytes.toString("utf8")));
    }
    expect(found).toEqual(values);
  }
});

test("JSON Lines of arrays are lines, an array on one line is its elements", async () => {
  const read = async (content: string) => {
    const path = join(folder, "arrays.json");
    writeFileSync(path, content);
    const found: unknown[] = [];
    for await (const { value } of jsonValues(path)) found.push(value);
    return found;
  };
  expect(await read("[1, 2]\n[3]\n")).toEqual([[1, 2], [3]]);
  expect(await read("[[1, 2], [3]]\n\n")).toEqual([[1, 2], [3]]);
  expect(await read("[]")).toEqual([]);
});

test.each([
  ["[1,,2]", 1],
  ["[1,\n2,\n]", 3],
])("a value that is missing in %j is an error with its line", async (content, line) => {
  const path = join(folder, "missing.json");
  writeFileSync(path, content);
  const read = async () => {
    for await (const _ of jsonRows(path));
  };
  await expect(read()).rejects.toMatchObject({ line });
});
