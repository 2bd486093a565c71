/**
 * Beam search: several answers grow side by side, the likeliest so far; the best finished one wins (as transformers' beam
 * search with early_stopping="never": it ends when no answer that still grows could win).
 */
import type { DecoderReader } from "./decoder-reader.ts";
import type { KeyValueCache } from "./key-value-cache.ts";
import type { Prompt } from "./prompt-embeddings.ts";
import { logProbabilities, type TokenScore, tokenScore } from "./sampling.ts";

export type BeamOptions = Readonly<{
  beams: number;
  /**
   * An answer's score is its log-probability over (its tokens, the stop id included) to the power of this. Above 0 favours
   * long answers, below 0 short ones. Default 1.
   */
  lengthPenalty?: number;
  maxNewTokens: number;
  stops: ReadonlySet<number>;
  /** Alternatives of each token to keep; undefined keeps no scores. */
  alternatives: number | undefined;
  signal?: AbortSignal | undefined;
}>;

type Beam = Readonly<{ ids: readonly number[]; sum: number; scores: readonly TokenScore[] }>;
export type BeamAnswer = Readonly<{
  ids: readonly number[];
  stopped: boolean;
  scores: readonly TokenScore[];
  /** What the answer won by. */
  score: number;
}>;

/**
 * Continue one prompt, whose positions are in every one of the cache's `beams` sequences; `logits` (V) are the scores behind
 * them.
 */
export async function beamSearch(
  reader: DecoderReader,
  { cache, prompt, logits }: Readonly<{ cache: KeyValueCache; prompt: Prompt; logits: Float32Array }>,
  options: BeamOptions,
): Promise<BeamAnswer> {
  const { beams: width, lengthPenalty = 1, maxNewTokens, stops } = options;
  const normalised = (sum: number, length: number) => sum / length ** lengthPenalty;
  let finished: BeamAnswer[] = [];
  let beams: Beam[] = [{ ids: [], sum: 0, scores: [] }];
  let rows: Float32Array[] = [logits];
  for (let length = 1; ; length++) {
    const next: (Beam & Readonly<{ source: number }>)[] = [];
    for (const [rank, { source, id, sum }] of bestSteps(beams, rows, 2 * width).entries()) {
      const { ids, scores } = beams[source] as Beam;
      if (stops.has(id)) {
        // Only what would have been kept may end, so that unlikely ends do not crowd out likely answers.
        if (rank < width) finished.push({ ids, scores, stopped: true, score: normalised(sum, length) });
      } else if (next.length < width) {
        const row = rows[source] as Float32Array;
        const told = options.alternatives === undefined ? [] : [tokenScore(row, id, options.alternatives)];
        next.push({ ids: [...ids, id], sum, scores: [...scores, ...told], source });
      }
    }
    if (length === maxNewTokens) {
      finished.push(
        ...next.map(({ ids, sum, scores }) => ({ ids, scores, stopped: false, score: normalised(sum, length) })),
      );
    }
    finished = finished.sort((a, b) => b.score - a.score).slice(0, width);
    const attainable = Math.max(
      ...next.flatMap(({ sum }) => [normalised(sum, length + 1), normalised(sum, maxNewTokens)]),
    );
    const isDecided = finished.length === width && (finished.at(-1) as BeamAnswer).score >= attainable;
    if (length === maxNewTokens || next.length === 0 || isDecided) return finished[0] as BeamAnswer;

    options.signal?.throwIfAborted();
    const sources = next.map(({ source }) => source);
    cache.gather(
      [...sources, ...new Array<number>(cache.batch - sources.length).fill(0)],
      prompt.ids.length + length - 1,
    );
    beams = next;
    const pieces = next.map(({ ids }) => ({
      prompt,
      start: prompt.ids.length + length - 1,
      embeddings: reader.embed({ ids: ids.slice(-1) }),
      picks: [prompt.ids.length + length - 1],
    }));
    rows = await reader.read(cache.rows(0, next.length), pieces);
  }
}

/** The likeliest next tokens over all beams, best first; among equals the earlier beam and the lower id. */
function bestSteps(beams: readonly Beam[], rows: readonly Float32Array[], count: number) {
  const best: { source: number; id: number; sum: number }[] = [];
  for (const [source, row] of rows.entries()) {
    const before = (beams[source] as Beam).sum;
    for (const [id, log] of logProbabilities(row).entries()) {
      const sum = before + log;
      if (best.length === count && sum <= (best.at(-1) as { sum: number }).sum) continue;
      const place = best.findIndex((each) => each.sum < sum);
      best.splice(place < 0 ? best.length : place, 0, { source, id, sum });
      best.length = Math.min(best.length, count);
    }
  }
  return best;
}
