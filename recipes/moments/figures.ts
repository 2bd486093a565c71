/**
 * Figures of arms over seeds: mIoU and recall of moments, mAP and HIT@1 of highlights, with intervals over films and seeds, and the
 * paired difference of two arms.
 */
import { clusterBootstrap, type Estimate, Rng } from "../../src/core/math/index.ts";
import { recallThresholds } from "../../src/core/metrics/index.ts";
import type { FilmAnswer } from "./kept-answers.ts";

/** Answers of one arm by seed, all to the same questions. */
export type SeedAnswers = Readonly<{ seed: number; answers: readonly FilmAnswer[] }>;

export const figureNames = ["miou", "r1At03", "r1At05", "r1At07", "highlightMap", "highlightHit1", "sodaC"] as const;
export type FigureName = (typeof figureNames)[number];

export type ArmFigures = Readonly<{
  figures: Readonly<Record<FigureName, Estimate>>;
  moments: number;
  highlights: number;
  /** Films of which all events were asked for. */
  described: number;
  /** Replies without a readable moment or highlights; they count as misses. */
  unparsed: number;
}>;

export function armFigures(name: string, runs: readonly SeedAnswers[]): ArmFigures {
  const estimate = (figure: FigureName) =>
    clusterBootstrap(
      runs.flatMap(({ seed, answers }) =>
        answers
          .filter(({ kind }) => kind === kindOf(figure))
          .map((answer) => observation(figureOf(figure, answer), { seed, answer })),
      ),
      [0, 100],
      { rng: new Rng(`figures/${name}/${figure}`) },
    );
  const all = runs.flatMap(({ answers }) => answers);
  return {
    figures: Object.fromEntries(figureNames.map((figure) => [figure, estimate(figure)])) as Record<
      FigureName,
      Estimate
    >,
    moments: all.filter(({ kind }) => kind === "moment").length,
    highlights: all.filter(({ kind }) => kind === "highlights").length,
    described: all.filter(({ kind }) => kind === "dense").length,
    unparsed: all.filter(({ unparsed }) => unparsed !== null).length,
  };
}

/** How much better `after` is than `before`, in points, question by question. */
export function armDifference(
  figure: FigureName,
  [after, before]: readonly [readonly SeedAnswers[], readonly SeedAnswers[]],
): Estimate {
  const observations = after.flatMap(({ seed, answers }, run) => {
    const others = before[run]?.answers ?? [];
    return answers.flatMap((answer, i) => {
      const other = others[i];
      if (other?.query !== answer.query || other.film !== answer.film || other.kind !== answer.kind)
        throw new Error(`Expected the same questions of both arms, got "${answer.query}" and "${other?.query}".`);
      if (answer.kind !== kindOf(figure)) return [];
      return [observation(figureOf(figure, answer) - figureOf(figure, other), { seed, answer })];
    });
  });
  return clusterBootstrap(observations, [-100, 100], { rng: new Rng(`difference/${figure}`) });
}

function kindOf(figure: FigureName): FilmAnswer["kind"] {
  if (figure === "sodaC") return "dense";
  return figure.startsWith("highlight") ? "highlights" : "moment";
}

function figureOf(figure: FigureName, { value, hit }: FilmAnswer): number {
  switch (figure) {
    case "miou":
    case "highlightMap":
    case "sodaC":
      return value;
    case "highlightHit1":
      return hit ?? 0;
    default:
      return value >= recallThresholds[figure] ? 1 : 0;
  }
}

/** Every seed has films of its own. */
function observation(value: number, { seed, answer }: { seed: number; answer: FilmAnswer }) {
  return { value: 100 * value, cluster: `${seed}/${answer.film}`, run: seed };
}
