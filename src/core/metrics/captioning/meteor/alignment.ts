/**
 * The best one-to-one alignment of two sentences: METEOR's beam search over the reference's words, left to right.
 *
 * Best means most matched words, then fewest chunks (runs that are contiguous in both), then least distance. The search counts
 * as METEOR's own program does, whose counters are whole numbers: a match by stem, synonym or paraphrase adds half its length
 * rounded down. That decides between alignments only; the score counts anew.
 */
import type { Candidate, Candidates } from "./candidates.ts";

export const beamSize = 40;

type Path = {
  /** By position in the reference: the match that starts there. */
  readonly chosen: (Candidate | undefined)[];
  /** Sets of positions, 31 to a number. */
  readonly usedLeft: number[];
  readonly usedRight: number[];
  weight: number;
  chunks: number;
  distance: number;
  /** The next position of the reference to decide. */
  next: number;
  /** End of the last match in the hypothesis while its chunk is open, else -1. */
  lastEnd: number;
};

/** The matches of the best alignment, in the order of the reference. */
export function bestAlignment(candidates: Candidates): Candidate[] {
  const { byStart } = candidates;
  let paths = [startPath(candidates)];
  for (let position = 0; position < byStart.length; position++) {
    const next: Path[] = [];
    for (const path of beam(paths)) advance(path, position, byStart[position] as readonly Candidate[], next);
    paths = next.length > 0 ? next : paths.slice(0, 1);
  }
  for (const path of paths) if (path.lastEnd !== -1) path.chunks++;
  return (beam(paths)[0] as Path).chosen.filter((match) => match !== undefined);
}

/** A path that holds every match whose words no other candidate touches. */
function startPath({ byStart, hypothesisCoverage, referenceCoverage }: Candidates): Path {
  const sets = (size: number) => new Array<number>(Math.ceil(size / 31)).fill(0);
  const path: Path = {
    chosen: new Array<Candidate | undefined>(byStart.length).fill(undefined),
    usedLeft: sets(hypothesisCoverage.length),
    usedRight: sets(byStart.length),
    weight: 0,
    chunks: 0,
    distance: 0,
    next: 0,
    lastEnd: -1,
  };
  for (const [only, ...others] of byStart) {
    if (only === undefined || others.length > 0) continue;
    const { start, length, matchStart, matchLength } = only;
    const isAlone =
      referenceCoverage.subarray(start, start + length).every((count) => count === 1) &&
      hypothesisCoverage.subarray(matchStart, matchStart + matchLength).every((count) => count === 1);
    if (isAlone) choose(path, only);
  }
  return path;
}

/** What can become of a path at one position of the reference; best matches first, leaving the word out last. */
function advance(path: Path, position: number, matches: readonly Candidate[], next: Path[]): void {
  if (has(path.usedRight, position, 1)) {
    const held = path.chosen[position];
    if (position < path.next) next.push(path);
    else if (held !== undefined) {
      count(path, held);
      path.distance += Math.abs(held.start - held.matchStart);
      next.push(path);
    }
    return;
  }
  for (const match of matches) {
    if (has(path.usedLeft, match.matchStart, match.matchLength) || has(path.usedRight, position, match.length))
      continue;
    const branch = { ...path, chosen: [...path.chosen], usedLeft: [...path.usedLeft], usedRight: [...path.usedRight] };
    choose(branch, match);
    count(branch, match);
    next.push(branch);
    // METEOR adds the distance to the path it branched from: later branches carry it, this one does not.
    path.distance += Math.abs(match.start - match.matchStart);
  }
  if (path.lastEnd !== -1) path.chunks++;
  path.lastEnd = -1;
  path.next++;
  next.push(path);
}

function count(path: Path, { module, start, length, matchStart, matchLength }: Candidate): void {
  path.weight += module === 0 ? length + matchLength : Math.floor(length / 2) + Math.floor(matchLength / 2);
  if (path.lastEnd !== -1 && path.lastEnd !== matchStart) path.chunks++;
  path.next = start + length;
  path.lastEnd = matchStart + matchLength;
}

function choose(path: Path, match: Candidate): void {
  path.chosen[match.start] = match;
  for (let i = 0; i < match.matchLength; i++) add(path.usedLeft, match.matchStart + i);
  for (let i = 0; i < match.length; i++) add(path.usedRight, match.start + i);
}

/** The paths that go on, best first; the order of equals stays. */
function beam(paths: Path[]): Path[] {
  if (paths.length === 1) return paths;
  return paths.sort((a, b) => b.weight - a.weight || a.chunks - b.chunks || a.distance - b.distance).slice(0, beamSize);
}

function add(set: number[], position: number): void {
  const index = Math.floor(position / 31);
  set[index] = (set[index] as number) | (1 << (position % 31));
}

function has(set: readonly number[], position: number, length: number): boolean {
  for (let i = position; i < position + length; i++) {
    if (((set[Math.floor(i / 31)] as number) & (1 << (i % 31))) !== 0) return true;
  }
  return false;
}
