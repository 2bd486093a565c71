/**
 * The best one-to-one alignment of two sentences: METEOR's beam search over the reference's words, left to right.
 *
 * Best means most matched words, then fewest chunks (runs that are contiguous in both), then least distance. The search counts
 * as METEOR's own program does, whose counters are whole numbers: a match by stem, synonym or paraphrase adds half its length
 * rounded down. That decides between alignments only; the score counts anew.
 */
import type { Candidate, Candidates } from "./candidates.ts";

export const beamSize = 40;

/** Matches chosen so far, the last one first; branches share what they have in common. */
type Chosen = Readonly<{ match: Candidate; before: Chosen | undefined }>;

type Path = {
  chosen: Chosen | undefined;
  weight: number;
  chunks: number;
  distance: number;
  /** The next position of the reference to decide. */
  next: number;
  /** End of the last match in the hypothesis while its chunk is open, else -1. */
  lastEnd: number;
};

/** Matches whose words no other candidate touches, by position in the reference; every alignment holds them. */
type Held = Readonly<{ matches: readonly (Candidate | undefined)[]; left: Uint8Array; right: Uint8Array }>;

/** The matches of the best alignment, in the order of the reference. */
export function bestAlignment(candidates: Candidates): Candidate[] {
  const { byStart } = candidates;
  const held = heldMatches(candidates);
  let paths: Path[] = [{ chosen: undefined, weight: 0, chunks: 0, distance: 0, next: 0, lastEnd: -1 }];
  for (let position = 0; position < byStart.length; position++) {
    const next: Path[] = [];
    keepBest(paths);
    for (const path of paths)
      advance(path, position, { matches: byStart[position] as readonly Candidate[], held, next });
    paths = next.length > 0 ? next : paths.slice(0, 1);
  }
  for (const path of paths) if (path.lastEnd !== -1) path.chunks++;
  keepBest(paths);
  const best: Candidate[] = [];
  for (let link = paths[0]?.chosen; link !== undefined; link = link.before) best.push(link.match);
  return best.reverse();
}

function heldMatches({ byStart, hypothesisCoverage, referenceCoverage }: Candidates): Held {
  const matches = new Array<Candidate | undefined>(byStart.length).fill(undefined);
  const [left, right] = [new Uint8Array(hypothesisCoverage.length), new Uint8Array(byStart.length)];
  for (const list of byStart) {
    const only = list[0];
    if (only === undefined || list.length > 1) continue;
    const { start, length, matchStart, matchLength } = only;
    if (!isAll(referenceCoverage, 1, start, length) || !isAll(hypothesisCoverage, 1, matchStart, matchLength)) continue;
    matches[start] = only;
    right.fill(1, start, start + length);
    left.fill(1, matchStart, matchStart + matchLength);
  }
  return { matches, left, right };
}

type Step = Readonly<{ matches: readonly Candidate[]; held: Held; next: Path[] }>;

/** What can become of a path at one position of the reference; best matches first, leaving the word out last. */
function advance(path: Path, position: number, { matches, held, next }: Step): void {
  if (position < path.next) {
    next.push(path);
    return;
  }
  const fixed = held.matches[position];
  if (fixed !== undefined) {
    add(path, fixed);
    path.distance += Math.abs(fixed.start - fixed.matchStart);
    next.push(path);
    return;
  }
  for (const match of matches) {
    if (isTaken(match, path.chosen, held)) continue;
    const { chosen, weight, chunks, distance, lastEnd } = path;
    const branch: Path = { chosen, weight, chunks, distance, next: position, lastEnd };
    add(branch, match);
    next.push(branch);
    // METEOR adds the distance to the path it branched from: later branches carry it, this one does not.
    path.distance += Math.abs(match.start - match.matchStart);
  }
  if (path.lastEnd !== -1) path.chunks++;
  path.lastEnd = -1;
  path.next++;
  next.push(path);
}

function add(path: Path, match: Candidate): void {
  const { module, start, length, matchStart, matchLength } = match;
  path.weight += module === 0 ? length + matchLength : Math.floor(length / 2) + Math.floor(matchLength / 2);
  if (path.lastEnd !== -1 && path.lastEnd !== matchStart) path.chunks++;
  path.next = start + length;
  path.lastEnd = matchStart + matchLength;
  path.chosen = { match, before: path.chosen };
}

/** Are any of its words matched already? No earlier match reaches past the position of the reference. */
function isTaken(
  { start, length, matchStart, matchLength }: Candidate,
  chosen: Chosen | undefined,
  held: Held,
): boolean {
  if (!isAll(held.left, 0, matchStart, matchLength) || !isAll(held.right, 0, start, length)) return true;
  for (let link = chosen; link !== undefined; link = link.before) {
    const other = link.match;
    if (other.matchStart < matchStart + matchLength && matchStart < other.matchStart + other.matchLength) return true;
  }
  return false;
}

function isAll(values: Uint8Array | Int32Array, value: number, from: number, length: number): boolean {
  for (let i = from; i < from + length; i++) if (values[i] !== value) return false;
  return true;
}

/** Best paths first, the order of equals kept, as many as the beam holds. */
function keepBest(paths: Path[]): void {
  for (let i = 1; i < paths.length; i++) {
    if (compare(paths[i - 1] as Path, paths[i] as Path) <= 0) continue;
    paths.sort(compare);
    break;
  }
  if (paths.length > beamSize) paths.length = beamSize;
}

function compare(a: Path, b: Path): number {
  return b.weight - a.weight || a.chunks - b.chunks || a.distance - b.distance;
}
