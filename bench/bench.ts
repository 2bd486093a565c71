/**
 * What a bench file exports: a name and a run that returns figures. `main.ts` adds the peak memory.
 */
export type Figures = Readonly<Record<string, number | string>>;
export type Bench = Readonly<{
  name: string;
  /** Flags are what stands after the bench's name on the command line. */
  run: (flags: readonly string[]) => Promise<Figures>;
}>;

/** The value in the middle, of an odd or even number of values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  if (upper === undefined || lower === undefined)
    throw new RangeError("Expected values to take a median of, got none.");
  return (lower + upper) / 2;
}

/** The value behind a flag, as in `--sketch PATH`. */
export function flagValue(flags: readonly string[], flag: string): string | undefined {
  const at = flags.indexOf(flag);
  return at === -1 ? undefined : flags[at + 1];
}
