/** Decimals as Python's round() and "%.2f" give them, which is how published scores were printed. */

/**
 * The nearest decimal of the binary value. Exact ties, which are odd multiples of 1 / 2^(digits + 1) (12.25, 0.125), go to the
 * even digit, where toFixed would go up.
 */
export function roundHalfEven(value: number, digits: number): number {
  const halves = value * 2 ** (digits + 1);
  if (Number.isInteger(halves) && !Number.isInteger(halves / 2)) {
    const below = Math.floor(value * 10 ** digits);
    return (below % 2 === 0 ? below : below + 1) / 10 ** digits;
  }
  return Number(value.toFixed(digits));
}
