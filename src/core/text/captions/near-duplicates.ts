/**
 * Events told twice in almost the same words, one right after the other, joined into one.
 *
 * VTimeLLM's models repeat themselves; its evaluation joins such neighbours before it converts frame numbers to times. How alike
 * two texts are is Ratcliff and Obershelp's ratio as Python's difflib.SequenceMatcher computes it, popular letters of long
 * texts left aside.
 */

/** An event between two indices of frames, both included. */
export type IndexedEvent = Readonly<{ start: number; end: number; text: string }>;

const alike = 0.98;

/** Neighbours more than 98 % alike whose ends lie within one frame become one event with the first one's text. */
export function joinNearDuplicates(events: readonly IndexedEvent[]): IndexedEvent[] {
  const joined: IndexedEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (last && Math.abs(event.start - last.end) <= 1 && sequenceRatio(last.text, event.text) > alike) {
      joined[joined.length - 1] = { ...last, end: event.end };
    } else joined.push(event);
  }
  return joined;
}

/** Twice the letters in matching blocks over all letters, in [0, 1]; two empty texts have 1. */
export function sequenceRatio(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  if (left.length + right.length === 0 || a === b) return 1;
  const positions = new Map<string, number[]>();
  right.forEach((letter, j) => {
    const list = positions.get(letter);
    if (list) list.push(j);
    else positions.set(letter, [j]);
  });
  if (right.length >= popularFrom) {
    const most = Math.floor(right.length / 100) + 1;
    for (const [letter, list] of positions) if (list.length > most) positions.delete(letter);
  }
  const open: Region[] = [[0, left.length, 0, right.length]];
  let matched = 0;
  for (let region = open.pop(); region !== undefined; region = open.pop()) {
    const [i, j, size] = longestBlock({ left, right, positions }, region);
    if (size === 0) continue;
    matched += size;
    const [leftFrom, leftTo, rightFrom, rightTo] = region;
    open.push([leftFrom, i, rightFrom, j], [i + size, leftTo, j + size, rightTo]);
  }
  return (2 * matched) / (left.length + right.length);
}

/** From this length on difflib leaves letters aside that make up more than a hundredth. */
const popularFrom = 200;

/** From and to in one text, from and to in the other. */
type Region = readonly [number, number, number, number];
type Texts = Readonly<{
  left: readonly string[];
  right: readonly string[];
  positions: ReadonlyMap<string, readonly number[]>;
}>;

/** The longest block of equal letters, the first of several: where it starts in both, and its size. */
function longestBlock({ left, right, positions }: Texts, [leftFrom, leftTo, rightFrom, rightTo]: Region) {
  let [bestI, bestJ, size] = [leftFrom, rightFrom, 0];
  let lengths = new Map<number, number>();
  for (let i = leftFrom; i < leftTo; i++) {
    const next = new Map<number, number>();
    for (const j of positions.get(left[i] as string) ?? []) {
      if (j < rightFrom) continue;
      if (j >= rightTo) break;
      const length = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, length);
      if (length > size) [bestI, bestJ, size] = [i - length + 1, j - length + 1, length];
    }
    lengths = next;
  }
  // Letters that were left aside may still lengthen a block.
  while (bestI > leftFrom && bestJ > rightFrom && left[bestI - 1] === right[bestJ - 1]) {
    [bestI, bestJ, size] = [bestI - 1, bestJ - 1, size + 1];
  }
  while (bestI + size < leftTo && bestJ + size < rightTo && left[bestI + size] === right[bestJ + size]) size++;
  return [bestI, bestJ, size] as const;
}
