/** One decimal as Python's round(x, 1) gives it, which is how released scores were printed. */

/**
 * The nearest decimal of the binary value; exact ties, which at one decimal are quarters only (12.25, 12.75), go to the even
 * digit, where toFixed would go up. Null stays null.
 */
export function roundToTenth(value: number): number;
export function roundToTenth(value: number | null): number | null;
export function roundToTenth(value: number | null): number | null {
  if (value === null) return null;
  if (!Number.isInteger(value * 2) && Number.isInteger(value * 4)) {
    const below = Math.floor(value * 10);
    return (below % 2 === 0 ? below : below + 1) / 10;
  }
  return Number(value.toFixed(1));
}
