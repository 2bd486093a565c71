/** TempCompass's scores as text: the official figures first, ours and the rules alone beside them. */
import {
  fineAspects,
  type Problem,
  type TaskScore,
  type TempCompassScore,
  tempCompassAspects,
  tempCompassTasks,
} from "./benchmarks/index.ts";
import { intervalText, percentText, problemLines, textTable } from "./text-table.ts";

export type TempCompassCoverage = Readonly<{ predicted: number; of: number }>;

type Shown = Readonly<{ score: TempCompassScore; coverage: TempCompassCoverage; problems: readonly Problem[] }>;

const schemeNames = { official: "official", ruleOnly: "rules only", default: "default" } as const;

/** Text without a final line end. `judge` says whose verdicts the official figures rest on. */
export function formatTempCompass({ score, coverage, problems }: Shown, judge: string | null): string {
  const tasks = tempCompassTasks.filter((task) => score.tasks[task]);
  const rows = tasks.flatMap((task) =>
    (["official", "ruleOnly", "default"] as const).flatMap((scheme) => {
      const each = score.tasks[task]?.[scheme] as TaskScore;
      if (each.avg === null) return [];
      const name = scheme === "default" && task === "captioning" ? "word overlap" : schemeNames[scheme];
      return [[scheme === "official" || task === "captioning" ? task : "", name, ...figures(each)]];
    }),
  );
  const overall = (["official", "default"] as const).map((scheme, i) => {
    const { n, unparsed, unjudged, accuracy, low, high } = score.all[scheme];
    const counts = [String(n), String(unparsed), String(unjudged)];
    return [
      i === 0 ? "all items" : "",
      schemeNames[scheme],
      percentText(accuracy),
      intervalText(low, high),
      ...Array(5).fill(""),
      ...counts,
    ];
  });
  const head = [
    "task",
    "read by",
    "avg",
    "95 %",
    "action",
    "direction",
    "speed",
    "order",
    "attribute",
    "n",
    "unparsed",
    "unjudged",
  ];
  const fine = tasks.filter((task) => score.tasks[task]?.official.avg !== null);
  const fineRows = fineAspects.map((name) => [
    name,
    ...fine.map((task) => percentText(score.tasks[task]?.official.fineAspects[name])),
  ]);
  const matched = tasks.flatMap((task) => {
    const each = score.matched[task];
    return each ? [`${task} ${each.count} of ${each.of} (${percentText(each.rate)} %)`] : [];
  });
  return [
    headline(coverage),
    "",
    textTable(head, [...rows, ...overall]),
    "",
    textTable(["fine aspect (official)", ...fine], fineRows),
    "",
    `Read by an official rule: ${matched.join(", ") || "nothing"}.`,
    judge === null
      ? "No judge: what no rule reads is wrong, as with the official --disable_llm; captions have no official score without a judge."
      : `Where no rule reads, and for captions, official follows ${judge}; unjudged items count nowhere.`,
    "Intervals are 95 %, resampled by video. Word overlap scores captions locally; it is not the official score.",
    ...problemLines(problems).map((line) => `! ${line}`),
  ].join("\n");
}

/** "TempCompass: 7,540 of 7,540 items have a prediction (100.0 %)" */
function headline({ predicted, of }: TempCompassCoverage): string {
  const share = of === 0 ? "-" : `${((100 * predicted) / of).toFixed(1)} %`;
  const [some, all] = [predicted, of].map((value) => value.toLocaleString("en-US"));
  return `${some} of ${all} items have a prediction (${share}); scores are over those${predicted === of ? "" : ", NOT over the whole benchmark"}.`;
}

function figures({ avg, aspects, score }: TaskScore): string[] {
  const { low, high, n, unparsed, unjudged } = score;
  const each = tempCompassAspects.map((name) => percentText(aspects[name]));
  return [percentText(avg), intervalText(low, high), ...each, String(n), String(unparsed), String(unjudged)];
}
