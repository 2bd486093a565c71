/** Oracles: the definitions worked out by hand on made-up accuracies, and the paper's Fig. 3. */
import { expect, test } from "vitest";
import { probingAspects, t3Vocabulary } from "../synthesis/index.ts";
import { gapRows, paperRow } from "./gap.ts";
import { paperFigures } from "./paper-figures.table.ts";
import type { ProbeOutcome } from "./probe-arm.ts";
import type { TextOutcome } from "./text-arms.ts";

const aspects = probingAspects(t3Vocabulary).filter(({ id }) => ["order", "order_3", "brightness"].includes(id));
const count = 20;

/** The first `right` of 20 videos are right. */
function texts(aspect: string, right: number, unparsed = 0): TextOutcome[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ aspect, id: `${aspect}/${i}`, video: `${aspect}${i}`, reply: "", compat: i < right - 1 },
    ...{ correct: i < right, unparsed: i >= count - unparsed },
  }));
}

function probes(aspect: string, right: readonly number[], kind: "lstm" | "linear" = "lstm"): ProbeOutcome[] {
  return right.flatMap((most, seed) =>
    Array.from({ length: count }, (_, i) => ({
      ...{ aspect, id: `${aspect}/${i}`, video: `${aspect}${i}`, kind, seed, correct: i < most },
    })),
  );
}

test("losses are 100 - P, P - D and min(P, D) - F, and add up to 100 - F where D lies below P", () => {
  const rows = gapRows(aspects, {
    full: [...texts("order", 8, 3), ...texts("order_3", 4)],
    decoder: [...texts("order", 12), ...texts("order_3", 10)],
    probe: [...probes("order", [18, 20]), ...probes("order_3", [16, 16]), ...probes("order", [10], "linear")],
  });
  const order = rows.find(({ label }) => label === "order");
  expect(order?.full).toMatchObject({ value: 40, n: 20, unparsed: 3, compat: 35 });
  expect(order?.probe).toMatchObject({ value: 95, n: 40 });
  expect(order?.linear.value).toBe(50);
  expect([order?.lostInEncoder.value, order?.lostInDecoder.value, order?.lostInInterface.value]).toEqual([5, 35, 20]);
  const task = rows.find(({ label }) => label === "Order");
  // Means over the two aspects: F 30, D 55, P 87.5.
  expect(task?.chance).toBeCloseTo((50 + 100 / 6) / 2, 9);
  expect([task?.full.value, task?.decoder.value, task?.probe.value]).toEqual([30, 55, 87.5]);
  const losses = [task?.lostInEncoder.value, task?.lostInDecoder.value, task?.lostInInterface.value] as number[];
  expect(losses).toEqual([12.5, 32.5, 25]);
  expect(losses.reduce((sum, loss) => sum + loss)).toBeCloseTo(100 - 30, 9);
  for (const { value, low, high } of [task?.lostInEncoder, task?.lostInDecoder, task?.lostInInterface] as {
    value: number;
    low: number;
    high: number;
  }[]) {
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
  }
});

test("nothing is clipped: captions that tell more than tokens and a full model above its parts are negative losses", () => {
  const [row] = gapRows(aspects.slice(0, 1), {
    full: texts("order", 19),
    decoder: texts("order", 16),
    probe: probes("order", [10]),
  });
  expect(row?.lostInDecoder.value).toBe(50 - 80);
  expect(row?.lostInInterface.value).toBe(50 - 95);
});

test("an arm that was not run is null with n 0, and so are the losses that need it", () => {
  const rows = gapRows(aspects, { full: texts("order", 10), decoder: [], probe: probes("order", [15]) });
  const row = rows.find(({ label }) => label === "order");
  expect(row?.decoder).toMatchObject({ value: null, low: null, n: 0, compat: null });
  expect([row?.lostInDecoder.value, row?.lostInInterface.value]).toEqual([null, null]);
  expect(row?.lostInEncoder.value).toBe(25);
  expect(rows.find(({ label }) => label === "Attribute")?.full.value).toBeNull();
});

test("a loss over a task counts only the aspects that have all arms it needs", () => {
  const rows = gapRows(aspects.slice(0, 2), {
    full: [...texts("order", 8), ...texts("order_3", 4)],
    decoder: texts("order", 12),
    probe: [...probes("order", [18]), ...probes("order_3", [10])],
  });
  const task = rows.find(({ label }) => label === "Order");
  expect(task?.probe.value).toBe(70);
  expect(task?.lostInDecoder.value).toBe(90 - 60);
  expect(task?.lostInInterface.value).toBe(60 - 40);
});

test("where every video is right the interval is the exact bound, not a width of zero", () => {
  const [row] = gapRows(aspects.slice(0, 1), {
    full: texts("order", 20),
    decoder: texts("order", 20),
    probe: probes("order", [20]),
  });
  // A share p of unseen failures goes unseen in 20 videos with probability 0.025: p = 1 - 0.025^(1/20).
  const unseen = 100 * (1 - 0.025 ** (1 / 20));
  expect(row?.full.low).toBeCloseTo(100 - unseen, 9);
  expect(row?.lostInEncoder.high).toBeCloseTo(unseen, 9);
  expect(row?.lostInInterface).toMatchObject({ value: 0 });
  expect(row?.lostInInterface.low as number).toBeLessThan(0);
});

test("the paper's figures give the losses that follow from Fig. 3", () => {
  const longva = paperFigures[0] as (typeof paperFigures)[number];
  const row = paperRow(longva.name, "Order", longva.arms.Order);
  expect(row.lostInEncoder).toBeCloseTo(3.6, 9);
  expect(row.lostInDecoder).toBeCloseTo(12.5, 9);
  expect(row.lostInInterface).toBeCloseTo(12.8, 9);
});
