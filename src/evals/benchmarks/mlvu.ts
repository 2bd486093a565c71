/**
 * MLVU dev (arXiv 2406.04264), the seven multiple-choice tasks, as lmms-eval asks them. The headline is M-Avg, the mean over
 * tasks; in 2024 the harness printed the mean over questions, which stands beside it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { optionLine } from "../../core/text/index.ts";
import { readAnnotationRows } from "./annotation-rows.ts";
import { type Benchmark, type BenchmarkItem, problem } from "./benchmark.ts";
import { readLetterTolerantly } from "./choice-reader.ts";
import { beforeBracket, rankedLetter, readingOf } from "./letter-extraction.ts";

/** Files of the original release and their tasks by lmms-eval's names. */
const files: readonly (readonly [file: string, task: string])[] = [
  ["1_plotQA", "plotQA"],
  ["2_needle", "needle"],
  ["3_ego", "ego"],
  ["4_count", "count"],
  ["5_order", "order"],
  ["6_anomaly_reco", "anomaly_reco"],
  ["7_topic_reasoning", "topic_reasoning"],
];

const original = z.looseObject({
  video: z.string(),
  question: z.string(),
  candidates: z.array(z.string()).min(2),
  answer: z.string(),
});
const repackaged = z.looseObject({
  video_name: z.string(),
  question: z.string(),
  candidates: z.array(z.string()).min(2),
  answer: z.string().regex(/^[A-Z]$/),
  task_type: z.string(),
});

const mlvuQuestion = z.object({
  id: z.string(),
  video: z.string(),
  task: z.string(),
  /** With its options on lines "(A) x". */
  question: z.string(),
  candidates: z.array(z.string()),
  answerIndex: z.number().int(),
});
type MlvuQuestion = Readonly<z.infer<typeof mlvuQuestion>>;

/** The user's turn; both profiles end in "Best option: (". */
export function mlvuPrompt(question: string, profile: string): string {
  if (profile === "2024-09") return `\n${question}\nOnly give the best option.\n\nBest option: (`;
  return `${question}\nOnly give the best option.\nBest option: (`;
}

function mlvuItem(source: MlvuQuestion, profile: string): BenchmarkItem {
  const { id, video, task, question, candidates, answerIndex } = source;
  const gold = String.fromCharCode(65 + answerIndex);
  const folder = files.find(([, name]) => name === task)?.[0];
  return {
    id,
    video,
    files: [...(folder ? [`video/${folder}/${video}`] : []), video, `videos/${video}`, `video/${video}`],
    prompt: mlvuPrompt(question, profile),
    options: candidates,
    answerIndex,
    groups: { task },
    read: {
      [profile]: (reply) =>
        readingOf(profile === "2024-09" ? beforeBracket(reply) : rankedLetter(reply), gold, profile),
      default: (reply) => readLetterTolerantly(reply, candidates, answerIndex),
    },
    source,
  };
}

const groupings = ["task"];

export const mlvu: Benchmark = {
  name: "mlvu",
  title: "MLVU dev (multiple choice)",
  profiles: ["current", "2024-09"],
  layout: `json/{1_plotQA,...,7_topic_reasoning}.json   rows { video, question, candidates, answer } of the original release
video/1_plotQA/VIDEO.mp4                     for eval only
or mlvu_dev.json(l)                          rows { video_name, question with (A) lines, candidates, answer: "A", task_type }`,
  itemOf: (source, profile) => mlvuItem(mlvuQuestion.parse(source), profile),
  groupings,
  macro: "task",
  open: (folder, profile) => {
    const { questions, problems } = readMlvu(folder);
    const lost = questions.filter(({ answerIndex }) => answerIndex < 0).map(({ id }) => id);
    return {
      name: "mlvu",
      profile,
      items: questions.filter(({ answerIndex }) => answerIndex >= 0).map((question) => mlvuItem(question, profile)),
      problems: [...problems, ...problem("answers that are no option (left out)", lost)],
      maxNewTokens: 16,
      groupings,
      macro: "task",
    };
  },
};

function readMlvu(folder: string) {
  const single = ["mlvu_dev.json", "mlvu_dev.jsonl"].find((name) => existsSync(join(folder, name)));
  if (single !== undefined) {
    const idOf = (row: z.infer<typeof repackaged>) => `${row.task_type}/${row.video_name}/${row.question}`;
    const { rows, problems } = readAnnotationRows(join(folder, single), repackaged, idOf);
    const questions = numbered(rows, ({ video_name, task_type, question, candidates, answer }) => ({
      video: video_name,
      task: task_type,
      question,
      candidates,
      answerIndex: answer.charCodeAt(0) - 65 < candidates.length ? answer.charCodeAt(0) - 65 : -1,
    }));
    return { questions, problems };
  }
  const present = files.filter(([file]) => existsSync(join(folder, "json", `${file}.json`)));
  if (present.length === 0) {
    throw new Error(
      `Expected MLVU's questions (json/1_plotQA.json ... or mlvu_dev.jsonl) in "${folder}", got none. Check --data.`,
    );
  }
  const absent = files.filter((each) => !present.includes(each)).map(([file]) => `json/${file}.json`);
  const parts = present.map(([file, task]) => {
    const { rows, problems } = readAnnotationRows(
      join(folder, "json", `${file}.json`),
      original,
      (row) => `${row.video}/${row.question}`,
    );
    const questions = numbered(rows, ({ video, question, candidates, answer }) => ({
      video,
      task,
      question: [question, ...candidates.map((text, i) => optionLine(i, text))].join("\n"),
      candidates,
      answerIndex: candidates.indexOf(answer),
    }));
    return { questions, problems };
  });
  return {
    questions: parts.flatMap((part) => part.questions),
    problems: [...problem("question files missing", absent), ...parts.flatMap((part) => part.problems)],
  };
}

/** Ids are task, video and place among the questions of that video: "count/count_12.mp4/0". */
function numbered<T>(rows: readonly T[], questionOf: (row: T) => Omit<MlvuQuestion, "id">): MlvuQuestion[] {
  const places = new Map<string, number>();
  return rows.map((row) => {
    const question = questionOf(row);
    const key = `${question.task}/${question.video}`;
    const place = places.get(key) ?? 0;
    places.set(key, place + 1);
    return { id: `${key}/${place}`, ...question };
  });
}
