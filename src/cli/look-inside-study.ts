/** `zoetrope look-inside --world N` and `--samples FILE`: cut edges and skipped modules over many questions. */
import { join } from "node:path";
import { localModel } from "../chat/index.ts";
import { writeAtomically } from "../core/files/index.ts";
import {
  knockOutStudy,
  questionsOfFile,
  type StudyQuestion,
  type StudyRecord,
  worldQuestions,
} from "../probes/index.ts";
import { writeStudyReport } from "../report/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { wholeNumber } from "./flags.ts";
import { commandOf, type LookFlags, nameOf, type Opened } from "./look-inside-flags.ts";
import { formatStudy, studySummary } from "./look-inside-text.ts";

export async function runStudy(opened: Opened, flags: LookFlags, context: CommandContext): Promise<void> {
  const { parts, reader, box, width, every, knockOuts, frames, sampler, seed, seeds } = opened;
  const began = performance.now();
  const signal = context.interruptible();
  const run = Array.from({ length: seeds }, (_, i) => seed + i);
  const all =
    flags.samples === undefined
      ? worldQuestions(run, { perTask: wholeNumber("--world", flags.world ?? "") })
      : questionsOfFile(flags.samples, { frames, sampler });
  const questions = evenly(all, opened.limit ?? all.length);
  const source =
    flags.samples ?? `world, ${flags.world} a task, ${seeds === 1 ? `seed ${seed}` : `seeds ${run.join(", ")}`}`;
  const folder =
    flags.out ?? join("runs", `look-inside-${nameOf(flags.model)}-${flags.samples ? nameOf(flags.samples) : "world"}`);
  const model = localModel(parts);
  const { fingerprint } = model;
  await model.dispose();
  const task = context.progress().task("questions", { total: questions.length, unit: "questions" });
  const result = await knockOutStudy(
    { reader, box },
    {
      ...{ questions, knockOuts, width, every, log: join(folder, "questions.jsonl"), signal },
      settings: { fingerprint, source, limit: opened.limit, ...(flags.samples && { frames, sampler }) },
      onProgress: (done) => task.update(done),
    },
  );
  task.finish();
  const seconds = (performance.now() - began) / 1000;
  const record: StudyRecord = {
    ...{ format: "zoetrope-knock-out", version: 1, model: flags.model, fingerprint, source, seeds: run },
    ...{ questions: questions.length, videos: new Set(questions.map(({ video }) => video)).size, ...result },
  };
  const report = join(folder, "report.html");
  writeAtomically(join(folder, "knock-out.json"), [`${JSON.stringify(record, rounded)}\n`]);
  writeStudyReport(report, { record, command: commandOf(flags), seconds });
  if (flags.json)
    printJson({ command: "look-inside", summary: studySummary(record, seconds), report, folder, ...record });
  else printText(`${formatStudy(record)}\n\nReport: ${report}`);
}

function evenly(questions: readonly StudyQuestion[], count: number): StudyQuestion[] {
  const step = questions.length / Math.min(count, questions.length);
  return Array.from(
    { length: Math.min(count, questions.length) },
    (_, i) => questions[Math.floor(i * step)] as StudyQuestion,
  );
}

/** Figures in percent say nothing behind the third decimal. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toFixed(3)) : value;
}
