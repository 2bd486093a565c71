/**
 * What answers say about the clock behind them: right, wrong by a rule (stretched, shifted), or not to be told from a model that
 * cannot tell the time.
 */
import { quantile } from "../core/math/index.ts";

export type TimeVerdict =
  | Readonly<{ kind: "right" }>
  /** Times are told as `scale` times what they are. */
  | Readonly<{ kind: "stretched"; scale: number }>
  /** Times are told so many seconds late (early below 0). */
  | Readonly<{ kind: "shifted"; by: number }>
  | Readonly<{ kind: "off"; worst: number }>
  | Readonly<{ kind: "unread" }>;

/**
 * Compare told times with true ones, both in seconds; null where an answer held no time. `tolerance` seconds are allowed
 * everywhere: the distance of two frames and some rounding.
 */
export function judgeTimes(told: readonly (number | null)[], truth: readonly number[], tolerance: number): TimeVerdict {
  const pairs = truth.flatMap((time, i) => {
    const said = told[i];
    return said === null || said === undefined ? [] : [{ time, said }];
  });
  if (pairs.length < Math.min(2, truth.length)) return { kind: "unread" };
  const worst = (predicted: (time: number) => number) =>
    Math.max(...pairs.map(({ time, said }) => Math.abs(said - predicted(time))));
  const error = worst((time) => time);
  if (error <= tolerance) return { kind: "right" };
  const scale = median(pairs.map(({ time, said }) => said / time));
  // A stretched clock stretches the distance of frames too.
  const isStretched = pairs.length > 1 && worst((time) => scale * time) <= tolerance * Math.min(1, scale);
  if (isStretched) return { kind: "stretched", scale };
  const by = median(pairs.map(({ time, said }) => said - time));
  if (pairs.length > 1 && worst((time) => time + by) <= tolerance / 2) return { kind: "shifted", by };
  return { kind: "off", worst: error };
}

function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** In words: "wrong: told as 0.25 times the true time". */
export function verdictText(verdict: TimeVerdict): string {
  switch (verdict.kind) {
    case "right":
      return "right";
    case "stretched":
      return `wrong: told as ${verdict.scale.toFixed(2)} times the true time`;
    case "shifted":
      return `wrong: told ${Math.abs(verdict.by).toFixed(1)} s ${verdict.by > 0 ? "late" : "early"}`;
    case "off":
      return `off by up to ${verdict.worst.toFixed(1)} s`;
    case "unread":
      return "no times in the answers";
    default:
      return verdict satisfies never;
  }
}
