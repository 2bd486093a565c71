/**
 * Run logs of version 1: answers to our own questions (zoetrope-run), and a benchmark's replies (zoetrope-benchmark-run), which held no
 * annotations and need the benchmark's folder.
 */
import * as z from "zod";
import { DataFileError, problem, readContent } from "../../../data/index.ts";
import { staticTasks, temporalTasks } from "../../../tasks/index.ts";
import { benchmarkNamed, readReply } from "../../benchmarks/index.ts";
import { answerRow, partsOfSamples } from "../answer-row.ts";
import { itemRow } from "../item-row.ts";
import { shownFrames } from "../make-row.ts";
import { runConfig } from "../run-config.ts";
import { type ImportedRun, type ImportOptions, needed } from "./imported.ts";

const coverage = z.object({ questions: z.number(), of: z.number() });
const frames = z.array(z.object({ time: z.number(), index: z.number() }));
const answers = z.object({
  format: z.literal("zoetrope-run"),
  config: z.object({
    benchmark: z.string(),
    model: z.string(),
    sampler: z.string(),
    parser: z.string(),
    seed: z.number(),
    coverage,
  }),
});
const replies = z.object({
  format: z.literal("zoetrope-benchmark-run"),
  config: z.object({
    ...{ benchmark: z.string(), profile: z.string(), model: z.string(), fingerprint: z.string(), sampler: z.string() },
    ...{ look: z.string(), seed: z.number(), maxNewTokens: z.number(), coverage },
  }),
});
const answer = z.object({
  sample: z.object({
    ...{
      id: z.string(),
      video: z.string(),
      question: z.string(),
      options: z.array(z.string()),
      answerIndex: z.number(),
    },
    ...{ task: z.enum([...temporalTasks, ...staticTasks]), kind: z.enum(["temporal", "static"]) },
  }),
  reply: z.string(),
  frames,
});
const reply = z.object({ id: z.string(), reply: z.string(), finish: z.enum(["stop", "length"]), frames });

export function importEarlier(options: ImportOptions): ImportedRun {
  const { path } = options;
  const content = readContent(path);
  const lines = content.kind === "rows" ? content.rows : [content.value];
  const ours = answers.safeParse(lines[0]).data;
  if (ours) return ofAnswers(ours.config, lines.slice(1), options);
  const theirs = replies.safeParse(lines[0]).data;
  if (theirs) return ofReplies(theirs.config, lines.slice(1), options);
  throw new DataFileError(
    path,
    1,
    "Expected the first line of a run log of version 1, got another one. Move the file away.",
  );
}

function ofAnswers(
  old: z.infer<typeof answers>["config"],
  lines: readonly unknown[],
  { path, model = old.model }: ImportOptions,
): ImportedRun {
  const rows = lines.map((line, i) => parsed(path, i + 2, answer, line));
  const samples = rows.map(({ sample }) => sample);
  const config = runConfig({
    ...{ task: "choice", benchmark: old.benchmark, model, seed: old.seed },
    coverage: { samples: old.coverage.questions, of: old.coverage.of },
    imported: { format: "zoetrope-1", file: path },
    parts: { ...partsOfSamples(samples), model: old.model, sampler: old.sampler, parser: "choice" },
  });
  const made = rows.map(({ sample, reply: text, frames: seen }, place) => {
    return answerRow({ sample, place, reply: { text, frames: seen } }, config);
  });
  return { config, rows: made, problems: [] };
}

function ofReplies(
  old: z.infer<typeof replies>["config"],
  lines: readonly unknown[],
  { path, data, model = old.model }: ImportOptions,
): ImportedRun {
  const benchmark = benchmarkNamed(old.benchmark);
  const open = benchmark.open(needed(data, "--data", `the folder of ${benchmark.title}`), old.profile);
  const items = new Map(open.items.map((item, place) => [item.id, { item, place }]));
  const unknown: string[] = [];
  const rows = lines.flatMap((line, i) => {
    const { id, reply: text, finish, frames: seen } = parsed(path, i + 2, reply, line);
    const found = items.get(id);
    if (!found) unknown.push(id);
    if (!found) return [];
    const temporal = { frames: shownFrames(seen), sampler: old.sampler, finish };
    return [itemRow({ ...found, reading: readReply(found.item, old.profile, text), reply: text, temporal })];
  });
  const config = runConfig({
    ...{ task: "choice", benchmark: old.benchmark, profile: old.profile, look: old.look, model, seed: old.seed },
    coverage: { samples: old.coverage.questions, of: old.coverage.of },
    imported: { format: "zoetrope-1", file: path },
    parts: {
      model: old.fingerprint,
      sampler: old.sampler,
      parser: old.profile,
      generation: `at most ${old.maxNewTokens} tokens, temperature 0`,
    },
  });
  return {
    config,
    rows,
    problems: [...open.problems, ...problem("replies to no item of the benchmark (left out)", unknown)],
  };
}

function parsed<T>(path: string, line: number, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new DataFileError(
    path,
    line,
    `Expected a row of version 1, but ${issue?.path.join(".")}: ${issue?.message}. Remove the line.`,
  );
}
