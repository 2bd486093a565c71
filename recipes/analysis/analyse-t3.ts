/**
 * T3's analyses in miniature (arXiv 2410.06166, Table 2, Figs. 5 and 6): mixtures of training text, text against video, which
 * modules matter, gain from more frames. A folder that was begun is gone on with.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { modelsFolder, writeAtomically } from "../../src/core/files/index.ts";
import { writeAnalysisReport } from "../../src/report/index.ts";
import { worldBenchmark } from "../../src/tasks/index.ts";
import type { AnalyseT3Options, RecipeContext, RecipeResult } from "../recipe.ts";
import { overallProgress } from "./overall-progress.ts";
import { fullSizes, piecesOf, quickSizes, type Sizes } from "./plan.ts";
import { analysisReport } from "./report.ts";
import { runSeed, type SeedAnswers } from "./run-seed.ts";
import { analysisSummary, formatAnalyses } from "./summary.ts";

export async function analyseT3(options: AnalyseT3Options, context: RecipeContext): Promise<RecipeResult> {
  const { quick, seed: first } = options;
  const usual = quick ? quickSizes : fullSizes;
  const { seeds: count = usual.seeds, steps = usual.steps, questions: perTask = usual.perTask } = options;
  const began = performance.now();
  const folder = resolve(options.folder ?? join("runs", folderName({ ...options, steps, perTask })));
  const model = join(modelsFolder(), "zoetrope-micro");
  mkdirSync(folder, { recursive: true });
  const sizes: Sizes = { seeds: Array.from({ length: count }, (_, i) => first + i), steps, perTask };
  const { samples, videos } = worldBenchmark(first, { perTask });
  const pieces = piecesOf(folder, sizes, { questions: samples.length, videos: videos.length });
  const open = pieces.filter(({ done }) => !done).reduce((sum, { seconds }) => sum + seconds, 0);
  const models = pieces.filter(({ key }) => key.endsWith("/train"));
  context.progress.note(
    `${models.length} models to train, ${models.filter(({ done }) => done).length} of them trained already; about ` +
      `${Math.ceil(open / 60)} min on two quiet cores. What is done is kept in ${folder}.`,
  );
  const overall = overallProgress(context.progress, "analyses", pieces);
  const answers: SeedAnswers[] = [];
  for (const seed of sizes.seeds) {
    const own = { model, folder: join(folder, `seed-${seed}`), seed, steps, perTask };
    answers.push(await runSeed(own, { overall, signal: context.signal }));
  }
  overall.finish(`${models.length} models trained and asked`);
  const seconds = (performance.now() - began) / 1000;
  const command = commandOf(options, { seeds: count, steps, perTask });
  const report = analysisReport(answers, { model, command, quick, steps, perTask, seconds });
  const page = join(folder, "report.html");
  writeAnalysisReport(page, report);
  const summary = analysisSummary(report);
  const details = { seconds, report: page, ...detailsOf(report) };
  writeAtomically(join(folder, "results.json"), [`${JSON.stringify({ command, summary, ...details }, null, 1)}\n`]);
  return { folder, summary, text: `${formatAnalyses(report)}\n\nReport: ${page}`, details };
}

/** The figures, with what they depend on. */
function detailsOf({ provenance, ...figures }: ReturnType<typeof analysisReport>) {
  const { machine, commit, fingerprint, seeds, counts } = provenance;
  return { machine, commit, model: fingerprint, seedList: seeds, counts, ...figures };
}

type Chosen = Readonly<{ seeds: number; steps: number; perTask: number }>;

/** Sizes other than the usual ones have folders of their own. */
function folderName({ quick, seed, steps, perTask }: AnalyseT3Options & Omit<Chosen, "seeds">): string {
  const usual = quick ? quickSizes : fullSizes;
  const other = [
    steps === usual.steps ? "" : `-${steps}steps`,
    perTask === usual.perTask ? "" : `-${perTask}questions`,
  ].join("");
  return `analyse-t3${quick ? "-quick" : ""}-seed${seed}${other}`;
}

function commandOf({ quick, seed }: AnalyseT3Options, { seeds, steps, perTask }: Chosen): string {
  const how = quick ? "--full --quick" : "--full";
  return `zoetrope reproduce t3 ${how} --seed ${seed} --seeds ${seeds} --steps ${steps} --questions ${perTask}`;
}
