/**
 * Answers to E.T. Bench (arXiv 2409.18111): its annotation rows with the model's text in "a". Tasks with options (rar, eca, rvq) are
 * choices, tvg and epm moments; the other tasks have metrics of their own and are named, not brought in.
 */
import * as z from "zod";
import { type Problem, problem, readContent } from "../../../data/index.ts";
import { readLetterTolerantly } from "../../benchmarks/choice-reader.ts";
import { groundingRow, rulesName, settingsOfRules } from "../grounding-row.ts";
import { accuracyOf, parseOf } from "../item-row.ts";
import { makeRow } from "../make-row.ts";
import { type ImportedRun, type ImportOptions, importedRun } from "./imported.ts";
import { nameOf, textRules } from "./moments.ts";

const row = z.looseObject({
  idx: z.number().int(),
  task: z.string(),
  source: z.string(),
  video: z.string(),
  duration: z.number(),
  q: z.string(),
  a: z.string().nullish(),
  tgt: z.array(z.union([z.tuple([z.number(), z.number()]), z.number()])).nullish(),
  o: z.array(z.string()).nullish(),
  p: z.number().int().nullish(),
});
type Row = z.infer<typeof row>;

const choiceTasks = ["rar", "eca", "rvq"];
const momentTasks = ["tvg", "epm"];

/** Read one of the two kinds. Throws an Error where the file holds both and `task` does not say which. */
export function importEtBench(options: ImportOptions): ImportedRun {
  const { path } = options;
  const content = readContent(path);
  const faulty: string[] = [];
  const rows = (content.kind === "rows" ? content.rows : [content.value]).flatMap((value, i): Row[] => {
    const read = row.safeParse(value).data;
    if (!read) faulty.push(`row ${i + 1}`);
    return read ? [read] : [];
  });
  const [choices, moments] = [choiceTasks, momentTasks].map((tasks) =>
    rows.filter(({ task }) => tasks.includes(task)),
  ) as [Row[], Row[]];
  const others = rows
    .filter(({ task }) => !choiceTasks.includes(task) && !momentTasks.includes(task))
    .map(({ task }) => task);
  const counts = [...new Set(others)].map((task) => `${task} (${others.filter((each) => each === task).length})`);
  const problems = [
    ...problem("rows that are no samples of E.T. Bench (left out)", faulty),
    ...problem("tasks with metrics of their own (left out)", counts),
  ];
  if (choices.length > 0 && moments.length > 0 && options.task === undefined)
    throw new Error(
      `Expected one kind of task in ${path}, got moments (tvg, epm) and choices (rar, eca, rvq). Say --task grounding or --task choice.`,
    );
  const isChoice = options.task === "choice" || (options.task === undefined && choices.length > 0);
  const chosen = isChoice ? choices : moments;
  if (chosen.length === 0)
    throw new Error(
      `Expected answers to tvg, epm, rar, eca or rvq in ${path}, got none. Its tasks: ${counts.join(", ") || "none"}.`,
    );
  return isChoice ? choicesOf(chosen, problems, options) : momentsOf(chosen, problems, options);
}

function choicesOf(
  rows: readonly Row[],
  problems: readonly Problem[],
  { path, model = nameOf(path) }: ImportOptions,
): ImportedRun {
  const made = rows.map(({ idx, task, video, source, q, a, o, p }) => {
    const [texts, answerIndex] = [o ?? [], p ?? -1];
    const reading = readLetterTolerantly(a ?? "", texts, answerIndex);
    return makeRow({
      docId: idx,
      doc: { id: `${task}/${idx}`, video, options: texts, answer_index: answerIndex, groups: { task, source } },
      target: texts[answerIndex] ?? "",
      prompt: q,
      reply: a ?? undefined,
      metrics: { accuracy: accuracyOf(reading) },
      parse:
        a === undefined || a === null ? { status: "missing", rule: null, reason: null, raw: null } : parseOf(reading),
    });
  });
  return importedRun(made, problems, {
    ...{ task: "choice", benchmark: "etbench", model, of: made.length, format: "etbench", file: path },
    parts: { parser: "choice" },
  });
}

function momentsOf(rows: readonly Row[], problems: readonly Problem[], options: ImportOptions): ImportedRun {
  const { path, model = nameOf(path) } = options;
  const rules = textRules(options);
  const made = rows.map(({ idx, task, video, duration, q, a, tgt }) => {
    const truths = (tgt ?? []).flatMap((each) => (Array.isArray(each) ? [{ start: each[0], end: each[1] }] : []));
    const query = { id: `${task}/${idx}`, video, duration, query: q, truths };
    return groundingRow(
      { query, answer: typeof a === "string" ? { kind: "text", text: a } : undefined, place: idx },
      rules,
    );
  });
  return importedRun(made, problems, {
    ...{ task: "grounding", benchmark: "etbench", model, settings: settingsOfRules(rules) },
    ...{ of: made.length, format: "etbench", file: path },
    parts: { parser: rulesName(rules) },
  });
}
