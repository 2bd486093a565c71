/**
 * Accuracy on held-out text against accuracy on video over the twelve fine-tuned models (T3, Fig. 5), ours and the paper's.
 */
import { pearson, spearman } from "../../src/core/math/index.ts";
import type { Score } from "../../src/evals/index.ts";
import type { AnalysisReport, ModelRow, TextVideo, TextVideoPoint } from "../../src/report/index.ts";
import { names, temporalIds } from "./mixtures.ts";
import { paperCorrelation, paperMixtures, paperText } from "./paper.table.ts";

export function textVideoOf(rows: readonly ModelRow[]): AnalysisReport["correlation"] {
  const models = rows.filter(({ id }) => (temporalIds as readonly string[]).includes(id));
  const points = models.flatMap(({ name, text, video }): TextVideoPoint[] => {
    const [x, y] = [text.accuracy, video.temporal.accuracy];
    if (x === null || y === null) return [];
    return [{ label: name, x, y, ...intervals(text, video.temporal) }];
  });
  const seeds = models[0]?.perSeed ?? [];
  const perSeed = seeds.map(({ seed }, i) => {
    const pairs = models.flatMap(({ perSeed: own }) => {
      const { text = null, video = null } = own[i] ?? {};
      return text === null || video === null ? [] : [{ text, video }];
    });
    const { r } = pearson(
      pairs.map(({ text }) => text),
      pairs.map(({ video }) => video),
    );
    return { seed, r };
  });
  return { ...correlated(points), perSeed };
}

/** The paper's points; what is known as a range stands in its middle. */
export function paperTextVideo(): AnalysisReport["paperCorrelation"] {
  const points = temporalIds.map((id): TextVideoPoint => {
    const text = paperText[id] as number | readonly [number, number];
    const y = paperMixtures[id][0]?.average as number;
    if (typeof text === "number") return { label: names[id], x: text, y };
    return { label: names[id], x: (text[0] + text[1]) / 2, y, xInterval: text };
  });
  return { ...correlated(points), published: paperCorrelation };
}

function correlated(points: readonly TextVideoPoint[]): TextVideo {
  const both = (some: readonly TextVideoPoint[]) => [some.map(({ x }) => x), some.map(({ y }) => y)] as const;
  const higher = [...points].sort((a, b) => a.x - b.x).slice(2);
  return {
    points,
    pearson: pearson(...both(points)),
    spearman: spearman(...both(points)),
    withoutLowest: pearson(...both(higher)),
  };
}

function intervals(text: Score, video: Score) {
  const { low: left, high: right } = text;
  const { low, high } = video;
  return {
    ...(left !== null && right !== null && { xInterval: [left, right] as const }),
    ...(low !== null && high !== null && { yInterval: [low, high] as const }),
  };
}
