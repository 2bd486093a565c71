/** Dense captioning as text: the headline figures with intervals, figures by threshold, what was wrong with the files. */
import { percentText, problemLines, textTable } from "../text-table.ts";
import type { DenseMetric, DenseReport } from "./score-dense.ts";

const names: Readonly<Record<DenseMetric, string>> = {
  sodaC: "SODA_c",
  cider: "CIDEr",
  meteor: "METEOR",
  bleu4: "BLEU-4",
  rougeL: "ROUGE-L",
  recall: "recall",
  precision: "precision",
};

/** Text without a final line end. */
export function formatDense(title: string, report: DenseReport): string {
  const { metrics, byThreshold, coverage, events, n, unparsed, convention, meteorName, f1 } = report;
  const rows = (Object.keys(names) as DenseMetric[]).map((metric) => {
    const { value, low, high } = metrics[metric];
    return [names[metric], figure(value), low === null ? "" : `[${figure(low)} ${figure(high)}]`];
  });
  const shown = ["cider", "meteor", "bleu4", "rougeL", "recall", "precision"] as const;
  const thresholds = byThreshold.map((each) => [
    `IoU ${each.threshold}`,
    ...shown.map((metric) => figure(each[metric])),
  ]);
  const share = coverage.of === 0 ? "-" : `${percentText((100 * coverage.predicted) / coverage.of)} %`;
  const count = (value: number) => value.toLocaleString("en-US");
  return [
    `${title}, convention ${convention}: ${count(coverage.predicted)} of ${count(coverage.of)} videos have a prediction (${share}); ` +
      `scores are means over ${count(n)} videos with ${count(events.truth)} true and ${count(events.predicted)} predicted events; ` +
      `${count(unparsed)} replies unparsed.`,
    "",
    textTable(["", "score", "95 %"], [...rows, ["F1 of both", figure(f1), ""]]),
    "",
    textTable(["", ...shown.map((metric) => names[metric])], thresholds),
    "",
    `${meteorName}. Percent (CIDEr in hundredths), means over IoU 0.3, 0.5, 0.7, 0.9; CIDEr's document frequencies come from`,
    "each video's own pairs. Intervals are 95 %, resampled by video.",
    ...problemLines(report.problems).map((line) => `! ${line}`),
  ].join("\n");
}

function figure(value: number | null): string {
  return value === null ? "-" : value.toFixed(2);
}
