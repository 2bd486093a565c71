/** Which items a limited run asks, and what a run's folder is called. */

/** Every k-th item, so that a limited run still meets every task. */
export function evenlySpread<T>(items: readonly T[], limit: number): T[] {
  if (limit >= items.length) return [...items];
  return Array.from({ length: limit }, (_, i) => items[Math.floor((i * items.length) / limit)] as T);
}

type Named = Readonly<{ model: string; profile: string; seed: string; limit: number | undefined }>;

/** A folder's name of all that names a run; `shown` says how videos are shown. */
export function evaluationName(
  benchmark: string,
  { model, profile, seed, limit }: Named,
  shown: readonly string[],
): string {
  const parts = [
    "eval",
    benchmark,
    profile,
    model,
    ...shown,
    `seed${seed}`,
    limit === undefined ? "" : `limit${limit}`,
  ];
  return parts
    .filter((part) => part !== "")
    .join("-")
    .replace(/[^\w.-]+/g, "_");
}
