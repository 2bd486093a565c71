/**
 * Which rows an update learns from: every epoch goes through all rows in an order of its own, and updates cut the epochs one
 * behind the other. An update's rows depend on its number alone, so that a resumed run needs no data state.
 */
import { Rng } from "../../core/math/index.ts";

export type RowOrder = Readonly<{
  /** Updates in all. */
  steps: number;
  /** Indices of the rows of an update, from 0. */
  rowsOf(step: number): number[];
}>;

/** `steps` or `epochs` says how long; after whole epochs the last update may have fewer rows. */
export function rowOrder({
  rows,
  perStep,
  seed,
  ...length
}: Readonly<{ rows: number; perStep: number; seed: number }> &
  (Readonly<{ steps: number }> | Readonly<{ epochs: number }>)): RowOrder {
  const total = "steps" in length ? length.steps * perStep : Math.max(1, Math.round(length.epochs * rows));
  const orders = new Map<number, readonly number[]>();
  const orderOf = (epoch: number) => {
    const known = orders.get(epoch);
    if (known) return known;
    // Two epochs may meet in an update; older ones are not asked for again.
    if (orders.size > 1) orders.clear();
    const order = new Rng(`sft/${seed}/${epoch}`).shuffle(Array.from({ length: rows }, (_, i) => i));
    orders.set(epoch, order);
    return order;
  };
  return {
    steps: Math.ceil(total / perStep),
    rowsOf(step) {
      const first = step * perStep;
      const last = Math.min(first + perStep, total);
      return Array.from({ length: Math.max(0, last - first) }, (_, i) => {
        const place = first + i;
        return orderOf(Math.floor(place / rows))[place % rows] as number;
      });
    },
  };
}
