/** The headline figures of predicted moments, as every command's `summary` has them. */
import type { GroundingScore } from "./score-grounding.ts";

/** Percent, but `coverage`, which is predicted of all; null where nothing was scored. */
export function groundingSummary(score: GroundingScore) {
  const { figures, strict, baselines, n, of, predicted, unparsed, coverage } = score;
  const blind = baselines.map(({ figures: each }) => each);
  const best = (figure: "miou" | "r1At05") =>
    blind.length === 0 ? null : Math.max(...blind.map((each) => each[figure] ?? 0));
  const constant = baselines[0]?.figures;
  return {
    r1At03: figures.r1At03.value,
    r1At05: figures.r1At05.value,
    r1At07: figures.r1At07.value,
    miou: figures.miou.value,
    n,
    unparsed,
    coverage,
    predicted,
    of,
    miouLow: figures.miou.low,
    miouHigh: figures.miou.high,
    r1At05Low: figures.r1At05.low,
    r1At05High: figures.r1At05.high,
    strictR1At05: strict.r1At05,
    strictMiou: strict.miou,
    constantR1At05: constant?.r1At05 ?? null,
    constantMiou: constant?.miou ?? null,
    bestBlindR1At05: best("r1At05"),
    bestBlindMiou: best("miou"),
  };
}
