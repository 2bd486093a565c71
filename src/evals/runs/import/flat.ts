/** Predictions in one file, by item id, for a benchmark whose annotations lie on the disk. */
import { basename } from "node:path";
import { benchmarkNamed, readFlatPredictions, readReply } from "../../benchmarks/index.ts";
import { itemRow } from "../item-row.ts";
import { type ImportedRun, type ImportOptions, importedRun, needed } from "./imported.ts";

/** Read rows { id, prediction } or an object id -> prediction. */
export function importFlat(options: ImportOptions): ImportedRun {
  const { path, model = basename(path).replace(/\.jsonl?$/, "") } = options;
  const benchmark = benchmarkNamed(needed(options.benchmark, "--benchmark", "the benchmark of these predictions"));
  const profile = options.profile ?? (benchmark.profiles[0] as string);
  const open = benchmark.open(needed(options.data, "--data", `the folder of ${benchmark.title}`), profile);
  const { replies, problems } = readFlatPredictions(path, open.items);
  const rows = open.items.flatMap((item, place) => {
    if (!replies.has(item.id)) return [];
    const reply = replies.get(item.id);
    return [itemRow({ item, place, reply, reading: readReply(item, profile, reply) })];
  });
  return importedRun(rows, [...open.problems, ...problems], {
    ...{ task: "choice", benchmark: benchmark.name, profile, model, of: open.items.length },
    ...{ format: "predictions", file: path },
    parts: { parser: profile },
  });
}
