/**
 * Answers of all seeds to everything that the report says.
 */
import { loadModel } from "../../src/nn/models/index.ts";
import type { AnalysisReport, MixtureRow } from "../../src/report/index.ts";
import { testVocabulary } from "../../src/world/index.ts";
import { commit, machine } from "../machine.ts";
import { batch, isTrained, type TrainedModules } from "../transfer/fine-tune.ts";
import { findingsOf, ranksOf } from "./findings.ts";
import { type MixtureId, mixtureIds, modelIds } from "./mixtures.ts";
import { paperMixtures } from "./paper.table.ts";
import { frameRows, moduleRows } from "./parts.ts";
import type { SeedAnswers } from "./run-seed.ts";
import { modelRow } from "./scores.ts";
import { paperTextVideo, textVideoOf } from "./text-video.ts";

export type ReportOptions = Readonly<{
  model: string;
  command: string;
  quick: boolean;
  steps: number;
  perTask: number;
  seconds: number;
}>;

export function analysisReport(seeds: readonly SeedAnswers[], options: ReportOptions): AnalysisReport {
  const { model, quick, steps } = options;
  const rows = modelIds.map((id) => modelRow(seeds, id));
  const mixtures = rows.flatMap((row): MixtureRow[] => {
    const id = mixtureIds.find((each) => each === row.id);
    return id === undefined ? [] : [{ ...row, paper: paperMixtures[id satisfies MixtureId] }];
  });
  const asked = seeds.flatMap(({ models }) => models.baseline.video.map(({ sample }) => sample));
  return {
    mixtures,
    findings: findingsOf(seeds),
    ranks: ranksOf(mixtures),
    correlation: textVideoOf(rows),
    paperCorrelation: paperTextVideo(),
    modules: moduleRows(seeds, rows, (modules) => parametersOf(model, modules)),
    frames: frameRows(seeds),
    ...{ quick, steps },
    videos: new Set(asked.map(({ video }) => video)).size,
    questions: asked.length,
    provenance: provenanceOf(seeds, options),
  };
}

function provenanceOf(seeds: readonly SeedAnswers[], options: ReportOptions): AnalysisReport["provenance"] {
  const { command, steps, perTask, seconds } = options;
  const trained = seeds.flatMap(({ models }) => Object.values(models).flatMap(({ trained: one }) => one ?? []));
  return {
    ...{ command, seconds, commit: commit(), machine: machine() },
    model: "zoetrope-micro",
    fingerprint: seeds[0]?.fingerprint ?? "",
    seeds: seeds.map(({ seed }) => seed),
    sampler: "8 frames, trunc(linspace(0, N - 1, 8)), unless said otherwise",
    counts: [
      { what: "trained models", count: trained.length },
      { what: "steps of each", count: steps },
      { what: "rows of text of each", count: steps * batch },
      { what: "tokens of text in all", count: trained.reduce((sum, { tokens }) => sum + tokens, 0) },
      { what: "seconds of training in all", count: Math.round(trained.reduce((sum, one) => sum + one.seconds, 0)) },
      { what: "questions a task and seed", count: perTask },
    ],
    heldOut: [
      `Temporal training text never mentions the things of the test videos and of the held-out text: ${testVocabulary.shapes.join(", ")}.`,
      `Nor their backgrounds: ${testVocabulary.backgrounds.join(", ")}.`,
      "No picture and no video is seen in fine-tuning; vision tower and projector are frozen.",
    ],
  };
}

function parametersOf(model: string, modules: TrainedModules): number {
  const { weights } = loadModel(model);
  return [...weights].reduce((sum, [name, { data }]) => sum + (isTrained[modules](name) ? data.length : 0), 0);
}
