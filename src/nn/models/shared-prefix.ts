/**
 * What prompts have in common at their beginning, so that questions about one video read the video once.
 */
import type { Prompt } from "./prompt-embeddings.ts";

/** Prompts, by index, that begin with the same `length` positions and go on differently; a lone prompt shares nothing. */
export type PrefixGroup = { readonly members: number[]; length: number };

/** Shorter beginnings are not worth a run of their own. */
const shortest = 32;

export type Seeing = Readonly<{
  /** The id that stands for a row of a picture; null of decoders alone. */
  tokenId: number | null;
  /** Numbers of a row. */
  width: number;
}>;

/**
 * Put prompts together by what they begin with. A prompt joins others only if they then still share most of what they
 * shared: two videos are not put together for the sake of a system prompt.
 */
export function sharedPrefixes(prompts: readonly Prompt[], seeing: Seeing): PrefixGroup[] {
  const groups: PrefixGroup[] = [];
  for (const [index, prompt] of prompts.entries()) {
    let best: PrefixGroup | null = null;
    let most = shortest - 1;
    for (const group of groups) {
      const length = Math.min(
        group.length,
        sharedLength(prompts[group.members[0] as number] as Prompt, prompt, seeing),
      );
      if (length > most && length >= group.length / 2) [best, most] = [group, length];
    }
    if (best === null) groups.push({ members: [index], length: prompt.ids.length - 1 });
    else {
      best.members.push(index);
      best.length = most;
    }
  }
  return groups.map((group) => (group.members.length === 1 ? { ...group, length: 0 } : group));
}

/** Prompts, by index, to be read together: what begins alike beside each other, longest first, so that neighbours are of like length. */
export function batchesOf(prompts: readonly Prompt[], seeing: Seeing, size: number): number[][] {
  const lengthOf = (index: number) => (prompts[index] as Prompt).ids.length;
  const longestFirst = (a: number, b: number) => lengthOf(b) - lengthOf(a);
  const groups = sharedPrefixes(prompts, seeing).map(({ members }) => members.toSorted(longestFirst));
  const order = groups.sort(([a], [b]) => longestFirst(a as number, b as number)).flat();
  return Array.from({ length: Math.ceil(order.length / size) }, (_, i) => order.slice(i * size, (i + 1) * size));
}

/** Positions from the first on that two prompts have in common. The last of either never counts: its scores are wanted. */
export function sharedLength(a: Prompt, b: Prompt, { tokenId, width }: Seeing): number {
  const most = Math.min(a.ids.length, b.ids.length) - 1;
  let rows = sharedRows(a.images ?? [], b.images ?? [], width);
  for (let t = 0; t < most; t++) {
    if (a.ids[t] !== b.ids[t] || !isAtOnePlace(a, b, t)) return t;
    if (a.ids[t] === tokenId && (a.images || b.images) && rows-- === 0) return t;
  }
  return Math.max(0, most);
}

/** Rows from the first on that two lists of pictures have in common. */
function sharedRows(a: readonly Float32Array[], b: readonly Float32Array[], width: number): number {
  let rows = 0;
  for (const [i, image] of a.entries()) {
    const other = b[i];
    if (other === undefined) return rows;
    const difference = image === other ? -1 : image.findIndex((value, at) => value !== other[at]);
    if (difference >= 0) return rows + Math.floor(difference / width);
    rows += image.length / width;
    if (image.length !== other.length) return rows;
  }
  return rows;
}

/** Where positions are of three kinds they may differ though ids do not: other frames, other times. */
function isAtOnePlace({ positions: a }: Prompt, { positions: b }: Prompt, t: number): boolean {
  const place = (positions: Prompt["positions"], kind: number) => positions?.kinds[kind]?.[t] ?? t;
  return a === b || [0, 1, 2].every((kind) => place(a, kind) === place(b, kind));
}
