/**
 * What the analyses say in words: every sentence is chosen by the figures and their intervals.
 */
import type { Correlation } from "../core/math/index.ts";
import type { AnalysisReport, Finding, FrameRow, ModuleRow } from "./analysis-data.ts";
import { percent, points } from "./format-number.ts";

/** The headline: do mixtures move video accuracy as in the paper? */
export function mixtureClaim({ findings }: AnalysisReport): string {
  const verdicts = findings.map(({ all }) => all.verdict);
  const clear = verdicts.filter((verdict) => verdict !== "no clear difference");
  const same = clear.filter((verdict) => verdict === "same direction").length;
  if (clear.length === 0) return "No two mixtures of training text differ clearly here";
  if (same === clear.length) return "Where mixtures of training text differ clearly, they differ as in the paper";
  if (same === 0) return "Where mixtures of training text differ clearly, they differ against the paper";
  return "Some mixtures of training text differ as in the paper, others against it";
}

/** How many pairs agree, and the order of all models. */
export function mixtureSentence({ findings, ranks }: AnalysisReport): string {
  const of = (verdict: Finding["all"]["verdict"]) => findings.filter(({ all }) => all.verdict === verdict);
  const [same, opposite, unclear] = [of("same direction"), of("opposite direction"), of("no clear difference")];
  const named = (some: readonly Finding[]) =>
    some.length === 0 ? "" : ` (${some.map(({ claim }) => claim).join("; ")})`;
  return `Of ${findings.length} pairs, ${same.length} differ clearly and as in the paper${named(same)}, ${opposite.length} clearly and the other way${named(opposite)}, and ${unclear.length} show no clear difference. ${rankSentence(ranks.all)}`;
}

function rankSentence({ r, p, n }: Correlation): string {
  if (r === null || p === null) return "The order of the models cannot be compared with the paper's.";
  const verdict = p < 0.05 ? (r > 0 ? "go together" : "go against each other") : "do not clearly go together";
  return `The order of the ${n} models and the paper's ${verdict} (Spearman ${signed(r)}, p ${p.toPrecision(2)}).`;
}

/** Does training on grounding alone break the model, as it did in the paper? */
export function collapseSentence({ mixtures }: AnalysisReport): string {
  const [baseline, grounding] = ["baseline", "grounding"].map((id) => mixtures.find((row) => row.id === id));
  const loss = grounding?.overBaseline;
  if (!baseline || !grounding || !loss || loss.value === null || loss.low === null || loss.high === null) return "";
  const paper = (grounding.paper[0]?.average ?? 0) - (baseline.paper[0]?.average ?? 0);
  const verdict =
    loss.high < 0 ? "it loses here as well" : loss.low > 0 ? "here it gains" : "here there is no clear loss";
  const most = grounding.favourite;
  const habit = most
    ? ` It chooses option ${most.letter} in ${most.chosen.toFixed(0)} % of its replies, where it is right in ${most.right.toFixed(0)} %; ${grounding.video.temporal.unparsed} of ${grounding.video.temporal.n} replies could not be read.`
    : "";
  return `Training on grounding alone collapsed the paper's model (${points(paper)} points); ${verdict}: ${points(loss.value)} (${points(loss.low)} to ${points(loss.high)}).${habit} Unlike TempCompass, our questions about videos include referring and grounding.`;
}

/** What r may be taken for. */
export function correlationSentence({ correlation, paperCorrelation }: AnalysisReport): string {
  const { pearson, withoutLowest, perSeed } = correlation;
  if (pearson.r === null || pearson.p === null) return "There are too few models, or they are all alike.";
  const verdict =
    pearson.p >= 0.05
      ? "Models that are better on text are not clearly better on video"
      : pearson.r > 0
        ? "Models that are better on text are better on video"
        : "Models that are better on text are worse on video";
  const rest = (without: Correlation) => (without.r === null ? "cannot be computed" : `is ${signed(without.r)}`);
  const each = perSeed.length < 2 ? "" : ` Seed by seed r is ${perSeed.map(({ r }) => signed(r)).join(", ")}.`;
  return `${verdict}. Without the two models that are lowest on text, r ${rest(withoutLowest)} here and ${rest(paperCorrelation.withoutLowest)} over the paper's points.${each}`;
}

export function moduleSentence(rows: readonly ModuleRow[]): string {
  const [attention, mlp] = ["attentionOnly", "mlpOnly"].map((id) => rows.find((row) => row.id === id));
  const over = attention?.overMlp;
  if (!attention || !mlp || !over || over.value === null || over.low === null || over.high === null) return "";
  const verdict = over.low > 0 ? "is ahead" : over.high < 0 ? "is behind" : "is not clearly apart";
  const paper = attention.paper.tempCompass - mlp.paper.tempCompass;
  const score = ({ video: { temporal } }: ModuleRow) => `${percent(temporal.accuracy)} %`;
  return `In the paper attention alone is ${points(paper)} points over the MLPs alone on TempCompass. Here attention alone, with ${(attention.parameters / mlp.parameters).toFixed(2)} times as many parameters, ${verdict}: ${score(attention)} against ${score(mlp)}, ${points(over.value)} points (${points(over.low)} to ${points(over.high)}).`;
}

export function frameSentence(rows: readonly FrameRow[]): string {
  const [least, from, to] = [rows[0]?.gains[0]?.from, rows[0]?.gains[1]?.from, rows[0]?.gains[1]?.to];
  const clear = rows.flatMap(({ name, gains }) => {
    const gain = gains[1]?.difference;
    if (!gain || gain.value === null || gain.low === null || gain.high === null) return [];
    return gain.low > 0 || gain.high < 0 ? [`${name} ${points(gain.value)}`] : [];
  });
  const said =
    clear.length === 0
      ? "no model changes clearly"
      : `these change clearly: ${clear.join(", ")} points; the others do not`;
  return `From ${from} to ${to} frames ${said}. Every thing is on one of the ${from} frames at least, but not always on one of ${least}: some questions cannot be answered there, so a gain from ${least} to ${from} is not one of understanding alone.`;
}

function signed(value: number | null): string {
  return value === null ? "–" : value.toFixed(2).replace("-", "−");
}
