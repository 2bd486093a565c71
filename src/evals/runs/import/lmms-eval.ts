/**
 * lmms-eval's sample logs ({date}_samples_{task}.jsonl): a row a sample with `doc_id`, `input`, `target`, `filtered_resps`, `resps`
 * (left out where it says the same), hashes and the task's metrics; the annotation itself is not in them.
 *
 * Moments are told by keys "VIDEO>>>QUERY>>>SPAN" among the metrics, or by a target that is a pair of seconds. Of anything else
 * the options come out of the question's lines, the video out of the metrics, where they tell it; right and wrong are
 * lmms-eval's own where its metrics say so.
 */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { parseJsonFile } from "../../../core/files/index.ts";
import { type MomentQuery, type Problem, problem, readContent } from "../../../data/index.ts";
import { type RunRow, temporalSchema } from "../format/index.ts";
import { groundingRow, rulesName, settingsOfRules } from "../grounding-row.ts";
import { accuracyOf, parseOf } from "../item-row.ts";
import { isLettered, letterReader } from "../letter-readers.ts";
import { makeRow } from "../make-row.ts";
import { type ImportedRun, type ImportOptions, importedRun } from "./imported.ts";
import { lettersOfPrompt, verdictOf } from "./lmms-choice.ts";
import { textRules } from "./moments.ts";

export const lmmsRow = z.looseObject({
  doc_id: z.number().int(),
  target: z.unknown(),
  input: z.unknown().optional(),
  arguments: z.unknown().optional(),
  resps: z.unknown().optional(),
  filtered_resps: z.unknown().optional(),
});
type LmmsRow = z.infer<typeof lmmsRow>;
type Named = Readonly<{ row: LmmsRow; reply: unknown; prompt: string }>;

/** Read a sample log. Throws DataFileError where it is no JSON, an Error where no row fits. */
export function importLmmsEval(options: ImportOptions): ImportedRun {
  const { path } = options;
  const content = readContent(path);
  const seen = new Set<number>();
  const [faulty, twice]: [string[], string[]] = [[], []];
  const rows = (content.kind === "rows" ? content.rows : [content.value]).flatMap((value, i): Named[] => {
    const row = lmmsRow.safeParse(value).data;
    if (!row) faulty.push(`row ${i + 1}`);
    else if (seen.has(row.doc_id)) twice.push(String(row.doc_id));
    if (!row || seen.has(row.doc_id)) return [];
    seen.add(row.doc_id);
    return [{ row, reply: replyIn(row), prompt: promptIn(row) }];
  });
  if (rows.length === 0)
    throw new Error(`Expected samples of lmms-eval in ${path}, got none that fits: ${faulty[0] ?? "no rows"}.`);
  const problems = [
    ...problem("rows that are no samples (left out)", faulty),
    ...problem("doc_ids that occur twice (the first counts)", twice),
  ];
  const task = /_samples_(.+)\.jsonl$/.exec(basename(path))?.[1];
  const results = resultsBeside(path);
  const named = {
    ...options,
    benchmark: options.benchmark ?? task ?? "lmms-eval",
    model: options.model ?? modelOf(path, results),
  };
  const isGrounding = rows.some((each) => queryIn(each) !== null);
  return isGrounding ? moments(rows, problems, named) : choices(rows, problems, named);
}

type NamedOptions = ImportOptions & Readonly<{ benchmark: string; model: string }>;

function moments(rows: readonly Named[], problems: readonly Problem[], options: NamedOptions): ImportedRun {
  const rules = textRules(options);
  const lost: string[] = [];
  const made = rows.flatMap((each) => {
    const query = queryIn(each);
    if (query === null) lost.push(String(each.row.doc_id));
    if (query === null) return [];
    const answer = typeof each.reply === "string" ? { kind: "text" as const, text: each.reply } : undefined;
    const temporal = temporalIn(each.row);
    return [groundingRow({ query, answer, place: each.row.doc_id, prompt: each.prompt, temporal }, rules)];
  });
  return importedRun(made, [...problems, ...problem("samples without a true moment (left out)", lost)], {
    ...{ task: "grounding", benchmark: options.benchmark, model: options.model, settings: settingsOfRules(rules) },
    ...{ of: rows.length, format: "lmms-eval", file: options.path },
    parts: { parser: rulesName(rules) },
  });
}

function choices(rows: readonly Named[], problems: readonly Problem[], options: NamedOptions): ImportedRun {
  const unknown: string[] = [];
  const made = rows.map(({ row, reply, prompt }) => {
    const told = verdictOf(row);
    const { options: texts, answerIndex } = lettersOfPrompt(prompt, String(row.target));
    const doc = { options: [...texts], answer_index: answerIndex, groups: told.groups };
    const reader = isLettered(doc) ? letterReader("lmms-eval", doc) : null;
    const reading =
      reader && typeof reply === "string"
        ? reader(reply)
        : ({ kind: "unparsed", reason: "no letter to look for" } as const);
    const own = told.correct;
    if (own === null && reader === null) unknown.push(String(row.doc_id));
    const isUnread = own === null ? reading.kind === "unparsed" : told.isUnread;
    return makeRow({
      docId: row.doc_id,
      doc: { id: told.id ?? String(row.doc_id), video: told.video ?? String(row.doc_id), ...doc },
      target: String(row.target),
      prompt,
      reply,
      temporal: temporalIn(row),
      metrics: { accuracy: own === null ? (reader ? accuracyOf(reading) : null) : Number(own) },
      parse:
        own === null
          ? parseOf(reading)
          : {
              status: isUnread ? "unparsed" : "read",
              rule: isUnread ? null : "lmms-eval's own",
              reason: isUnread ? "lmms-eval found no answer" : null,
              raw: null,
            },
    });
  });
  const isOwn = made.some(({ temporal }) => temporal.parse.rule === "lmms-eval's own");
  const videos = new Set(made.map(({ doc }) => doc.video)).size;
  return importedRun(
    made,
    [
      ...problems,
      ...problem("samples of which nothing says whether they are right (they count nowhere)", unknown),
      ...(videos === made.length
        ? problem(
            "samples whose log names no video: intervals take them for independent",
            made.map(({ doc }) => doc.id),
          )
        : []),
    ],
    {
      ...{ task: "choice", benchmark: options.benchmark, model: options.model },
      ...{ of: rows.length, format: "lmms-eval", file: options.path },
      parts: { parser: isOwn ? "lmms-eval's own" : "lmms-eval" },
    },
  );
}

/** "VIDEO>>>QUERY>>>[s, e]" among the metrics, else a target of two seconds. */
function queryIn({ row, prompt }: Named): MomentQuery | null {
  for (const value of Object.values(row)) {
    if (typeof value !== "object" || value === null) continue;
    const key = Object.keys(value).find((each) => each.split(">>>").length >= 3);
    if (key === undefined) continue;
    const [video = "", ...rest] = key.split(">>>");
    const truths = spansIn(rest.at(-1) ?? "");
    if (truths === null) continue;
    const query = rest.slice(0, -1).join(">>>");
    return {
      id: String(row.doc_id),
      video: video.replace(/\.(?:mp4|mkv|webm|avi|mov)$/i, ""),
      duration: Infinity,
      query,
      truths,
    };
  }
  const truths = spansIn(row.target);
  return truths === null
    ? null
    : { id: String(row.doc_id), video: String(row.doc_id), duration: Infinity, query: prompt, truths };
}

const pair = z.tuple([z.number(), z.number()]);
const spans = z.union([pair.transform((one) => [one]), z.array(pair).min(1)]);

function spansIn(value: unknown): MomentQuery["truths"] | null {
  let raw = value;
  if (typeof value === "string") {
    try {
      raw = JSON.parse(value.replaceAll("(", "[").replaceAll(")", "]"));
    } catch {
      return null;
    }
  }
  const parsed = spans.safeParse(raw);
  return parsed.success
    ? parsed.data.map(([start, end]) => ({ start: Math.min(start, end), end: Math.max(start, end) }))
    : null;
}

/** What a log that came from here tells of the video. */
function temporalIn(row: LmmsRow): Partial<RunRow["temporal"]> {
  const told = temporalSchema.safeParse(row.temporal).data;
  if (!told) return {};
  const { frames, sampler, decoder, clip, media, finish } = told;
  return { frames, sampler, decoder, clip, media, finish };
}

/** The first reply, out of however many lists. */
function replyIn({ resps, filtered_resps: filtered }: LmmsRow): unknown {
  let value = resps ?? filtered;
  while (Array.isArray(value)) value = value[0] as unknown;
  return value;
}

function promptIn({ input, arguments: asked }: LmmsRow): string {
  let value = input ?? asked;
  while (Array.isArray(value)) value = value[0] as unknown;
  return typeof value === "string" ? value : "";
}

const resultsSchema = z.looseObject({ model_name: z.string().optional(), model_source: z.string().optional() });

/** The results file of the same run: {date}_results.json. */
function resultsBeside(path: string): z.infer<typeof resultsSchema> | undefined {
  const file = join(dirname(path), basename(path).replace(/_samples_.+$/, "_results.json"));
  return file !== path && existsSync(file) ? resultsSchema.safeParse(parseJsonFile(file)).data : undefined;
}

/** The log's folder is named after the model. */
function modelOf(path: string, results: z.infer<typeof resultsSchema> | undefined): string {
  return results?.model_name || results?.model_source || basename(dirname(path)) || "lmms-eval";
}
