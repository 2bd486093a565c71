/**
 * Dense captioning of a data set: the official scores of every video, and their means with intervals over videos.
 *
 * All figures are in percent, CIDEr in its own hundredths (a perfect sentence has 1000), as papers print them. Every score is a
 * mean over videos, so resampling videos gives its interval; CIDEr's document frequencies stay those of each video.
 */
import { clusterBootstrap, type Estimate, Rng } from "../../core/math/index.ts";
import {
  caption,
  type DenseScore,
  denseCaptioningScore,
  denseThresholds,
  type Meteor,
  meteorTokens,
  mostPredictions,
} from "../../core/metrics/index.ts";
import { captionTokens } from "../../core/text/index.ts";
import { type Problem, problem, type VideoMoments } from "../../data/index.ts";
import type { DensePredictions } from "./dense-predictions.ts";
import type { PredictedEvent } from "./dense-reply.ts";

/**
 * `strict`: a video without a prediction scores 0, as in ActivityNet's own evaluation. `vtimellm`: such videos leave the
 * denominator, as in VTimeLLM's. Everything else is the same.
 */
export const denseConventions = ["strict", "vtimellm"] as const;
export type DenseConvention = (typeof denseConventions)[number];

export const denseMetrics = ["sodaC", "cider", "meteor", "bleu4", "rougeL", "recall", "precision"] as const;
export type DenseMetric = (typeof denseMetrics)[number];

export type DenseRequest = Readonly<{
  /** Sets of annotations of the same videos (val_1 and val_2 are two). */
  truths: readonly (readonly VideoMoments[])[];
  predictions: DensePredictions;
  meteor: Meteor;
  convention: DenseConvention;
  seed: number;
  /** Captions are tokens parted by blanks already, as the official tokeniser's output is. */
  isTokenised?: boolean;
  onProgress?: (done: number, of: number) => void;
}>;

export type DenseReport = Readonly<{
  convention: DenseConvention;
  meteorName: string;
  /** Means over videos in percent (CIDEr: hundredths), with 95 % intervals over videos. */
  metrics: Readonly<Record<DenseMetric, Estimate>>;
  /** Of mean precision and recall, in percent. */
  f1: number | null;
  byThreshold: readonly Readonly<{ threshold: number } & Record<Exclude<DenseMetric, "sodaC">, number | null>>[];
  /** Videos scored, and events of both sides in them. */
  n: number;
  events: Readonly<{ truth: number; predicted: number }>;
  /** Videos whose reply could not be read; they score 0. */
  unparsed: number;
  coverage: Readonly<{ predicted: number; of: number }>;
  videos: readonly Readonly<{ video: string } & Record<DenseMetric, number>>[];
  problems: readonly Problem[];
}>;

/** Score predictions. Bad spans and empty captions are named and stay: they overlap nothing, or say nothing. */
export function scoreDense(request: DenseRequest): DenseReport {
  const { truths, predictions, meteor, convention, seed, isTokenised = false, onProgress } = request;
  const { byVideo } = predictions;
  const ids = [...new Set(truths.flatMap((set) => set.map(({ video }) => video)))];
  const sets = truths.map((set) => new Map(set.map((each) => [each.video, each])));
  const read = captionReader(isTokenised);
  const event = ({ start, end, text }: PredictedEvent) => ({ start, end, caption: read(text) });
  const counted = ids.filter((video) => byVideo.has(video) || convention === "strict");
  const scores = counted.map((video, i) => {
    const lists = sets.map((set) =>
      (set.get(video)?.moments ?? []).map((each) => event({ ...each, text: each.label })),
    );
    const predicted = (byVideo.get(video) ?? []).map(event);
    onProgress?.(i + 1, counted.length);
    // A set that lacks the video must not count as one with no events.
    const present = lists.filter((list) => list.length > 0);
    return { video, score: denseCaptioningScore({ truths: present, predicted }, { meteor }) };
  });
  const rng = new Rng(seed);
  const metrics = Object.fromEntries(
    denseMetrics.map((metric) => {
      const values = scores.map(({ video, score }) => ({ cluster: video, value: 100 * score[metric] }));
      return [metric, clusterBootstrap(values, [0, metric === "cider" ? 1000 : 100], { rng: rng.fork(metric) })];
    }),
  ) as Record<DenseMetric, Estimate>;
  const events = { truth: 0, predicted: 0 };
  for (const video of counted) {
    for (const set of sets) events.truth += set.get(video)?.moments.length ?? 0;
    events.predicted += byVideo.get(video)?.length ?? 0;
  }
  return {
    convention,
    meteorName: meteor.name,
    metrics,
    f1: harmonic(metrics.precision.value, metrics.recall.value),
    byThreshold: denseThresholds.map((threshold, i) =>
      atThreshold(
        threshold,
        i,
        scores.map(({ score }) => score),
      ),
    ),
    n: counted.length,
    events,
    unparsed: predictions.unparsed.length,
    coverage: { predicted: byVideo.size, of: ids.length },
    videos: scores.map(({ video, score }) => {
      const values = denseMetrics.map((metric) => [metric, 100 * score[metric]]);
      return { video, ...(Object.fromEntries(values) as Record<DenseMetric, number>) };
    }),
    problems: [...predictions.problems, ...eventProblems(request, ids, read)],
  };
}

/** Every word of these captions as METEOR sees it: what a paraphrase table can be cut down to. */
export function captionWords(texts: Iterable<string>, isTokenised: boolean): ReadonlySet<string> {
  const read = captionReader(isTokenised);
  const words = new Set<string>();
  for (const text of texts) for (const word of meteorTokens(read(text).text)) words.add(word);
  return words;
}

/** A reader of captions that cuts every text once. */
function captionReader(isTokenised: boolean) {
  const known = new Map<string, ReturnType<typeof caption>>();
  return (text: string) => {
    const cut =
      known.get(text) ?? caption(isTokenised ? text.split(/\s+/).filter(Boolean) : captionTokens(asciiOnly(text)));
    known.set(text, cut);
    return cut;
  };
}

/** densevid_eval turns every letter beyond ASCII into a blank. */
function asciiOnly(text: string): string {
  return text.replace(/[^\0-\x7f]/g, " ");
}

function atThreshold(threshold: number, index: number, scores: readonly DenseScore[]) {
  const mean = (metric: Exclude<DenseMetric, "sodaC">) => {
    if (scores.length === 0) return null;
    return (100 * scores.reduce((sum, score) => sum + (score.byThreshold[index]?.[metric] ?? 0), 0)) / scores.length;
  };
  const [cider, meteor, bleu4, rougeL] = [mean("cider"), mean("meteor"), mean("bleu4"), mean("rougeL")];
  return { threshold, cider, meteor, bleu4, rougeL, recall: mean("recall"), precision: mean("precision") };
}

function harmonic(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return null;
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}

/** Seconds by which an end may overshoot the file's duration, which is often rounded. */
const tolerance = 1;

function eventProblems(
  { truths, predictions, convention }: DenseRequest,
  ids: readonly string[],
  read: ReturnType<typeof captionReader>,
): Problem[] {
  const durations = new Map(truths.flat().map(({ video, duration }) => [video, duration]));
  const events = [...predictions.byVideo].flatMap(([video, list]) =>
    list.map((each, i) => ({ ...each, video, id: `${video}#${i}` })),
  );
  const named = (keep: (each: (typeof events)[0]) => boolean) => events.filter(keep).map(({ id }) => id);
  const isNumber = ({ start, end }: PredictedEvent) => Number.isFinite(start) && Number.isFinite(end);
  const missing = ids.filter((video) => !predictions.byVideo.has(video));
  const crowded = [...predictions.byVideo].filter(([, list]) => list.length > mostPredictions).map(([video]) => video);
  const silent = truths
    .flat()
    .flatMap(({ video, moments }) =>
      moments.flatMap(({ label }, i) => (read(label).tokens.length === 0 ? [`${video}#${i}`] : [])),
    );
  return [
    ...problem(
      `videos without a prediction (${convention === "strict" ? "they score 0" : "left out of the scores"})`,
      missing,
    ),
    ...problem(
      "predicted spans whose ends are not both numbers (they overlap nothing)",
      named((each) => !isNumber(each)),
    ),
    ...problem(
      "predicted spans that end before they start (they overlap nothing)",
      named((each) => each.end < each.start),
    ),
    ...problem(
      "predicted spans without length (they overlap nothing)",
      named((each) => each.end === each.start),
    ),
    ...problem(
      "predicted spans that reach past the video (kept as they are)",
      named(
        (each) => isNumber(each) && (each.start < 0 || each.end > (durations.get(each.video) ?? Infinity) + tolerance),
      ),
    ),
    ...problem(
      "predicted captions without a word (kept; they match nothing)",
      named((each) => read(each.text).tokens.length === 0),
    ),
    ...problem("annotated captions without a word (kept)", silent),
    ...problem(
      `videos with more than ${mostPredictions} predictions (the first ${mostPredictions} count, for SODA_c all)`,
      crowded,
    ),
  ];
}
