/** Cores, for choosing a number of threads. */
export function availableParallelism(): number {
  return navigator.hardwareConcurrency;
}

export function tmpdir(): string {
  return "/tmp";
}
