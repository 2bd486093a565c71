/** Cores, for choosing a number of threads. */
export function availableParallelism(): number {
  return navigator.hardwareConcurrency;
}

/** A browser does not say what is free; it refuses what does not fit. */
export function freemem(): number {
  return Number.POSITIVE_INFINITY;
}

export function tmpdir(): string {
  return "/tmp";
}
