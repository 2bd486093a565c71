/**
 * How many rows of each source a mixture takes, by T3's rule (section 2.5 of our notes on the reference: video-t3,
 * data_creation.py).
 *
 * Each source is shuffled and gives its first `limit` rows. With a ratio the last source is instruction data: it gives the
 * limits of the others together, (n_sources - 1) x limit in the reference, times the ratio. Everything is shuffled again and cut to
 * the total. The reference's limit is nominal: a source with fewer rows than its limit makes the real ratio larger than asked, which
 * is why the plan says both.
 */
export type MixtureSource = Readonly<{
  /** Rows that are there. */
  rows: number;
  /** Rows to take at most; default all. */
  limit?: number;
}>;

export type MixtureOptions = Readonly<{
  /** Rows of the last source for one row of the others; without it all sources are alike. */
  ratio?: number;
  /** "limits" (default) as the reference: the ratio counts against the limits; "rows": against the rows really taken. */
  ratioOf?: "limits" | "rows";
  /** Rows of the mixture at most. */
  total?: number;
}>;

export type MixturePlan = Readonly<{
  /** Rows asked of each source and rows that it gives. */
  asked: readonly number[];
  taken: readonly number[];
  /** Rows of the mixture. */
  total: number;
}>;

/** Plan a mixture. Throws RangeError on a ratio without instruction data or counts out of range. */
export function planMixture(sources: readonly MixtureSource[], options: MixtureOptions = {}): MixturePlan {
  const { ratio, ratioOf = "limits", total = Infinity } = options;
  if (sources.length === 0) throw new RangeError("Expected at least one source to mix, got none.");
  if (ratio !== undefined && sources.length < 2)
    throw new RangeError("Expected instruction data as the last of two or more sources for a ratio, got one source.");
  if (ratio !== undefined && !(ratio > 0 && ratio < Infinity))
    throw new RangeError(`Expected a ratio above 0, got ${ratio}.`);
  const asked = sources.map(({ rows, limit }) => limit ?? rows);
  const give = (i: number) => Math.min(asked[i] as number, sources[i]?.rows as number);
  if (ratio !== undefined) {
    const last = sources.length - 1;
    const others = sources.slice(0, last).map((_, i) => (ratioOf === "limits" ? (asked[i] as number) : give(i)));
    const wanted = Math.round(sum(others) * ratio);
    asked[last] = Math.min(wanted, sources[last]?.limit ?? Infinity);
  }
  const taken = sources.map((_, i) => give(i));
  return { asked, taken, total: Math.min(total, sum(taken)) };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
