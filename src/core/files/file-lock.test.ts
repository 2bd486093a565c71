/** Oracles: this process, one that lives (the test runner's), one that has ended, and one of another machine. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isLocked, lockFile } from "./file-lock.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The number of a process that is over. */
const ended = spawnSync(process.execPath, ["-e", ""]).pid;
const holding = (path: string, holder: unknown) => writeFileSync(`${path}.lock`, JSON.stringify(holder));

test("a file has one writer until it lets go, also within one process", () => {
  const path = join(folder, "one.jsonl");
  const lock = lockFile(path);
  expect(isLocked(path)).toBe(true);
  expect(() => lockFile(path)).toThrow(`got process ${process.pid} on ${hostname()}`);
  lock.release();
  expect(isLocked(path)).toBe(false);
  const again = lockFile(path);
  lock.release();
  expect(isLocked(path), "a lock released long ago does not take another's away").toBe(true);
  again.release();
});

test("the lock of a process that has died is taken over; that of a living one is not", () => {
  const path = join(folder, "dead.jsonl");
  holding(path, { pid: ended, host: hostname(), began: "" });
  lockFile(path).release();
  expect(existsSync(`${path}.lock`)).toBe(false);
  holding(path, { pid: process.ppid, host: hostname(), began: "" });
  expect(() => lockFile(path)).toThrow(/Wait for it or stop it/);
});

test("a living process of the same number that began at another time does not hold the lock", () => {
  const path = join(folder, "reused.jsonl");
  holding(path, { pid: process.ppid, host: hostname(), began: "1" });
  if (existsSync("/proc/self/stat")) lockFile(path).release();
  else expect(() => lockFile(path)).toThrow("Wait for it");
});

test("another machine's lock stays, and the error says which file to delete", () => {
  const path = join(folder, "elsewhere.jsonl");
  holding(path, { pid: ended, host: "another-machine", began: "" });
  expect(() => lockFile(path)).toThrow(`delete ${path}.lock if it is over`);
  expect(readFileSync(`${path}.lock`, "utf8")).toContain("another-machine");
});

test("a lock that is cut off is left alone while it may be in the writing, and taken over when it is old", () => {
  const path = join(folder, "cut.jsonl");
  writeFileSync(`${path}.lock`, '{"pid":');
  expect(() => lockFile(path)).toThrow("another process");
  utimesSync(`${path}.lock`, 1, 1);
  lockFile(path).release();
});

test("who finds another one taking over gives way", () => {
  const path = join(folder, "race.jsonl");
  holding(path, { pid: ended, host: hostname(), began: "" });
  writeFileSync(`${path}.lock.takeover`, JSON.stringify({ pid: process.ppid, host: hostname(), began: "" }));
  expect(() => lockFile(path)).toThrow("Wait for it or stop it");
  expect(readFileSync(`${path}.lock`, "utf8")).toContain(String(ended));
});
