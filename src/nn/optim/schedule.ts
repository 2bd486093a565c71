/**
 * Learning rate schedules.
 */
export type CosineOptions = Readonly<{
  /** Steps of the whole run, warm-up included. */
  total: number;
  /** Steps of linear rise before the first step at the peak, which is step number `warmup`. */
  warmup: number;
  peak: number;
  /** Rate at the end of the run. Default 0. */
  floor?: number;
}>;

/** Linear warm-up, then half a cosine from peak to floor; step counts from 0. Loshchilov and Hutter, arXiv:1608.03983. */
export function cosineWithWarmup(step: number, { total, warmup, peak, floor = 0 }: CosineOptions): number {
  if (step < warmup) return (peak * (step + 1)) / (warmup + 1);
  const progress = Math.min(1, (step - warmup) / Math.max(1, total - warmup));
  return floor + ((peak - floor) * (1 + Math.cos(Math.PI * progress))) / 2;
}
