/**
 * `zoetrope score` for predictions in one file: the scores of the profile's reader and of ours, by group.
 */
import {
  type ItemScore,
  intervalText,
  percentText,
  problemLines,
  readFlatPredictions,
  readReplies,
  scoreItems,
  textTable,
} from "../evals/index.ts";
import { printJson, printText } from "./context.ts";
import type { ScoreRequest } from "./score-request.ts";

/** Score a file of predictions and print it. */
export function scoreFlat({ benchmark, predictions, data, profile, seed, flags }: ScoreRequest): void {
  if (flags.judge !== undefined)
    throw new RangeError(`Expected no --judge: ${benchmark.title} has no judge. Leave it out.`);
  const open = benchmark.open(data, profile);
  const { replies, problems } = readFlatPredictions(predictions, open.items);
  const options = { groupings: open.groupings, seed, ...(open.macro !== undefined && { macro: open.macro }) };
  const readers = [profile, "default"].map((reader) => {
    return { reader, ...scoreItems(readReplies(open.items, replies, { reader }), options) };
  });
  const [official, ours] = readers as [(typeof readers)[0], (typeof readers)[0]];
  const all = [...open.problems, ...problems];
  const coverage = { predicted: replies.size, of: open.items.length };
  if (flags.json) {
    const summary = {
      accuracy: official.all.accuracy,
      low: official.all.low,
      high: official.all.high,
      macro: official.macro,
      unparsed: official.all.unparsed,
      default: ours.all.accuracy,
      defaultUnparsed: ours.all.unparsed,
      n: official.all.n,
      ...coverage,
    };
    printJson({
      command: "score",
      benchmark: benchmark.name,
      profile,
      predictions,
      data,
      summary,
      readers,
      problems: all,
    });
    return;
  }
  const row = (name: string, a: ItemScore, b: ItemScore | undefined) => [
    name,
    ...[percentText(a.accuracy), intervalText(a.low, a.high), String(a.unparsed)],
    ...(b ? [percentText(b.accuracy), intervalText(b.low, b.high), String(b.unparsed)] : []),
    percentText(a.chance),
    String(a.n),
  ];
  const rows = open.groupings.flatMap((grouping) =>
    Object.entries(official.groups[grouping] ?? {}).map(([group, score]) =>
      row(`${grouping}: ${group}`, score, ours.groups[grouping]?.[group]),
    ),
  );
  const macro =
    official.macro === null ? [] : [["mean over groups", percentText(official.macro), "", "", percentText(ours.macro)]];
  const head = ["", profile, "95 %", "unparsed", "default", "95 %", "unparsed", "chance", "n"];
  const share = coverage.of === 0 ? "-" : `${((100 * coverage.predicted) / coverage.of).toFixed(1)} %`;
  const lines = [
    `${benchmark.title}, profile ${profile}: ${coverage.predicted} of ${coverage.of} items have a prediction (${share}); scores are over those.`,
    "",
    textTable(head, [...rows, row("all items", official.all, ours.all), ...macro]),
    "",
    "Percent right of n; unparsed replies count as wrong. Intervals are 95 %, resampled by video.",
    ...problemLines(all).map((line) => `! ${line}`),
  ];
  printText(lines.join("\n"));
}
