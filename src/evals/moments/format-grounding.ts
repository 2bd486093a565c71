/** A grounding score as text: figures with intervals beside blind answers, faults and their price, what was odd. */
import type { GroundingFigures } from "../../core/metrics/index.ts";
import type { Problem } from "../../data/index.ts";
import { intervalText, percentText, problemLines, textTable } from "../text-table.ts";
import type { ReaderRow } from "./compare-readers.ts";
import type { FaultRow } from "./fault-table.ts";
import type { GroundingScore } from "./score-grounding.ts";

const shown = ["r1At03", "r1At05", "r1At07", "miou"] as const;

/** Text without a final line end. `problems` are those of the files, in front of the answers' own. */
export function formatGrounding(title: string, score: GroundingScore, problems: readonly Problem[]): string {
  const { convention, n, of, predicted, unparsed, figures, baselines, faults, frequent, readers } = score;
  const count = (value: number) => value.toLocaleString("en-US");
  const cells = (of: GroundingFigures) => shown.map((name) => percentText(of[name]));
  const parsed = predicted - unparsed;
  const covered = of === 0 ? "-" : `${percentText((100 * predicted) / of)} %`;
  const rows = [
    [convention, ...shown.map((name) => percentText(figures[name].value))],
    ["95 %", ...shown.map((name) => intervalText(figures[name].low, figures[name].high))],
    ...(convention === "strict" && n === of ? [] : [[`strict, of all ${count(of)}`, ...cells(score.strict)]]),
    ...baselines.map(({ name, note, figures: blind }) => [note === "" ? name : `${name}: ${note}`, ...cells(blind)]),
  ];
  const often = frequent
    .map(({ start, end, share }) => `${start}-${end} s in ${percentText(100 * share)} %`)
    .join(", ");
  return [
    `${title}, convention ${convention}: ${count(predicted)} of ${count(of)} queries have a prediction (${covered}), ` +
      `${count(parsed)} of ${count(predicted)} predictions were parsed; scores are over ${count(n)} queries.`,
    "",
    textTable(["", "R@1 IoU 0.3", "IoU 0.5", "IoU 0.7", "mIoU"], rows),
    "",
    formatFaults(faults),
    "",
    ...(readers.length === 0 ? [] : [formatReaders(readers), ""]),
    ...(often === "" ? [] : [`Most frequent answers: ${often} of those read.`]),
    "Intervals are 95 %, resampled by video. Blind answers are to the same queries; own spans of other videos are the model's",
    "answers, each given to another video: what it knows of moments without this one.",
    ...problemLines([...problems, ...score.problems]).map((line) => `! ${line}`),
  ].join("\n");
}

function formatReaders(readers: readonly ReaderRow[]): string {
  const rows = readers.map(({ reader, n, parsed, figures }) => [
    `read as ${reader}`,
    `${parsed.toLocaleString("en-US")} of ${n.toLocaleString("en-US")}`,
    ...shown.map((name) => percentText(figures[name])),
  ]);
  return textTable(["the same replies", "parsed", "R@1 IoU 0.3", "IoU 0.5", "IoU 0.7", "mIoU"], rows);
}

/** Kinds of misses, and the figures' rise if all of a kind were mended. */
export function formatFaults(faults: readonly FaultRow[]): string {
  const rows = faults
    .filter(({ count }) => count > 0)
    .map((row) => [
      row.fault,
      row.count.toLocaleString("en-US"),
      percentText(100 * row.share),
      gainText(row.miouGain),
      gainText(row.r1At05Gain),
    ]);
  if (rows.length === 0) return "No misses at IoU 0.5.";
  return textTable(["misses at IoU 0.5", "queries", "%", "mIoU if mended", "R@0.5 if mended"], rows);
}

function gainText(points: number): string {
  return `+${points.toFixed(1)}`;
}
