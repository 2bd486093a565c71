/**
 * The third arm: classifiers trained on visual tokens of the training videos, asked about the validation videos. One
 * classifier an aspect, kind and seed; finished ones are recorded and not trained again.
 */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { ProbingAspect } from "../synthesis/index.ts";
import type { ProbeKind } from "./classifier.ts";
import type { FeatureStore, VideoFeatures } from "./feature-store.ts";
import type { ProbingData, ProbingVideo } from "./probing-data.ts";
import { paperSize, resizeBilinear, type TokenGrid } from "./resize-tokens.ts";
import { type ProbeMode, paperSettings, saneSettings } from "./settings.ts";
import { trainClassifier } from "./train-classifier.ts";

/** One validation video told by one classifier. */
export type ProbeOutcome = Readonly<{
  aspect: string;
  id: string;
  video: string;
  kind: ProbeKind;
  seed: number;
  correct: boolean;
}>;

/** A classifier that was trained: how well it knows its own training videos, and its last loss. */
export type TrainedProbe = Readonly<{
  aspect: string;
  kind: ProbeKind;
  seed: number;
  trainAccuracy: number;
  loss: number;
  seconds: number;
}>;

export type ProbeArmOptions = Readonly<{
  data: ProbingData;
  features: FeatureStore;
  kinds: readonly ProbeKind[];
  seeds: readonly number[];
  mode: ProbeMode;
  /** Steps of the sane mode. */
  steps?: number | undefined;
  /** JSON Lines file of the finished classifiers. */
  log: string;
  /** What the features depend on: model and kind. */
  fingerprint: string;
  signal?: AbortSignal;
  onVideo?: (done: number, of: number) => void;
  onProbe?: (done: number, of: number, note: string) => void;
}>;

const rowSchema = z.object({
  key: z.string(),
  trainAccuracy: z.number(),
  loss: z.number(),
  seconds: z.number(),
  predicted: z.array(z.number().int()),
});
type Row = z.infer<typeof rowSchema>;

/** Read features, train, and tell every validation video's class. */
export async function runProbeArm(
  options: ProbeArmOptions,
): Promise<{ outcomes: ProbeOutcome[]; probes: TrainedProbe[] }> {
  const { data, kinds, seeds, mode, log, onProbe } = options;
  await readAll(options);
  const finished = readRows(log);
  const outcomes: ProbeOutcome[] = [];
  const probes: TrainedProbe[] = [];
  const total = data.aspects.length * kinds.length * seeds.length;
  for (const aspect of data.aspects) {
    const own = (items: readonly ProbingVideo[]) => items.filter((item) => item.aspect === aspect);
    const [train, val] = [own(data.train), own(data.val)];
    for (const kind of kinds) {
      const settings = settingsFor(aspect, kind, { mode, videos: train.length, steps: options.steps });
      const config = [options.fingerprint, mode, kind, settings, train.map(idOf), val.map(idOf)];
      const key = createHash("sha256").update(JSON.stringify(config)).digest("hex").slice(0, 16);
      let loaded: { train: TokenGrid[]; val: TokenGrid[] } | undefined;
      for (const seed of seeds) {
        options.signal?.throwIfAborted();
        let row = finished.get(`${key}/${seed}`);
        if (!row) {
          loaded ??= { train: await tokensOf(train, kind, options), val: await tokensOf(val, kind, options) };
          const { train: trainTokens, val: test } = loaded;
          const began = performance.now();
          const result = await trainClassifier({
            kind,
            classes: aspect.classes.length,
            train: train.map(({ label }, i) => ({ label, tokens: trainTokens[i] as TokenGrid })),
            test,
            settings,
            seed,
            ...(options.signal && { signal: options.signal }),
          });
          const seconds = (performance.now() - began) / 1000;
          const { predicted, trainAccuracy, losses } = result;
          row = {
            key: `${key}/${seed}`,
            trainAccuracy,
            loss: losses.at(-1) ?? Number.NaN,
            seconds,
            predicted: [...predicted],
          };
          mkdirSync(dirname(log), { recursive: true });
          appendFileSync(log, `${JSON.stringify(row)}\n`);
        }
        const { trainAccuracy, loss, seconds, predicted } = row;
        probes.push({ aspect: aspect.id, kind, seed, trainAccuracy, loss, seconds });
        val.forEach(({ id, video, label }, i) => {
          outcomes.push({ aspect: aspect.id, id, video, kind, seed, correct: predicted[i] === label });
        });
        onProbe?.(probes.length, total, `${aspect.id} ${kind}`);
      }
    }
  }
  return { outcomes, probes };
}

const idOf = ({ id, video }: ProbingVideo) => `${id} ${video}`;

function settingsFor(
  { task }: ProbingAspect,
  kind: ProbeKind,
  { mode, videos, steps }: Readonly<{ mode: ProbeMode; videos: number; steps: number | undefined }>,
) {
  return mode === "parity" ? paperSettings(task, kind) : saneSettings(kind, videos, steps);
}

/** Every video once, so that the bar counts videos. */
async function readAll({ data, features, signal, onVideo }: ProbeArmOptions): Promise<void> {
  const different = [...new Map([...data.train, ...data.val].map((item) => [item.video, item])).values()];
  for (const [done, item] of different.entries()) {
    signal?.throwIfAborted();
    await features.of(item);
    onVideo?.(done + 1, different.length);
  }
}

async function tokensOf(items: readonly ProbingVideo[], kind: ProbeKind, { features, mode }: ProbeArmOptions) {
  const read: TokenGrid[] = [];
  for (const item of items) read.push(shaped(await features.of(item), kind, mode));
  return read;
}

function shaped({ tokens, last }: VideoFeatures, kind: ProbeKind, mode: ProbeMode): TokenGrid {
  if (kind === "linear") return last;
  return mode === "parity" ? resizeBilinear(tokens, paperSize) : tokens;
}

/** Finished classifiers by key; lines that are no row do not count. */
function readRows(log: string): Map<string, Row> {
  const rows = new Map<string, Row>();
  if (!existsSync(log)) return rows;
  const text = readFileSync(log, "utf8");
  // What a crash tore off gets a line of its own, so that the next row is whole.
  if (text !== "" && !text.endsWith("\n")) appendFileSync(log, "\n");
  for (const line of text.split("\n")) {
    const row = parsed(line);
    if (row) rows.set(row.key, row);
  }
  return rows;
}

function parsed(line: string): Row | undefined {
  try {
    return rowSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
