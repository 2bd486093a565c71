import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fromThisMachine, isLoopback, withKey } from "./access.ts";
import { allowedFile } from "./allowed-file.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "zoetrope-access-")));
const open = join(folder, "open");
beforeAll(() => {
  mkdirSync(open);
  mkdirSync(join(folder, "open-too"));
  for (const path of ["open/clip.mp4", "open-too/clip.mp4", "secret.txt"]) writeFileSync(join(folder, path), "x");
  symlinkSync(join(folder, "secret.txt"), join(open, "link.mp4"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("with a key, only it lets in", () => {
  const access = withKey("correct-horse");
  access({ authorization: "Bearer correct-horse" });
  access({ authorization: "bearer  correct-horse " });
  for (const authorization of [
    undefined,
    "",
    "Bearer",
    "Bearer correct-hors",
    "Bearer correct-horse2",
    "Basic correct-horse",
  ])
    expect(() => access({ authorization })).toThrow(/API key|Authorization/);
});

test("without a key, only this machine's names let in: a page of another name cannot borrow the address", () => {
  const access = fromThisMachine("127.0.0.1");
  for (const host of ["127.0.0.1:8765", "localhost:8765", "LOCALHOST", "[::1]:80", "127.0.0.2"]) access({ host });
  for (const host of [
    "evil.example:8765",
    "",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "192.168.1.2:8765",
    undefined,
  ])
    expect(() => access({ ...(host !== undefined && { host }) })).toThrow(/Host of this machine/);
});

test.each([
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["::1", true],
  ["localhost", true],
  ["0.0.0.0", false],
  ["::", false],
  ["10.0.0.1", false],
  ["127.0.0.1.example", false],
])("%s is loopback: %s", (host, expected) => expect(isLoopback(host)).toBe(expected));

test("a file of an open folder is found", () => {
  const path = join(open, "clip.mp4");
  expect(allowedFile(pathToFileURL(path).href, [open], "p")).toBe(path);
  expect(allowedFile(pathToFileURL(join(open, "..", "open", "clip.mp4")).href, [`${open}/`], "p")).toBe(path);
});

test.each(["open-too/clip.mp4", "open/../secret.txt", "open/link.mp4", "open/absent.mp4", "open"])(
  "%s is refused, and all in the same words as long as they lie outside",
  (name) => {
    const url = `${pathToFileURL(folder).href}/${name}`;
    expect(() => allowedFile(url, [open], "p")).toThrow(/not inside the folders that --allow-file names, or not there/);
  },
);

test.each([
  "file:///dev/zero",
  "file://elsewhere/share/clip.mp4",
  "file:///%2e%2e/etc/passwd",
  "file:///a%00b",
  "file:///a%2Fb",
])("%s is refused", (url) => expect(() => allowedFile(url, [open], "p")).toThrow(/may not/));

test("folders in an open folder, and files where none is open, are refused", () => {
  mkdirSync(join(open, "inner"), { recursive: true });
  expect(() => allowedFile(pathToFileURL(join(open, "inner")).href, [open], "p")).toThrow(/no regular file/);
  expect(() => allowedFile(pathToFileURL(join(open, "clip.mp4")).href, [], "p")).toThrow(/--allow-file DIR/);
});
