import { expect, test } from "vitest";
import { ByteBudget } from "./byte-budget.ts";
import { ByteLru } from "./byte-lru.ts";

const never = new AbortController().signal;

test("holdings grow up to the limit together, and give everything back at once", () => {
  const budget = new ByteBudget(10);
  const [a, b] = [budget.open(), budget.open()];
  expect([a.grow(6), b.grow(5), b.grow(4), a.grow(1)]).toEqual([true, false, true, false]);
  a.release();
  expect(budget.held).toBe(4);
  expect([b.grow(6), a.grow(1)]).toEqual([true, false]);
  b.release();
  b.release();
  expect(budget.held).toBe(0);
});

test("whoever needs room waits until there is some, or until told not to", async () => {
  const budget = new ByteBudget(10);
  const releases = [budget.hold(8), budget.hold(8)];
  const told: string[] = [];
  const stop = new AbortController();
  const waiting = budget.room(never).then(() => told.push("room"));
  const leaving = budget.room(stop.signal).catch((error: Error) => told.push(error.message));
  stop.abort(new Error("enough"));
  await leaving;
  expect(told).toEqual(["enough"]);
  releases[0]?.();
  releases[0]?.();
  expect(budget.held).toBe(8);
  await waiting;
  await budget.room(never);
});

test("what was asked for last is kept as long as all values fit (oracle: a list)", () => {
  const lru = new ByteLru<number>(10);
  const oracle: [string, number][] = [];
  for (let n = 0; n < 300; n++) {
    const key = String((n * 7) % 13);
    const size = (n % 5) + 1;
    const known = oracle.find(([name]) => name === key);
    expect(lru.get(key)).toBe(known?.[1]);
    if (known) oracle.push(...oracle.splice(oracle.indexOf(known), 1));
    if (n % 3 === 0) continue;
    if (known) oracle.splice(oracle.indexOf(known), 1);
    lru.set(key, size, size);
    oracle.push([key, size]);
    while (oracle.reduce((sum, [, bytes]) => sum + bytes, 0) > 10) oracle.shift();
    expect(lru.bytes).toBe(oracle.reduce((sum, [, bytes]) => sum + bytes, 0));
  }
  lru.set("large", 11, 11);
  expect(lru.get("large")).toBeUndefined();
});
