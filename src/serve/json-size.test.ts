/** Items of a JSON text counted without parsing; the oracle counts them in the parsed value. */
import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { hasMoreItems } from "./json-size.ts";

/** Lists, objects, and the commas between their entries. */
function itemsOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const entries = Object.values(value);
  return 1 + Math.max(0, entries.length - 1) + entries.reduce((sum: number, each) => sum + itemsOf(each), 0);
}

const awkward = ['a"b', "\\", '\\"', "[[[", "{,", "\\\\", "", 'x\\"', "ü,[", "\u2028,"];

function randomValue(rng: Rng, depth: number): unknown {
  const kind = rng.below(depth === 0 ? 3 : 5);
  if (kind === 0) return awkward[rng.below(awkward.length)];
  if (kind === 1) return rng.below(1000) - 500;
  if (kind === 2) return null;
  const values = Array.from({ length: rng.below(5) }, () => randomValue(rng, depth - 1));
  return kind === 3 ? values : Object.fromEntries(values.map((each, i) => [`${i}${awkward[i]}`, each]));
}

test("the count is that of the parsed value, whatever strings hold", () => {
  const rng = new Rng("json");
  for (let n = 0; n < 500; n++) {
    const value = randomValue(rng, 4);
    const items = itemsOf(value);
    for (const space of [0, 2]) {
      const json = Buffer.from(JSON.stringify(value, null, space));
      expect(hasMoreItems(json, items), String(json)).toBe(false);
      expect(items === 0 || hasMoreItems(json, items - 1), String(json)).toBe(true);
    }
  }
});

test("a text that ends inside a string is counted to its end", () => {
  expect(hasMoreItems(Buffer.from('["a,,,,'), 1)).toBe(false);
  expect(hasMoreItems(Buffer.from('["\\'), 1)).toBe(false);
});
