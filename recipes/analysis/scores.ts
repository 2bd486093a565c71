/**
 * Answers of all seeds to scores with intervals clustered by video.
 */

import type { Difference } from "../../src/core/metrics/index.ts";
import { optionLetter } from "../../src/core/text/index.ts";
import { type Answer, aggregateSeeds, compareSeeds, type Score } from "../../src/evals/index.ts";
import type { ModelRow, QuestionGroup } from "../../src/report/index.ts";
import type { Sample } from "../../src/tasks/index.ts";
import { type ModelId, names } from "./mixtures.ts";
import type { ModelAnswers, SeedAnswers } from "./run-seed.ts";

type Answers = readonly Answer[];

const isOrder = ({ task }: Sample) => task.startsWith("order");
const isAttribute = ({ task }: Sample) => task === "brightness" || task === "growth";

export const inGroup: Readonly<Record<QuestionGroup, (sample: Sample) => boolean>> = {
  order: isOrder,
  attribute: isAttribute,
  referring: ({ task }) => task.startsWith("referring"),
  grounding: ({ task }) => task === "grounding",
  orderAttribute: (sample) => isOrder(sample) || isAttribute(sample),
  temporal: ({ kind }) => kind === "temporal",
  static: ({ kind }) => kind === "static",
};

/** The answers of a model by seed. */
export function runsOf(seeds: readonly SeedAnswers[], id: ModelId, of: (answers: ModelAnswers) => Answers): Answers[] {
  return seeds.map(({ models }) => of(models[id]));
}

/** A group's score over seeds. The baseline is one model, whatever the seed: its interval is about videos alone. */
export function scoreOf(runs: readonly Answers[], group: QuestionGroup, id: ModelId): Score {
  const kept = runs.map((answers) => answers.filter(({ sample }) => inGroup[group](sample)));
  const scores = aggregateSeeds(id === "baseline" ? [kept.flat()] : kept);
  return group === "static" ? scores.static : scores.temporal;
}

/** `other` minus `base` in points, paired by question. */
export function differenceOf(
  base: readonly Answers[],
  other: readonly Answers[],
  group: QuestionGroup = "temporal",
): Difference {
  const keep = (answers: Answers) => answers.filter(({ sample }) => inGroup[group](sample));
  const pairs = base.map((answers, i) => ({ base: keep(answers), other: keep(other[i] as Answers) }));
  return compareSeeds(pairs)[group === "static" ? "static" : "temporal"];
}

/** Everything about one model. */
export function modelRow(seeds: readonly SeedAnswers[], id: ModelId): ModelRow {
  const video = runsOf(seeds, id, (answers) => answers.video);
  const text = runsOf(seeds, id, (answers) => answers.text);
  const baseline = runsOf(seeds, "baseline", (answers) => answers.video);
  const groups = Object.keys(inGroup) as QuestionGroup[];
  const share = (answers: Answers) => percentRight(answers.filter(({ sample }) => sample.kind === "temporal"));
  return {
    id,
    name: names[id],
    video: Object.fromEntries(groups.map((group) => [group, scoreOf(video, group, id)])) as ModelRow["video"],
    text: scoreOf(text, "temporal", id),
    overBaseline: id === "baseline" ? null : differenceOf(baseline, video),
    favourite: favouriteOf(video.flat().filter(({ sample }) => sample.kind === "temporal")),
    perSeed: seeds.map(({ seed }, i) => {
      return { seed, video: share(video[i] as Answers), text: share(text[i] as Answers) };
    }),
  };
}

function percentRight(answers: Answers): number | null {
  return answers.length === 0 ? null : (100 * answers.filter(({ correct }) => correct).length) / answers.length;
}

/** The option letter that is chosen most: a model that has collapsed says little else. */
function favouriteOf(answers: Answers): ModelRow["favourite"] {
  const chosen = tally(answers.flatMap(({ parsed }) => (parsed.kind === "choice" ? [parsed.index] : [])));
  const [first] = [...chosen].sort(([a, m], [b, n]) => n - m || a - b);
  if (!first) return null;
  const right = tally(answers.map(({ sample }) => sample.answerIndex));
  const share = (count = 0) => (100 * count) / answers.length;
  return { letter: optionLetter(first[0]), chosen: share(first[1]), right: share(right.get(first[0])) };
}

function tally(indices: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const index of indices) counts.set(index, (counts.get(index) ?? 0) + 1);
  return counts;
}
