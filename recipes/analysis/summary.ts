/**
 * The headline figures by their names, and the tables that a terminal shows.
 */
import type { Difference } from "../../src/core/metrics/index.ts";
import { intervalText, percentText, type Score, textTable } from "../../src/evals/index.ts";
import { type AnalysisReport, correlationText, type Finding, type MixtureRow } from "../../src/report/index.ts";
import { sampledFrames } from "../../src/world/index.ts";
import type { Summary } from "../recipe.ts";

/** Percent of temporal questions about videos by model, correlations, gains in points; null where there was nothing. */
export function analysisSummary(report: AnalysisReport): Summary {
  const { mixtures, modules, frames, correlation, paperCorrelation, ranks, findings } = report;
  const accuracies = [...mixtures, ...modules].map(({ id, video }) => [id, video.temporal.accuracy] as const);
  const gains = frames.map(({ id, gains: all }) => {
    const gain = all.find(({ from, to }) => from === sampledFrames && to === 2 * sampledFrames);
    return [`framesGain${id.charAt(0).toUpperCase()}${id.slice(1)}`, gain?.difference.value ?? null] as const;
  });
  return {
    ...Object.fromEntries(accuracies),
    pearsonR: correlation.pearson.r,
    pearsonP: correlation.pearson.p,
    pearsonLow: correlation.pearson.low,
    pearsonHigh: correlation.pearson.high,
    spearmanR: correlation.spearman.r,
    paperPearsonR: paperCorrelation.pearson.r,
    rankCorrelation: ranks.all.r,
    rankCorrelationOrderAttribute: ranks.orderAttribute.r,
    ...Object.fromEntries(gains),
    ...verdictCounts(findings.map(({ all }) => all.verdict)),
    seeds: report.provenance.seeds.length,
    videos: report.videos,
    questions: report.questions,
    quick: report.quick,
  };
}

function verdictCounts(verdicts: readonly Finding["all"]["verdict"][]) {
  const count = (verdict: Finding["all"]["verdict"]) => verdicts.filter((each) => each === verdict).length;
  return {
    sameDirection: count("same direction"),
    oppositeDirection: count("opposite direction"),
    noClearDifference: count("no clear difference"),
  };
}

/** What `zoetrope reproduce t3 --full` prints. */
export function formatAnalyses(report: AnalysisReport): string {
  const { mixtures, findings, ranks, correlation, paperCorrelation, modules, frames, steps } = report;
  const seeds = report.provenance.seeds.length;
  return [
    `Percent right [95 % interval], ${steps} steps of training each, ${seeds} seed${seeds === 1 ? "" : "s"}`,
    textTable(
      [
        "model",
        "order",
        "attribute",
        "referring",
        "grounding",
        "temporal",
        "",
        "- baseline",
        "",
        "static",
        "text",
        "paper",
      ],
      mixtures.map(mixtureLine),
    ),
    "Pair by pair, in points: paper (TempCompass) and ours",
    textTable(
      ["", "paper", "ours", "", "verdict"],
      findings.map(({ claim, all: { paper, ours, verdict } }) => [claim, points(paper), ...difference(ours), verdict]),
    ),
    `Order of the models, ours and the paper's: Spearman ${coefficient(ranks.all.r)}; order and attribute questions alone: ${coefficient(ranks.orderAttribute.r)}`,
    `Text against video: ${correlationText(correlation.pearson)}; Spearman ${coefficient(correlation.spearman.r)}`,
    `The paper's points: ${correlationText(paperCorrelation.pearson)} (published: ${paperCorrelation.published.r})`,
    textTable(
      ["trained", "parameters", "temporal", "", "- all", "", "text", "paper"],
      modules.map(({ name, parameters, video, overAll, text, paper }) => [
        ...[name, parameters.toLocaleString("en-US"), ...score(video.temporal)],
        ...(overAll ? difference(overAll) : ["", ""]),
        ...[percentText(text.accuracy), percentText(paper.tempCompass)],
      ]),
    ),
    textTable(
      [
        "frames",
        ...(frames[0]?.byCount.map(({ frames: count }) => String(count)) ?? []),
        ...(frames[0]?.gains.flatMap(({ from, to }) => [`${from} to ${to}`, ""]) ?? []),
        "paper, 32 to 128",
      ],
      frames.map(({ name, byCount, gains, paper }) => [
        name,
        ...byCount.map(({ score: { accuracy } }) => percentText(accuracy)),
        ...gains.flatMap(({ difference: gain }) => difference(gain)),
        `${points(paper.videoMme)} / ${points(paper.mlvu)}`,
      ]),
    ),
  ].join("\n\n");
}

function mixtureLine({ name, video, overBaseline, text, paper }: MixtureRow): string[] {
  const groups = ["order", "attribute", "referring", "grounding"] as const;
  return [
    name,
    ...groups.map((group) => percentText(video[group].accuracy)),
    ...score(video.temporal),
    ...(overBaseline ? difference(overBaseline) : ["", ""]),
    ...[percentText(video.static.accuracy), percentText(text.accuracy)],
    paper.map(({ average }) => percentText(average)).join(" / "),
  ];
}

function score({ accuracy, low, high }: Score): string[] {
  return [percentText(accuracy), intervalText(low, high)];
}

function difference({ value, low, high }: Difference): string[] {
  if (value === null || low === null || high === null) return ["-", ""];
  return [points(value), `[${points(low)} ${points(high)}]`];
}

function points(value: number): string {
  const text = value.toFixed(1);
  return Number(text) === 0 ? "0.0" : value > 0 ? `+${text}` : text;
}

function coefficient(r: number | null): string {
  return r === null ? "-" : r.toFixed(2);
}
