/** Linear axes: positions in percent of the plot, and ticks at round numbers. */

export type Scale = Readonly<{ low: number; high: number }>;

/** Where a value lies on the axis, in percent from its start. */
export function position({ low, high }: Scale, value: number): number {
  return high === low ? 50 : (100 * (value - low)) / (high - low);
}

/** About `wanted` ticks at 1, 2 or 5 times a power of ten, inside the scale. */
export function ticks({ low, high }: Scale, wanted: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) as number);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
