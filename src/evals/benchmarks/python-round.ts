/** One decimal as Python's round(x, 1) gives it, which is how released scores were printed. */
import { roundHalfEven } from "../../core/math/index.ts";

/** roundHalfEven to one decimal; null stays null. */
export function roundToTenth(value: number): number;
export function roundToTenth(value: number | null): number | null;
export function roundToTenth(value: number | null): number | null {
  return value === null ? null : roundHalfEven(value, 1);
}
