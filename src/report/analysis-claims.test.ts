/** Oracle: the figures that each sentence is given. What a sentence judges must turn with them. */
import { expect, test } from "vitest";
import type { Difference } from "../core/metrics/index.ts";
import type { Score } from "../evals/index.ts";
import {
  collapseSentence,
  correlationSentence,
  frameSentence,
  mixtureClaim,
  moduleSentence,
} from "./analysis-claims.ts";
import type { AnalysisReport, FrameRow, MixtureRow, ModuleRow, Verdict } from "./analysis-data.ts";

const score = (accuracy: number): Score => {
  return { n: 100, unparsed: 3, accuracy, low: accuracy - 2, high: accuracy + 2, chance: 33 };
};
const difference = (low: number, high: number): Difference => {
  return { n: 100, clusters: 50, value: (low + high) / 2, low, high, wins: 1, losses: 1, p: 1 };
};

function mixture(id: string, average: number, overBaseline: Difference | null): MixtureRow {
  const groups = ["order", "attribute", "referring", "grounding", "orderAttribute", "temporal", "static"];
  return {
    id,
    name: id,
    video: Object.fromEntries(groups.map((group) => [group, score(40)])) as MixtureRow["video"],
    text: score(50),
    overBaseline,
    favourite: { letter: "A", chosen: 71, right: 35 },
    perSeed: [{ seed: 0, video: 40, text: 50 }],
    paper: [{ name: id, order: average, attribute: average, average }],
  };
}

function reportOf(part: Partial<AnalysisReport>): AnalysisReport {
  return part as AnalysisReport;
}

test("the headline depends on the verdicts alone", () => {
  const claim = (...verdicts: readonly Verdict[]) => {
    const findings = verdicts.map((verdict, i) => {
      const compared = { paper: 1, paperReach: 1, ours: difference(0, 1), verdict };
      return { claim: `pair ${i}`, all: compared, orderAttribute: compared };
    });
    return mixtureClaim(reportOf({ findings }));
  };
  expect(claim("no clear difference", "no clear difference")).toContain("No two mixtures");
  expect(claim("no clear difference", "same direction")).toContain("as in the paper");
  expect(claim("opposite direction", "no clear difference")).toContain("against the paper");
  expect(claim("opposite direction", "same direction")).toContain("others against it");
});

test("grounding alone collapses, gains or does neither, as its interval says", () => {
  const said = (loss: Difference) => {
    const mixtures = [mixture("baseline", 55.9, null), mixture("grounding", 41, loss)];
    return collapseSentence(reportOf({ mixtures }));
  };
  expect(said(difference(-20, -10))).toContain("it loses here as well");
  expect(said(difference(2, 8))).toContain("here it gains");
  const unclear = said(difference(-4, 8));
  expect(unclear).toContain("no clear loss");
  expect(unclear).toContain("−14.9 points");
  expect(unclear).toContain("option A in 71 % of its replies, where it is right in 35 %; 3 of 100");
});

test("a correlation is claimed below p = 0.05 only, and with its sign", () => {
  const said = (r: number | null, p: number | null) => {
    const some = { points: [], spearman: { n: 12, r, p, low: null, high: null } };
    const pearson = { n: 12, r, p, low: null, high: null };
    const own = { ...some, pearson, withoutLowest: { ...pearson, r: -0.25 } };
    return correlationSentence(
      reportOf({
        correlation: {
          ...own,
          perSeed: [
            { seed: 0, r: 0.5 },
            { seed: 1, r: null },
          ],
        },
        paperCorrelation: { ...own, published: { r: 0.89, p: 1e-4 } },
      }),
    );
  };
  expect(said(0.9, 0.001)).toContain("better on text are better on video");
  expect(said(-0.9, 0.001)).toContain("worse on video");
  expect(said(0.4, 0.2)).toContain("not clearly better");
  expect(said(0.4, 0.2)).toContain("r is −0.25 here");
  expect(said(0.4, 0.2)).toContain("r is 0.50, –");
  expect(said(null, null)).toContain("too few models");
});

test("attention is ahead of the MLPs where their paired difference is above zero", () => {
  const said = (over: Difference) => {
    const row = (id: string, parameters: number, overMlp: Difference | null): ModuleRow => {
      const paper = { tempCompass: id === "mlpOnly" ? 55.1 : 57.7, mlvu: 0, videoMme: 0 };
      return { ...mixture(id, 0, null), parameters, overAll: null, overMlp, paper };
    };
    return moduleSentence([row("attentionOnly", 50, over), row("mlpOnly", 100, null)]);
  };
  expect(said(difference(1, 3))).toContain("is ahead");
  expect(said(difference(-3, -1))).toContain("is behind");
  expect(said(difference(-1, 3))).toContain("is not clearly apart");
  expect(said(difference(-1, 3))).toContain("+2.6 points over the MLPs");
  expect(said(difference(-1, 3))).toContain("0.50 times as many");
});

test("only gains whose interval leaves out zero are named", () => {
  const row = (name: string, gain: Difference): FrameRow => {
    const gains = [
      { from: 4, to: 8, difference: gain },
      { from: 8, to: 16, difference: gain },
    ];
    return { id: name, name, byCount: [], gains, paper: { videoMme: 0, mlvu: 0 } };
  };
  expect(frameSentence([row("Baseline", difference(-1, 1))])).toContain("From 8 to 16 frames no model changes clearly");
  const said = frameSentence([row("Baseline", difference(-1, 1)), row("TC 8x", difference(1, 3))]);
  expect(said).toContain("TC 8x +2.0");
  expect(said).not.toContain("Baseline");
});
