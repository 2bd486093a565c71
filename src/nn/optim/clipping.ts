/**
 * Clipping gradients by their joint length.
 */
import type { NamedArrays } from "./adamw.ts";

/** sqrt of the sum of all squares, over all arrays. */
export function globalNorm(gradients: NamedArrays): number {
  let total = 0;
  for (const gradient of Object.values(gradients)) {
    // Four sums, so that additions do not wait for each other.
    const sums: [number, number, number, number] = [0, 0, 0, 0];
    const { length } = gradient;
    const whole = length - (length % 4);
    for (let i = 0; i < whole; i += 4) {
      sums[0] += (gradient[i] as number) ** 2;
      sums[1] += (gradient[i + 1] as number) ** 2;
      sums[2] += (gradient[i + 2] as number) ** 2;
      sums[3] += (gradient[i + 3] as number) ** 2;
    }
    for (let i = whole; i < length; i++) sums[0] += (gradient[i] as number) ** 2;
    total += sums[0] + sums[1] + sums[2] + sums[3];
  }
  return Math.sqrt(total);
}

/** The factor that brings gradients of this norm to at most `largest`; pass it to the optimizer as gradientScale. */
export function clippingFactor(norm: number, largest: number): number {
  return norm > largest ? largest / norm : 1;
}

/** Shrink gradients in place to a global norm of at most `largest`; returns the norm before. */
export function clipByGlobalNorm(gradients: NamedArrays, largest: number): number {
  const norm = globalNorm(gradients);
  const factor = clippingFactor(norm, largest);
  if (factor === 1) return norm;
  for (const gradient of Object.values(gradients)) {
    for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i] as number) * factor;
  }
  return norm;
}
