/**
 * Predictions and released judgements in TempCompass's layout, matched with the questions: {task}.json beside each other,
 * { video: { aspect: [{ question, prediction | response }] } }. What does not fit is counted and named, never guessed.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readAnnotations } from "./annotation-file.ts";
import { type Problem, problem } from "./benchmark.ts";
import { isAspect, questionId, type TempCompassQuestion, tempCompassTasks } from "./tempcompass-data.ts";
import { trimGeminiCaption, trimRekaCaption } from "./tempcompass-judge.ts";
import { cleanReply } from "./tempcompass-rules.ts";

/** Replies by question id, as the file has them: strings, null, or what does not belong there. */
export type Predictions = Readonly<{ replies: ReadonlyMap<string, unknown>; problems: readonly Problem[] }>;

/** Verdicts by question id. What a judge failed at is left out. */
export type Judgements = Readonly<{ verdicts: ReadonlyMap<string, boolean>; problems: readonly Problem[] }>;

const file = z.record(z.string(), z.record(z.string(), z.array(z.unknown())));
const object = z.record(z.string(), z.unknown());

/** Read a folder of predictions. Throws where it has no file of a task, or a file is not of the layout. */
export function readPredictions(folder: string, questions: readonly TempCompassQuestion[]): Predictions {
  const { rows, problems } = readRows(folder, questions, "predictions");
  const replies = new Map([...rows].map(([id, row]) => [id, "prediction" in row ? row.prediction : row.response]));
  const strange = [...replies].filter(([, reply]) => typeof reply !== "string" && reply !== null);
  const nulls = [...replies].filter(([, reply]) => reply === null).map(([id]) => id);
  return {
    replies,
    problems: [
      ...problems,
      ...problem("predictions that are null (wrong)", nulls),
      ...problem(
        "predictions that are no text (wrong)",
        strange.map(([id, reply]) => `${id} (${Array.isArray(reply) ? "array" : typeof reply})`),
      ),
    ],
  };
}

/**
 * Read a folder of released judgements (auto_eval_results/MODEL). Those that were given to another wording are used, because
 * the official figures rest on them (132 of Video-LLaVA's 2,004 captions), and counted.
 */
export function readJudgements(
  folder: string,
  questions: readonly TempCompassQuestion[],
  replies: ReadonlyMap<string, unknown>,
): Judgements {
  const { rows, problems } = readRows(folder, questions, "judgements");
  const verdicts = new Map<string, boolean>();
  const [failed, stale]: [string[], string[]] = [[], []];
  for (const [id, row] of rows) {
    const reply = replies.get(id);
    if (!isAbout(row["video-llm-prediction"], reply)) stale.push(id);
    if (row.rating === 1 || row.rating === 0) verdicts.set(id, row.rating === 1);
    else failed.push(id);
  }
  return {
    verdicts,
    problems: [
      ...problems,
      ...problem("judgements of another wording of the prediction (used: they are what was released)", stale),
      ...problem("judgements without a rating of 0 or 1 (unjudged)", failed),
    ],
  };
}

type Row = Readonly<Record<string, unknown>>;

function readRows(folder: string, questions: readonly TempCompassQuestion[], what: string) {
  const index = indexQuestions(questions);
  const rows = new Map<string, Row>();
  const faults = { extra: [] as string[], twice: [] as string[], aspects: [] as string[], shapeless: [] as string[] };
  const present = tempCompassTasks.filter((task) => existsSync(join(folder, `${task}.json`)));
  if (present.length === 0) {
    const wanted = tempCompassTasks.map((task) => `${task}.json`).join(", ");
    throw new Error(`Expected ${what} (${wanted}) in "${folder}", got none of them. Pass the folder of one model.`);
  }
  for (const task of present) {
    const { value, repeatedKeys } = readAnnotations(join(folder, `${task}.json`), file);
    faults.twice.push(...repeatedKeys.map((key) => `${task}/${key}`));
    for (const [name, aspects] of Object.entries(value)) {
      const video = name.replace(/\.(?:mp4|jpg)$/, "");
      for (const [aspect, list] of Object.entries(aspects)) {
        const where = `${task}/${video}/${aspect}`;
        if (!isAspect(aspect)) {
          faults.aspects.push(where);
          continue;
        }
        list.forEach((raw, place) => {
          const parsed = object.safeParse(raw);
          if (!parsed.success) {
            faults.shapeless.push(`${where}/${place}`);
            return;
          }
          const { question } = parsed.data;
          const known =
            typeof question === "string"
              ? index.byText.get(`${where}\n${question}`)
              : index.byPlace.get(`${where}/${place}`);
          const id = known?.find((each) => !rows.has(each));
          if (id !== undefined) rows.set(id, parsed.data);
          else (known ? faults.twice : faults.extra).push(`${where}/${place}`);
        });
      }
    }
  }
  const asked = questions.filter(({ task }) => present.includes(task)).map(questionId);
  const absent = tempCompassTasks.filter(
    (task) => !present.includes(task) && questions.some((each) => each.task === task),
  );
  const problems = [
    ...problem(
      `files of ${what} missing`,
      absent.map((task) => `${task}.json`),
    ),
    ...problem(
      `questions without ${what}`,
      asked.filter((id) => !rows.has(id)),
    ),
    ...problem(`${what} of no known question (left out)`, faults.extra),
    ...problem(`${what} that occur twice (one counts)`, faults.twice),
    ...problem(`${what} of unknown aspects (left out)`, faults.aspects),
    ...problem(`${what} that are no objects (left out)`, faults.shapeless),
  ];
  return { rows, problems };
}

function indexQuestions(questions: readonly TempCompassQuestion[]) {
  const byText = new Map<string, string[]>();
  const byPlace = new Map<string, string[]>();
  for (const each of questions) {
    const id = questionId(each);
    byPlace.set(id, [id]);
    const key = `${each.task}/${each.video}/${each.aspect}\n${each.question}`;
    byText.set(key, [...(byText.get(key) ?? []), id]);
  }
  return { byText, byPlace };
}

/** Released results hold the prediction after the official clean-up, captions of two models trimmed further. */
function isAbout(judged: unknown, reply: unknown): boolean {
  if (typeof judged !== "string" || typeof reply !== "string") return (judged ?? null) === (reply ?? null);
  const text = cleanReply(judged);
  const clean = cleanReply(reply);
  return text === clean || text === trimGeminiCaption(clean) || text === cleanReply(trimRekaCaption(clean));
}
