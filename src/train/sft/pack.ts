/**
 * Which rows share a run: as few runs as first fit finds, longest rows first.
 */

/**
 * Indices of the rows of each run, none of which has more than `room` tokens unless a single row has. Rows keep their order
 * within a run, and runs stand in the order of their first rows.
 */
export function packRows(lengths: readonly number[], room: number): number[][] {
  const byLength = lengths.map((length, index) => ({ length, index })).sort((a, b) => b.length - a.length);
  const runs: { free: number; rows: number[] }[] = [];
  for (const { length, index } of byLength) {
    const fitting = runs.find(({ free }) => free >= length);
    if (fitting) {
      fitting.rows.push(index);
      fitting.free -= length;
    } else runs.push({ free: room - length, rows: [index] });
  }
  return runs.map(({ rows }) => rows.sort((a, b) => a - b)).sort(([a = 0], [b = 0]) => a - b);
}

/** Positions of a run: the tokens rounded up to one of two sizes an octave (32, 48, 64, 96, ...), so that few are compiled. */
export function runLength(tokens: number): number {
  return twoAnOctave(Math.max(32, tokens));
}

/** Places for targets, in the same way. */
export function runTargets(targets: number): number {
  return twoAnOctave(Math.max(16, targets));
}

function twoAnOctave(n: number): number {
  const octave = 2 ** Math.floor(Math.log2(n));
  if (n === octave) return n;
  return n <= 1.5 * octave ? 1.5 * octave : 2 * octave;
}
