/**
 * T3 in miniature (arXiv 2410.06166): evaluate zoetrope-micro on held-out videos, fine-tune it on temporal questions in pure
 * text and on a control text, evaluate again, report. A folder that was begun is gone on with.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { modelsFolder } from "../src/core/files/index.ts";
import { formatTransferTable, transferSummary, transferTable } from "../src/evals/index.ts";
import { writeTransferReport } from "../src/report/index.ts";
import { commit, machine } from "./machine.ts";
import type { RecipeContext, RecipeResult, ReproduceT3Options } from "./recipe.ts";
import { runSeed, type SeedRun } from "./transfer/arms.ts";
import { reportOf } from "./transfer/report.ts";

const defaultSteps = 360;
const defaultQuestions = 40;

export async function reproduceT3(options: ReproduceT3Options, context: RecipeContext): Promise<RecipeResult> {
  const { seeds, seed: first, steps = defaultSteps, questions = defaultQuestions } = options;
  const began = performance.now();
  const folder = resolve(
    options.folder ?? join("runs", `reproduce-t3-seed${first}${steps === defaultSteps ? "" : `-${steps}steps`}`),
  );
  const model = join(modelsFolder(), "zoetrope-micro");
  mkdirSync(folder, { recursive: true });
  const runs: SeedRun[] = [];
  for (let seed = first; seed < first + seeds; seed++) {
    context.signal.throwIfAborted();
    if (seeds > 1) context.progress.note(`seed ${seed} (${seed - first + 1} of ${seeds})`);
    runs.push(await runSeed({ model, folder: join(folder, `seed-${seed}`), seed, steps, perTask: questions }, context));
  }
  const table = transferTable(runs.map(({ answers }) => answers));
  const summary = transferSummary(table);
  const seconds = (performance.now() - began) / 1000;
  const report = join(folder, "report.html");
  writeTransferReport(report, await reportOf({ runs, table, summary, model, seconds, steps }));
  const { columns = 120, isTTY = false } = process.stdout;
  const text = `${formatTransferTable(table, { width: columns, colour: isTTY })}\n\nReport: ${report}`;
  return {
    folder,
    summary: { ...summary },
    text,
    details: {
      ...{ steps, seconds, report, machine: machine(), commit: commit(), model: runs[0]?.fingerprint },
      ...{ seeds: runs.map(({ answers }) => answers.seed), perSeed: table.perSeed, rows: table.rows },
    },
  };
}
