/** Predictions in TempCompass's layout, with the verdicts of a judge where some were released. */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import {
  benchmarkNamed,
  readJudgements,
  readPredictions,
  readReplies,
  readTempCompass,
  tempCompassItem,
} from "../../benchmarks/index.ts";
import { itemRow } from "../item-row.ts";
import { type ImportedRun, type ImportOptions, importedRun } from "./imported.ts";

/** Read a folder of {task}.json. Annotations default to the folder two levels above it. */
export function importTempCompass(options: ImportOptions): ImportedRun {
  const { path, benchmark = "tempcompass", model = basename(resolve(path)), judgements } = options;
  const beside = join(path, "..", "..");
  const data = options.data ?? (existsSync(join(beside, "questions")) ? beside : undefined);
  if (data === undefined) {
    throw new Error(
      `Expected --data to say where the questions to ${path} lie, got none. Its layout:\n${benchmarkNamed(benchmark).layout}`,
    );
  }
  const { questions, problems } = readTempCompass(data);
  const items = questions.map(tempCompassItem);
  const places = new Map(items.map(({ id }, place) => [id, place]));
  const read = readPredictions(path, questions);
  const released = join(data, "auto_eval_results", basename(resolve(path)));
  const folder = judgements === undefined ? (existsSync(released) ? released : undefined) : judgements || undefined;
  const judged = folder === undefined ? undefined : readJudgements(folder, questions, read.replies);
  const verdicts = judged?.verdicts;
  const rows = readReplies(items, read.replies, { reader: "official", verdicts }).map(({ item, reading }) => {
    const verdict = verdicts?.get(item.id);
    const temporal = verdict === undefined ? {} : { verdict };
    return itemRow({ item, place: places.get(item.id) as number, reading, reply: read.replies.get(item.id), temporal });
  });
  return importedRun(rows, [...problems, ...read.problems, ...(judged?.problems ?? [])], {
    ...{ task: "choice", benchmark, profile: "official", model, of: items.length },
    ...{ format: "tempcompass", file: path },
    parts: { parser: "official", judge: folder === undefined ? null : `the verdicts in ${folder}` },
  });
}
