/**
 * Prompts into a cache: short ones together, long ones piece by piece, and what several begin with once.
 */
import type { DecoderReader } from "./decoder-reader.ts";
import type { KeyValueCache } from "./key-value-cache.ts";
import type { Prompt } from "./prompt-embeddings.ts";
import { sharedPrefixes } from "./shared-prefix.ts";

/** `picks`: positions behind which scores are wanted, ascending; one is the last. */
export type Reading = Readonly<{ prompt: Prompt; picks: readonly number[] }>;

/** Positions of a run: more are no faster, and their numbers take memory. */
export const pieceLength = 256;
const mostTogether = 1024;

/** Read each prompt into its sequence of the cache; scores (picks, V) of each. The signal stops between two runs. */
export async function readPrompts(
  reader: DecoderReader,
  cache: KeyValueCache,
  readings: readonly Reading[],
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const scores = new Array<Float32Array>(readings.length);
  const prompts = readings.map(({ prompt }) => prompt);
  const groups = sharedPrefixes(prompts, reader.seeing);
  const alone = groups.filter(({ length }) => length === 0).flatMap(({ members }) => members);
  const lengthOf = (index: number) => (prompts[index] as Prompt).ids.length;

  for (const rows of neighbours(alone, lengthOf)) {
    signal?.throwIfAborted();
    const [first, end] = [rows[0] as number, (rows.at(-1) as number) + 1];
    if (rows.length === 1) {
      scores[first] = await readOne(reader, cache.rows(first, end), readings[first] as Reading, { from: 0, signal });
      continue;
    }
    const pieces = readings
      .slice(first, end)
      .map(({ prompt, picks }) => ({ prompt, start: 0, embeddings: reader.embed(prompt), picks }));
    const read = await reader.read(cache.rows(first, end), pieces);
    for (const [i, row] of rows.entries()) scores[row] = read[i] as Float32Array;
  }

  for (const { members, length } of groups.filter(({ length }) => length > 0)) {
    // Scores are read behind own positions only.
    const shared = Math.min(length, ...members.map((row) => (readings[row] as Reading).picks[0] as number));
    const [first, ...others] = members as [number, ...number[]];
    const { prompt } = readings[first] as Reading;
    await readOne(reader, cache.rows(first, first + 1), { prompt, picks: [] }, { from: 0, to: shared, signal });
    cache.copyFrom(first, others, shared);
    for (const row of members) {
      const own = { from: shared, signal };
      scores[row] = await readOne(reader, cache.rows(row, row + 1), readings[row] as Reading, own);
    }
  }
  return scores;
}

type Range = Readonly<{ from: number; to?: number; signal?: AbortSignal | undefined }>;

/** One sequence, in pieces. */
async function readOne(
  reader: DecoderReader,
  cache: KeyValueCache,
  { prompt, picks }: Reading,
  { from, to = prompt.ids.length, signal }: Range,
): Promise<Float32Array> {
  const { hidden_size: D, vocab_size: V } = reader.decoder;
  const embeddings = reader.embed(prompt);
  const scores = new Float32Array(picks.length * V);
  let scored = 0;
  for (let start = from; start < to; start += pieceLength) {
    signal?.throwIfAborted();
    const end = Math.min(start + pieceLength, to);
    const here = picks.filter((t) => start <= t && t < end);
    const piece = { prompt, start, embeddings: embeddings.subarray(start * D, end * D), picks: here };
    const [read] = await reader.read(cache, [piece]);
    scores.set(read as Float32Array, scored * V);
    scored += here.length;
  }
  return scores;
}

/** Neighbouring rows that are short enough to be read in one run. */
function neighbours(rows: readonly number[], lengthOf: (row: number) => number): number[][] {
  const runs: number[][] = [];
  for (const row of rows) {
    const run = runs.at(-1);
    const longest = Math.max(...(run ?? []).map(lengthOf), lengthOf(row));
    const fits = longest <= pieceLength && longest * ((run?.length ?? 0) + 1) <= mostTogether;
    if (run !== undefined && run.at(-1) === row - 1 && fits) run.push(row);
    else runs.push([row]);
  }
  return runs;
}
