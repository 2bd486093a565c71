/**
 * How likely given continuations of prompts are: answer options, say. What they have in common is read once.
 */
import type { DecoderReader } from "./decoder-reader.ts";
import type { Prompt } from "./prompt-embeddings.ts";
import { readPrompts } from "./read-prompts.ts";
import { logProbabilities } from "./sampling.ts";

/**
 * What has to be read to score continuations of prompt `p`: it with all tokens but the last of a continuation, whose scores
 * begin behind position `start`. Continuations that differ in their last token alone are one item.
 */
export type ContinuationItem = Readonly<{
  p: number;
  prompt: Prompt;
  start: number;
  uses: { readonly c: number; readonly ids: readonly number[] }[];
}>;

export function continuationItems(
  prompts: readonly Prompt[],
  continuations: readonly (readonly (readonly number[])[])[],
): ContinuationItem[] {
  return prompts.flatMap((prompt, p) => {
    const items = new Map<string, ContinuationItem>();
    for (const [c, ids] of (continuations[p] ?? []).entries()) {
      const before = ids.slice(0, -1);
      const extended = { ...prompt, ids: [...prompt.ids, ...before] };
      const item = items.get(before.join()) ?? { p, prompt: extended, start: prompt.ids.length - 1, uses: [] };
      item.uses.push({ c, ids });
      items.set(before.join(), item);
    }
    return [...items.values()];
  });
}

/** log p(continuation c | prompt p), summed over its tokens, of every use of the items, which are read together. */
export async function scoreContinuations(
  reader: DecoderReader,
  items: readonly ContinuationItem[],
  signal?: AbortSignal,
): Promise<{ p: number; c: number; sum: number }[]> {
  const { vocab_size: V } = reader.decoder;
  const readings = items.map(({ prompt, start }) => {
    return { prompt, picks: Array.from({ length: prompt.ids.length - start }, (_, i) => start + i) };
  });
  const cache = reader.cache(items.length, Math.max(...items.map(({ prompt }) => prompt.ids.length)));
  const scores = await readPrompts(reader, cache, readings, signal);
  return items.flatMap(({ p, uses }, b) => {
    const rows = readings[b]?.picks.map((_, i) =>
      logProbabilities((scores[b] as Float32Array).subarray(i * V, (i + 1) * V)),
    );
    return uses.map(({ c, ids }) => ({ p, c, sum: ids.reduce((sum, id, i) => sum + (rows?.[i]?.[id] as number), 0) }));
  });
}
