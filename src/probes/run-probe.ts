/**
 * The diagnosis in three arms on the same validation videos: the full model, its decoder on captions, classifiers on its
 * visual tokens. One folder holds everything, and the same call goes on with a run that was broken off.
 */
import { join } from "node:path";
import { type ChatModel, openModel } from "../chat/index.ts";
import { writeAtomically } from "../core/files/index.ts";
import type { Device } from "../nn/runtime/index.ts";
import { type ProbingAspect, worldSource, worldVocabulary, writeProbing } from "../synthesis/index.ts";
import type { ProbeKind } from "./classifier.ts";
import { featureStore } from "./feature-store.ts";
import { type FeatureKind, featureName, openFeatures } from "./features.ts";
import { type GapRow, gapRows } from "./gap.ts";
import { type PickedQuestion, pickQuestions } from "./pick-examples.ts";
import { type ProbeOutcome, runProbeArm, type TrainedProbe } from "./probe-arm.ts";
import { type ProbingData, readProbingData } from "./probing-data.ts";
import { type ProbeMode, probeSeeds } from "./settings.ts";
import { askOnCaptions, askOnVideo, type CaptionLayout, captionLayoutFor } from "./text-arms.ts";
import { frameSource, probingFrames } from "./video-frames.ts";

export const probeArms = ["video", "captions", "tokens"] as const;
export type ProbeArm = (typeof probeArms)[number];

export type ProbeOptions = Readonly<{
  /** Model reference of the full model; its decoder and its tokens are the other arms, unless named. */
  model: string;
  /** Who answers on captions. Default: the model. */
  decoder?: string | undefined;
  /** Where everything is written. */
  folder: string;
  /** A probing set. Default: one of the world, made in the folder. */
  data?: string | undefined;
  /** Videos of every class where the set is made here. */
  perClass: number;
  aspects?: readonly string[] | undefined;
  arms: readonly ProbeArm[];
  kinds: readonly ProbeKind[];
  mode: ProbeMode;
  features: FeatureKind;
  /** Where features are computed; the classifiers are trained on the CPU. Default "cpu". */
  device?: Device;
  /** How many seeds the probes are trained with. */
  seeds: number;
  /** Of videos made here and of the order of options. */
  seed: number;
  /** Training steps of a probe in sane mode. */
  steps?: number | undefined;
  captions: CaptionLayout | "auto";
  balance?: boolean | undefined;
  maxNewTokens: number;
}>;

/** Progress as the command line shows it. */
export type ProbeProgress = Readonly<{
  task(
    name: string,
    options: Readonly<{ total: number; unit?: string; begun?: number }>,
  ): Readonly<{ update(done: number, note?: string): void; finish(note?: string): void }>;
}>;

export type ProbeContext = Readonly<{
  progress: ProbeProgress;
  signal: AbortSignal;
  /** How references are opened. Default: openModel, without limits. */
  open?: (reference: string, needs: Readonly<{ textOnly: boolean }>) => Promise<ChatModel>;
}>;

export type ProbeResult = Readonly<{
  folder: string;
  data: string;
  model: string;
  fingerprint: string;
  decoder: string;
  /** Which layout the captions were asked in; null without that arm. */
  captionLayout: CaptionLayout | null;
  mode: ProbeMode;
  features: string;
  seeds: readonly number[];
  aspects: readonly ProbingAspect[];
  rows: readonly GapRow[];
  probes: readonly TrainedProbe[];
  /** A few questions with what each arm said. */
  examples: readonly PickedQuestion[];
  seconds: number;
}>;

/** Run the arms and take the accuracies apart. Throws an Error that says which arm cannot be run and what to do. */
export async function runProbe(options: ProbeOptions, context: ProbeContext): Promise<ProbeResult> {
  const began = performance.now();
  const { folder, arms, mode, seed, device } = options;
  const has = (arm: ProbeArm) => arms.includes(arm);
  // Opened before anything slow, so that a mistyped name or a model without features is told at once.
  const reader = has("tokens")
    ? openFeatures(options.model, options.features, { frames: probingFrames, ...(device && { device }) })
    : null;
  const { open = openModel } = context;
  const model = await open(options.model, { textOnly: !has("video") });
  const decoder = options.decoder === undefined ? model : await open(options.decoder, { textOnly: true });
  try {
    const data = await dataOf(options, context);
    const frames = frameSource();
    const asking = (name: ProbeArm, total: number) => {
      const task = context.progress.task(armTitles[name], { total, unit: "questions" });
      return {
        items: data.val,
        ...{ mode, seed, maxNewTokens: options.maxNewTokens, signal: context.signal },
        log: join(folder, `${name}.jsonl`),
        onProgress(done: number, of: number) {
          task.update(done);
          if (done === of) task.finish();
        },
      };
    };
    const full = has("video") ? await askOnVideo(model, frames, asking("video", data.val.length)) : [];
    const layout = options.captions === "auto" ? captionLayoutFor(decoder) : options.captions;
    const texts = has("captions") ? await askOnCaptions(decoder, layout, asking("captions", data.val.length)) : [];
    const features = featureName(options.features);
    const seeds = probeSeeds(options.seeds);
    const probed = reader
      ? await probesOf(options, { ...context, data, seeds, fingerprint: model.fingerprint, reader, frames })
      : { outcomes: [], probes: [] };
    const rows = gapRows(data.aspects, { full, decoder: texts, probe: probed.outcomes }, { seed });
    const result: ProbeResult = {
      ...{ folder, data: data.folder, model: model.name, fingerprint: model.fingerprint, decoder: decoder.name },
      ...{ captionLayout: has("captions") ? layout : null, mode, features, seeds, aspects: data.aspects, rows },
      ...{ probes: probed.probes, examples: pickQuestions({ items: data.val, mode, seed, full, decoder: texts }) },
      seconds: (performance.now() - began) / 1000,
    };
    writeAtomically(join(folder, "probe.json"), [`${JSON.stringify(recordOf(result), null, 2)}\n`]);
    return result;
  } finally {
    await disposeAll(model, decoder, reader);
  }
}

const armTitles: Readonly<Record<ProbeArm, string>> = {
  video: "full model on videos",
  captions: "decoder on captions",
  tokens: "probes on visual tokens",
};

/** What stands in probe.json: everything but replies, which the logs of the arms hold. */
export function recordOf({ examples: _, aspects, ...rest }: ProbeResult): Record<string, unknown> {
  return { format: "zoetrope-probe", version: 1, ...rest, aspects: aspects.map(({ id }) => id) };
}

async function dataOf(options: ProbeOptions, { progress, signal }: ProbeContext): Promise<ProbingData> {
  const { folder, data, perClass, aspects, seed, balance } = options;
  if (data !== undefined) return readProbingData(data, { aspects, balance });
  const made = join(folder, "data");
  let task: ReturnType<ProbeProgress["task"]> | undefined;
  await writeProbing(made, {
    source: worldSource(worldVocabulary()),
    ...{ aspects, perClass, seed, signal },
    onVideo(done, of) {
      task ??= progress.task("make videos", { total: of, unit: "videos" });
      task.update(done);
    },
  });
  task?.finish();
  return readProbingData(made, { aspects });
}

type Probing = ProbeContext &
  Readonly<{
    data: ProbingData;
    seeds: readonly number[];
    fingerprint: string;
    reader: ReturnType<typeof openFeatures>;
    frames: ReturnType<typeof frameSource>;
  }>;

async function probesOf(
  { folder, kinds, mode, steps }: ProbeOptions,
  { data, seeds, fingerprint, reader, frames, progress, signal }: Probing,
): Promise<{ outcomes: ProbeOutcome[]; probes: TrainedProbe[] }> {
  const slug = `${fingerprint}-${reader.name}-${mode}`.replace(/[^\w-]+/g, "-");
  let reading: ReturnType<ProbeProgress["task"]> | undefined;
  let training: ReturnType<ProbeProgress["task"]> | undefined;
  const result = await runProbeArm({
    ...{ data, kinds, seeds, mode, steps, signal, fingerprint: slug },
    features: featureStore(join(folder, "features", slug), { reader, frames, mode }),
    log: join(folder, "probe-runs.jsonl"),
    onVideo(done, of) {
      reading ??= progress.task("read visual tokens", { total: of, unit: "videos" });
      reading.update(done);
    },
    onProbe(done, of, note) {
      reading?.finish();
      training ??= progress.task("train probes", { total: of, unit: "probes" });
      training.update(done, note);
    },
  });
  training?.finish("");
  return result;
}

async function disposeAll(model: ChatModel, decoder: ChatModel, reader: ReturnType<typeof openFeatures> | null) {
  await model.dispose();
  if (decoder !== model) await decoder.dispose();
  await reader?.dispose();
}
