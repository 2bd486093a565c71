/**
 * Dense captioning of one video: predicted events against true ones, by captions wherever the spans overlap enough
 * (densevid_eval of ActivityNet Captions as VTimeLLM uses it), and as a story (SODA_c).
 *
 * At each threshold of IoU every prediction is paired with every true event that it overlaps; a prediction without any is
 * paired with a word that nobody says, and so counts against the captions. CIDEr's document frequencies come from the pairs of
 * this video at this threshold. Figures are means over the thresholds.
 */
import type { Span } from "../../time/index.ts";
import { bleu } from "./bleu.ts";
import type { Caption, CaptionPair } from "./caption.ts";
import { caption } from "./caption.ts";
import { cider } from "./cider.ts";
import type { Meteor } from "./meteor/meteor.ts";
import { addStatistics, type MeteorStatistics, meteorScore } from "./meteor/statistics.ts";
import { rougeL } from "./rouge.ts";
import { soda } from "./soda.ts";

export const denseThresholds = [0.3, 0.5, 0.7, 0.9] as const;

/** densevid_eval looks at no more predictions of one video. */
export const mostPredictions = 1000;

/** An event with its caption; spans may be reversed or not numbers, which then overlap nothing. */
export type DenseEvent = Span & Readonly<{ caption: Caption }>;

export type DenseCaptions = Readonly<{
  /** One list a set of annotations (val_1 and val_2 are two). */
  truths: readonly (readonly DenseEvent[])[];
  predicted: readonly DenseEvent[];
}>;

/** At one threshold. Captions and SODA in [0, 1], CIDEr in [0, 10]. */
export type DenseFigures = Readonly<{
  meteor: number;
  cider: number;
  bleu4: number;
  rougeL: number;
  /** Share of the true events, and of the predictions, with a partner above the threshold: best of the annotation sets. */
  recall: number;
  precision: number;
}>;

export type DenseScore = DenseFigures &
  Readonly<{ sodaC: number; byThreshold: readonly (DenseFigures & Readonly<{ threshold: number }>)[] }>;

export type DenseOptions = Readonly<{
  meteor: Meteor;
  /**
   * SODA's program gives METEOR the true caption as the hypothesis and the prediction as the reference (default true, as in
   * every published SODA_c). METEOR weighs recall, so the order matters.
   */
  swapMeteor?: boolean;
}>;

/** A word outside every language; what it is plays no part as long as no caption holds it. */
const nobodySays = caption(["qzxvwqkjhzxqvw"]);

/** Scores of one video; an empty list of predictions scores 0. */
export function denseCaptioningScore({ truths, predicted }: DenseCaptions, options: DenseOptions): DenseScore {
  const considered = predicted.slice(0, mostPredictions);
  const overlaps = truths.map((truth) => truth.map((event) => considered.map((other) => denseIou(event, other))));
  const seen = rememberStatistics(options.meteor);
  const byThreshold = denseThresholds.map((threshold) => {
    const { pairs, counts } = pairsAt(threshold, { truths, predicted: considered }, overlaps, seen);
    const captions = captionFigures(pairs, counts);
    return { threshold, ...captions, ...detection(overlaps, considered.length, threshold) };
  });
  const mean = (key: keyof DenseFigures) =>
    byThreshold.reduce((sum, figures) => sum + figures[key], 0) / denseThresholds.length;
  return {
    sodaC: sodaC({ truths, predicted }, options),
    meteor: mean("meteor"),
    cider: mean("cider"),
    bleu4: mean("bleu4"),
    rougeL: mean("rougeL"),
    recall: mean("recall"),
    precision: mean("precision"),
    byThreshold,
  };
}

/**
 * IoU as both official programs have it: a tiny number keeps empty spans from dividing by 0. Spans that are reversed or not
 * numbers overlap nothing.
 */
export function denseIou(a: Span, b: Span): number {
  const common = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  if (!(common > 0)) return 0;
  const hull = Math.max(a.end, b.end) - Math.min(a.start, b.start);
  return common / (Math.min(hull, a.end - a.start + (b.end - b.start)) + 1e-8);
}

type Statistics = (candidate: Caption, reference: Caption) => MeteorStatistics;

/** A pair meets again at the next threshold. */
function rememberStatistics(meteor: Meteor): Statistics {
  const known = new Map<Caption, Map<Caption, MeteorStatistics>>();
  return (candidate, reference) => {
    const row = known.get(candidate) ?? new Map<Caption, MeteorStatistics>();
    known.set(candidate, row);
    const counts = row.get(reference) ?? meteor.statistics(candidate.text, reference.text);
    row.set(reference, counts);
    return counts;
  };
}

type Overlaps = readonly (readonly (readonly number[])[])[];

function pairsAt(threshold: number, { truths, predicted }: DenseCaptions, overlaps: Overlaps, statistics: Statistics) {
  const pairs: CaptionPair[] = [];
  predicted.forEach((event, j) => {
    const before = pairs.length;
    truths.forEach((truth, set) => {
      truth.forEach((other, i) => {
        if ((overlaps[set]?.[i]?.[j] as number) < threshold) return;
        pairs.push({ candidate: event.caption, references: [other.caption] });
      });
    });
    if (pairs.length === before) pairs.push({ candidate: event.caption, references: [nobodySays] });
  });
  const counts = pairs.map(({ candidate, references }) => statistics(candidate, references[0] as Caption));
  return { pairs, counts };
}

function captionFigures(pairs: readonly CaptionPair[], counts: readonly MeteorStatistics[]) {
  if (pairs.length === 0) return { meteor: 0, cider: 0, bleu4: 0, rougeL: 0 };
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    meteor: meteorScore(addStatistics(counts)),
    cider: mean(cider(pairs)),
    bleu4: bleu(pairs)?.[3] ?? 0,
    rougeL: mean(pairs.map(rougeL)),
  };
}

/** Here an overlap counts above the threshold, not at it. */
function detection(overlaps: Overlaps, predictedCount: number, threshold: number) {
  let [recall, precision] = [0, 0];
  for (const rows of overlaps) {
    const found = rows.filter((row) => row.some((value) => value > threshold)).length;
    const right = Array.from({ length: predictedCount }, (_, j) => rows.some((row) => (row[j] as number) > threshold));
    if (rows.length > 0) recall = Math.max(recall, found / rows.length);
    if (predictedCount > 0) precision = Math.max(precision, right.filter(Boolean).length / predictedCount);
  }
  return { recall, precision };
}

/** SODA_c over the true events of all sets in one story. */
function sodaC({ truths, predicted }: DenseCaptions, { meteor, swapMeteor = true }: DenseOptions): number {
  const byStart = (events: readonly DenseEvent[]) => [...events].sort((a, b) => a.start - b.start || 0);
  const told = byStart(predicted);
  const similarities = byStart(truths.flat()).map((truth) =>
    told.map((event) => {
      const overlap = denseIou(truth, event);
      if (overlap === 0) return 0;
      const [hypothesis, reference] = swapMeteor ? [truth, event] : [event, truth];
      return overlap * meteor.score(hypothesis.caption.text, reference.caption.text);
    }),
  );
  return soda(similarities, told.length).f1;
}
