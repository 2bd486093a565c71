/**
 * Predicted moments in the layouts of TimeChat, VTimeLLM, NumPro, lmms-eval's submissions and plain rows, with their annotations;
 * and submissions to QVHighlights. A query without a prediction gets a row too, so that it can count as a miss.
 */
import { basename } from "node:path";
import { type MomentConvention, momentConventions } from "../../../core/metrics/index.ts";
import {
  readHighlightPredictions,
  readHighlightTruth,
  readMomentAnnotations,
  readMomentPredictions,
} from "../../../data/index.ts";
import { conventionOfLayout, textUnitsOf } from "../../moments/index.ts";
import { type GroundingRules, groundingRow, rulesName, settingsOfRules } from "../grounding-row.ts";
import { highlightsRow } from "../highlights-row.ts";
import { type ImportedRun, type ImportOptions, importedRun, needed } from "./imported.ts";

/** Names of benchmarks by the layout of their annotations. */
const benchmarkOf: Readonly<Record<string, string>> = {
  "charades-sta": "charades-sta",
  "activitynet-captions": "activitynet-captions",
  qvhighlights: "qvhighlights",
};

export function importMoments(options: ImportOptions): ImportedRun {
  const { path, durations } = options;
  const truth = readMomentAnnotations(
    needed(options.truth, "--truth", "the annotated moments"),
    durations === undefined ? {} : { durations },
  );
  const predicted = readMomentPredictions(path, truth.queries);
  const convention = conventionNamed(options.convention) ?? conventionOfLayout(predicted.format);
  const { unit, frameRate } = textUnitsOf(predicted.format);
  const rules = { convention, units: { unit: options.unit ?? unit, frameRate: options.frameRate ?? frameRate } };
  const rows = truth.queries.map((query, place) =>
    groundingRow({ query, answer: predicted.answers.get(query.id), place }, rules),
  );
  return importedRun(rows, [...truth.problems, ...predicted.problems], {
    task: "grounding",
    benchmark: options.benchmark ?? benchmarkOf[truth.format] ?? "moments",
    model: options.model ?? nameOf(path),
    settings: settingsOfRules(rules),
    ...{ of: truth.queries.length, format: predicted.format, file: path },
    parts: { parser: rulesName(rules) },
  });
}

export function importQvHighlights(options: ImportOptions): ImportedRun {
  const { path, model = nameOf(path) } = options;
  const truth = readHighlightTruth(needed(options.truth, "--truth", "QVHighlights' annotations"));
  const predicted = readHighlightPredictions(path);
  const all = [...predicted.rows.values()];
  const has = {
    windows: all.some(({ pred_relevant_windows: windows }) => windows !== undefined),
    saliency: all.some(({ pred_saliency_scores: scores }) => scores !== undefined),
  };
  const rows = [...truth.rows.values()].map((each, place) =>
    highlightsRow({ truth: each, prediction: predicted.rows.get(each.qid), place, has }),
  );
  return importedRun(rows, [...truth.problems, ...predicted.problems], {
    ...{ task: "highlights", benchmark: "qvhighlights", model, metric: has.windows ? "map" : "hit1" },
    ...{ of: truth.rows.size, format: "qvhighlights", file: path },
    parts: { parser: "given" },
  });
}

function conventionNamed(name: string | undefined): MomentConvention | undefined {
  if (name === undefined) return undefined;
  const names = Object.keys(momentConventions) as MomentConvention[];
  const found = names.find((each) => each === name);
  if (found) return found;
  throw new RangeError(`Expected --convention to be one of ${names.join(", ")}, got "${name}".`);
}

/** How replies in text are read where a layout has no rules of its own. */
export function textRules({ convention, unit = "seconds", frameRate = 0.5 }: ImportOptions): GroundingRules {
  return { convention: conventionNamed(convention) ?? "strict", units: { unit, frameRate } };
}

/** "preds" of "runs/preds.jsonl". */
export function nameOf(path: string): string {
  return basename(path).replace(/\.(?:jsonl?|log|txt)$/, "");
}
