/**
 * `zoetrope score` for predictions in TempCompass's layout: rules, a judge's verdicts (released or asked for), our reading.
 */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import {
  askJudge,
  type BenchmarkItem,
  formatTempCompass,
  judgedCaption,
  judgeSystem,
  openJudgeLog,
  type Problem,
  problem,
  readJudgements,
  readPredictions,
  readReply,
  readTempCompass,
  scoreTempCompass,
  type TempCompassQuestion,
  tempCompassItem,
  tempCompassSummary,
} from "../evals/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { openFlaggedModel } from "./model-flags.ts";
import type { ScoreRequest } from "./score-request.ts";

/** Score a folder of {task}.json and print it. */
export async function scoreTempCompassFolder(request: ScoreRequest, context: CommandContext): Promise<void> {
  const { benchmark, predictions, data, seed, flags } = request;
  if (flags.judge !== undefined && typeof flags.judgements === "string") {
    throw new RangeError("Expected --judge or --judgements, got both. Pass one.");
  }
  const { questions, problems } = readTempCompass(data);
  const items = questions.map(tempCompassItem);
  const read = readPredictions(predictions, questions);
  const source: Source = { ...request, questions, items, replies: read.replies };
  const verdicts = flags.judge === undefined ? released(source) : await asked(source, context);
  const score = scoreTempCompass(items, read.replies, { verdicts: verdicts?.verdicts, seed });
  const all = [...problems, ...read.problems, ...(verdicts?.problems ?? [])];
  const coverage = { predicted: read.replies.size, of: items.length };
  const judge = verdicts?.judge ?? null;
  if (flags.json) {
    const { tasks, matched } = score;
    const summary = tempCompassSummary(score, coverage);
    const asked = { command: "score", benchmark: benchmark.name, predictions, data, judge };
    printJson({ ...asked, summary, coverage, tasks, matched, all: score.all, problems: all });
    return;
  }
  const text = formatTempCompass({ score, coverage, problems: all }, judge);
  printText(`${benchmark.title}, ${basename(resolve(predictions))}: ${text}`);
}

type Source = ScoreRequest &
  Readonly<{
    questions: readonly TempCompassQuestion[];
    items: readonly BenchmarkItem[];
    replies: ReadonlyMap<string, unknown>;
  }>;

type Verdicts = Readonly<{ verdicts: ReadonlyMap<string, boolean>; problems: readonly Problem[]; judge: string }>;

function released({ data, predictions, questions, replies, flags }: Source): Verdicts | null {
  if (flags.judgements === false) return null;
  const beside = join(data, "auto_eval_results", basename(resolve(predictions)));
  const folder = typeof flags.judgements === "string" ? flags.judgements : existsSync(beside) ? beside : null;
  if (folder === null) return null;
  return { ...readJudgements(folder, questions, replies), judge: `the verdicts in ${folder}` };
}

/** What rules cannot read goes to the judge; its verdicts are kept, so that a second call asks only for the rest. */
async function asked(
  { benchmark, predictions, items, replies, flags, seed }: Source,
  context: CommandContext,
): Promise<Verdicts> {
  const flagged = await openFlaggedModel(flags.judge as string, flags, context, { textOnly: true });
  const { model } = flagged;
  const folder = flags.output ?? join("runs", `judge-${basename(resolve(predictions))}`);
  const config = { benchmark: benchmark.name, model: model.name, fingerprint: model.fingerprint, seed };
  const log = openJudgeLog(join(folder, "verdicts.jsonl"), config);
  try {
    const questions = items.flatMap((item) => {
      const [reply, judging] = [replies.get(item.id), item.judging];
      if (typeof reply !== "string" || !judging || readReply(item, "official", reply).kind === "read") return [];
      const text = item.isFreeText ? judgedCaption(basename(resolve(predictions)), reply) : reply;
      return [{ id: item.id, prompt: judging.prompt(text), read: judging.read }];
    });
    const bar = context.progress().task("judge", { total: questions.length, unit: "replies" });
    const signal = context.interruptible();
    const onProgress = (done: number, failed: number) =>
      bar.update(done, failed === 0 ? undefined : `${failed} undecided`);
    const { verdicts, failed } = await askJudge({
      questions,
      model,
      system: judgeSystem,
      log,
      seed,
      signal,
      onProgress,
    });
    bar.finish();
    const reasons = [...new Set(failed.map(({ reason }) => reason))].slice(0, 3).join("; ");
    const undecided = problem(
      `replies that the judge did not decide (unjudged; ${reasons})`,
      failed.map(({ id }) => id),
    );
    return { verdicts, problems: undecided, judge: `${model.name} (verdicts in ${folder})` };
  } finally {
    log.close();
    await model.dispose();
    const usage = flagged.usageLine();
    if (usage !== null) process.stderr.write(`${usage}\n`);
  }
}
