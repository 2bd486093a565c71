/**
 * What the paper's table of mixtures says, compared pair by pair with ours: the verdict is read off the intervals.
 */
import { type Correlation, spearman } from "../../src/core/math/index.ts";
import type { Difference } from "../../src/core/metrics/index.ts";
import type { Compared, Finding, MixtureRow, PaperScores, Verdict } from "../../src/report/index.ts";
import { type MixtureId, names } from "./mixtures.ts";
import { paperMixtures, paperQuestions } from "./paper.table.ts";
import type { SeedAnswers } from "./run-seed.ts";
import { differenceOf, runsOf } from "./scores.ts";

/** The second over the first. */
const comparisons: readonly (readonly [MixtureId, MixtureId])[] = [
  ["baseline", "control"],
  ["baseline", "tc1x"],
  ["tc1x", "tc8x"],
  ["tc8x", "tcMixed"],
  ["baseline", "orderTemplate"],
  ["baseline", "referring"],
  ["baseline", "grounding"],
  ["tc1x", "orderTemplateTc1x"],
  ["grounding", "groundingTc1x"],
  ["referring", "referringTc1x"],
  ["tc1x", "t3"],
  ["baseline", "t3"],
  ["control", "t3"],
];

export function findingsOf(seeds: readonly SeedAnswers[]): Finding[] {
  return comparisons.map(([base, other]) => {
    const ours = (group: "temporal" | "orderAttribute") => {
      const of = (id: MixtureId) => runsOf(seeds, id, ({ video }) => video);
      return differenceOf(of(base), of(other), group);
    };
    return {
      claim: `${names[other]} over ${base === "baseline" ? "the baseline" : names[base]}`,
      all: compared(paperPair(base, other, average), paperQuestions.average, ours("temporal")),
      orderAttribute: compared(
        paperPair(base, other, orderAttribute),
        paperQuestions.order + paperQuestions.attribute,
        ours("orderAttribute"),
      ),
    };
  });
}

/** Do our models come in the order of the paper's? */
export function ranksOf(rows: readonly MixtureRow[]): Readonly<{ all: Correlation; orderAttribute: Correlation }> {
  const ranks = (ours: (row: MixtureRow) => number | null, theirs: (scores: PaperScores) => number) => {
    const both = rows.flatMap((row) => {
      const value = ours(row);
      return value === null ? [] : [{ value, paper: meanOf(row.paper, theirs) }];
    });
    return spearman(
      both.map(({ value }) => value),
      both.map(({ paper }) => paper),
    );
  };
  return {
    all: ranks(({ video }) => video.temporal.accuracy, average),
    orderAttribute: ranks(({ video }) => video.orderAttribute.accuracy, orderAttribute),
  };
}

/** The sign of ours where its interval leaves out zero, against the sign of the paper's. */
export function verdictOf(paper: number, { low, high }: Pick<Difference, "low" | "high">): Verdict {
  const sign = low !== null && low > 0 ? 1 : high !== null && high < 0 ? -1 : 0;
  if (sign === 0) return "no clear difference";
  return sign === Math.sign(paper) ? "same direction" : "opposite direction";
}

type PaperPair = readonly [base: number, other: number];

function compared([base, other]: PaperPair, questions: number, ours: Difference): Compared {
  const paper = other - base;
  const variance = (percent: number) => (percent * (100 - percent)) / questions;
  const paperReach = 1.96 * Math.sqrt(variance(base) + variance(other));
  return { paper, paperReach, ours, verdict: verdictOf(paper, ours) };
}

function paperPair(base: MixtureId, other: MixtureId, of: (scores: PaperScores) => number): PaperPair {
  return [meanOf(paperMixtures[base], of), meanOf(paperMixtures[other], of)];
}

/** The paper has two controls; ours stands beside their mean. */
function meanOf(scores: readonly PaperScores[], of: (scores: PaperScores) => number): number {
  return scores.reduce((sum, each) => sum + of(each), 0) / scores.length;
}

const average = (scores: PaperScores) => scores.average;

/** Over the questions, as the paper's own average is. */
function orderAttribute({ order, attribute }: PaperScores): number {
  const { order: m, attribute: n } = paperQuestions;
  return (m * order + n * attribute) / (m + n);
}
