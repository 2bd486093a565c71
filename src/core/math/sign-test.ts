/**
 * The exact two-sided sign test: were wins and losses equally likely? On pairs of single answers it is McNemar's exact test.
 */

/** Two-sided p value under Binomial(wins + losses, 1/2); ties are left out by the caller. 1 when there is nothing to tell. */
export function signTest(wins: number, losses: number): number {
  if (!(Number.isInteger(wins) && Number.isInteger(losses) && wins >= 0 && losses >= 0)) {
    throw new RangeError(`Expected whole numbers of wins and losses, got ${wins} and ${losses}.`);
  }
  const n = wins + losses;
  // In logarithms, term by term: 2^-n alone underflows beyond a thousand pairs.
  let logTerm = -n * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= Math.min(wins, losses); k++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((n - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}
