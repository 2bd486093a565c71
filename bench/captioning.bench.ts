/**
 * METEOR pairs a second, and seconds for a dense-captioning evaluation of ActivityNet's size (4,917 videos): the annotations with
 * perturbed sentences and spans as predictions where they are at hand, else made-up ones of the same size.
 *
 * Both are measured cold: sentences are cut, stemmed and looked up within the time; WordNet is loaded before, and timed apart.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Rng } from "../src/core/math/index.ts";
import { captionTokens } from "../src/core/text/index.ts";
import type { VideoMoments } from "../src/data/index.ts";
import { openEnglishMeteor, type PredictedEvent, readDenseTruth, readWordNet, scoreDense } from "../src/evals/index.ts";
import type { Figures } from "./bench.ts";

const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../shared");
const released = join(shared, "data/activitynet_captions/val.json");

export const name = "captioning";

export async function run(): Promise<Figures> {
  const started = performance.now();
  readWordNet();
  const wordNetSeconds = secondsSince(started);
  const real = existsSync(released);
  const videos = real ? readDenseTruth(released).videos : madeUp();
  const byVideo = perturbed(videos);
  const { pairs, seconds } = meteorPairs(videos, byVideo);
  const begun = performance.now();
  const report = scoreDense({
    truths: [videos],
    predictions: { byVideo, unparsed: [], problems: [] },
    meteor: openEnglishMeteor(),
    convention: "strict",
    seed: 0,
  });
  return {
    source: real ? "ActivityNet Captions val_1, sentences perturbed" : "made-up captions",
    videos: report.n,
    predictedEvents: report.events.predicted,
    wordNetSeconds,
    meteorPairs: pairs,
    meteorPairsPerSecond: Math.round(pairs / seconds),
    evaluationSeconds: secondsSince(begun),
    sodaC: Number(report.metrics.sodaC.value?.toFixed(2)),
    cider: Number(report.metrics.cider.value?.toFixed(2)),
    meteor: Number(report.metrics.meteor.value?.toFixed(2)),
  };
}

/** Every prediction against every true caption of its video. */
function meteorPairs(videos: readonly VideoMoments[], byVideo: ReadonlyMap<string, readonly PredictedEvent[]>) {
  const cut = (text: string) => captionTokens(text).join(" ");
  const list = videos.flatMap(({ video, moments }) => {
    const truths = moments.map(({ label }) => cut(label));
    return (byVideo.get(video) ?? []).flatMap(({ text }) => truths.map((truth) => [cut(text), truth] as const));
  });
  const meteor = openEnglishMeteor();
  const started = performance.now();
  for (const [hypothesis, reference] of list) meteor.score(hypothesis, reference);
  return { pairs: list.length, seconds: secondsSince(started) };
}

/** Each true event with about a third of its words dropped or taken from elsewhere, and its ends moved by up to a fifth. */
function perturbed(videos: readonly VideoMoments[]): ReadonlyMap<string, readonly PredictedEvent[]> {
  const rng = new Rng("perturbed");
  const words = videos.slice(0, 500).flatMap(({ moments }) => moments.flatMap(({ label }) => label.split(" ")));
  return new Map(
    videos.map(({ video, moments }) => {
      const events = moments.map(({ start, end, label }) => {
        const shift = () => (end - start) * rng.uniform(-0.2, 0.2);
        const text = label.split(" ").flatMap((word) => {
          const draw = rng.uniform();
          return draw < 0.15 ? [] : [draw < 0.35 ? rng.pick(words) : word];
        });
        return { start: Math.max(0, start + shift()), end: end + shift(), text: text.join(" ") };
      });
      return [video, events];
    }),
  );
}

function madeUp(): VideoMoments[] {
  const rng = new Rng("made up");
  const vocabulary = Array.from({ length: 3000 }, () =>
    Array.from({ length: rng.integer(3, 8) }, () => rng.pick([..."aeioubcdfglmnprst"])).join(""),
  );
  const common = ["a", "the", "man", "is", "and", "of", "in", "then", "camera", "woman", "while", "standing"];
  return Array.from({ length: 4917 }, (_, v) => ({
    video: `v${v}`,
    duration: 120,
    moments: Array.from({ length: rng.integer(2, 5) }, (_, i) => {
      const text = Array.from({ length: 13 }, () => rng.pick(rng.chance(0.6) ? common : vocabulary));
      return { start: i * 25, end: i * 25 + 30, label: text.join(" ") };
    }),
  }));
}

function secondsSince(start: number): number {
  return Number(((performance.now() - start) / 1000).toFixed(3));
}
