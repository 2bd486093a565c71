import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openPendingFile, writeAtomically } from "./write-atomically.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zoetrope-files-"));
  path = join(folder, "file.txt");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("parts are joined, and nothing lies beside the file", () => {
  writeAtomically(path, ["a", Uint8Array.of(98), "ç"]);
  expect(readFileSync(path, "utf8")).toBe("abç");
  expect(readdirSync(folder)).toEqual(["file.txt"]);
});

test("a failure half-way leaves the old file and nothing beside it", () => {
  writeFileSync(path, "old");
  const parts = (function* () {
    yield "new";
    throw new Error("half-way");
  })();
  expect(() => writeAtomically(path, parts)).toThrow("half-way");
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["file.txt"]);
});

test("the old file is there until the commit, and two pending files do not meet", () => {
  writeFileSync(path, "old");
  const [first, second] = [openPendingFile(path), openPendingFile(path)];
  first.write("first");
  second.write("second");
  expect(readFileSync(path, "utf8")).toBe("old");
  first.commit();
  expect(readFileSync(path, "utf8")).toBe("first");
  second.discard();
  second.discard();
  first.discard();
  expect(readFileSync(path, "utf8")).toBe("first");
  expect(readdirSync(folder)).toEqual(["file.txt"]);
});

test("bytes go where a position says", () => {
  const file = openPendingFile(path);
  file.write(Uint8Array.of(3, 4), 2);
  file.write(Uint8Array.of(1, 2), 0);
  file.commit({ durable: false });
  expect([...readFileSync(path)]).toEqual([1, 2, 3, 4]);
});

test("folders on the way are made; a path that cannot be is an error that names it", () => {
  const nested = join(folder, "a/b/c.txt");
  writeAtomically(nested, ["x"]);
  expect(readFileSync(nested, "utf8")).toBe("x");
  const impossible = join(nested, "d.txt");
  expect(() => writeAtomically(impossible, ["x"])).toThrow(`Cannot write ${impossible}: `);
  expect(() => writeAtomically(folder, ["x"])).toThrow(/Cannot write .*directory/);
  expect(readdirSync(folder)).toEqual(["a"]);
});
