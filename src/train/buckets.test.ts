/** Buckets hold what they are asked for, and waste little. */
import { expect, test } from "vitest";
import { bucketCount, bucketLength } from "./buckets.ts";

const counts = Array.from({ length: 5000 }, (_, i) => i);

test("a bucket holds the count, is its own bucket, and pads at most a quarter", () => {
  for (const n of counts) {
    const bucket = bucketCount(n);
    expect(bucket).toBeGreaterThanOrEqual(n);
    expect(bucketCount(bucket)).toBe(bucket);
    expect(bucket).toBeLessThanOrEqual(1.25 * n);
  }
  expect(new Set(counts.map(bucketCount)).size).toBeLessThan(4 * Math.log2(counts.length) + 2);
});

test("lengths are the next multiple, or the next of a list", () => {
  expect([0, 1, 32, 33].map((n) => bucketLength(n, 32))).toEqual([32, 32, 32, 64]);
  expect(bucketLength(9, [8, 16])).toBe(16);
  expect(() => bucketLength(17, [8, 16])).toThrow(/at most 16, got 17/);
});
