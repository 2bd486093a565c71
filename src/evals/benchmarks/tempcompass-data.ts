/**
 * TempCompass's questions as its repository lays them out (llyx97/TempCompass at e1b4631, CC BY-NC 4.0):
 * questions/{task}.json and meta_info.json, both { video: { aspect: ... } }.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readAnnotations } from "./annotation-file.ts";
import { type Problem, problem } from "./benchmark.ts";

export const tempCompassTasks = ["multi-choice", "yes_no", "caption_matching", "captioning"] as const;
export type TempCompassTask = (typeof tempCompassTasks)[number];

export const tempCompassAspects = ["action", "direction", "speed", "order", "attribute_change"] as const;
export type TempCompassAspect = (typeof tempCompassAspects)[number];

export const fineAspects = [
  "fine-grained action",
  "coarse-grained action",
  "object motion",
  "camera motion",
  "absolute speed",
  "relative speed",
  "order",
  "color & light change",
  "size & shape change",
  "combined change",
  "other change",
] as const;
export type FineAspect = (typeof fineAspects)[number];

/** One question; `place` counts from 0 within its video and aspect. */
export type TempCompassQuestion = Readonly<{
  task: TempCompassTask;
  video: string;
  aspect: TempCompassAspect;
  place: number;
  /** Null where meta_info.json does not say. */
  fine: FineAspect | null;
  question: string;
  answer: string;
  /** The first multiple-choice question of the same video and aspect, which captions are judged by; null where there is none. */
  choice: Readonly<{ question: string; answer: string }> | null;
}>;

/** A question as a run log keeps it. */
export const tempCompassQuestionSchema: z.ZodType<TempCompassQuestion> = z.object({
  task: z.enum(tempCompassTasks),
  video: z.string(),
  aspect: z.enum(tempCompassAspects),
  place: z.number().int(),
  fine: z.enum(fineAspects).nullable(),
  question: z.string(),
  answer: z.string(),
  choice: z.object({ question: z.string(), answer: z.string() }).nullable(),
});

export type TempCompassQuestions = Readonly<{
  questions: readonly TempCompassQuestion[];
  problems: readonly Problem[];
}>;

const questionFile = z.record(
  z.string(),
  z.record(z.string(), z.array(z.object({ question: z.string(), answer: z.string() }))),
);
type QuestionFile = z.infer<typeof questionFile>;

const metaFile = z.record(
  z.string(),
  z.looseObject({ eval_dim: z.record(z.string(), z.looseObject({ type: z.string().nullish() }).nullable()) }),
);

/** Read the questions of every task that the folder has. Throws DataFileError where there is none or a file is no such file. */
export function readTempCompass(folder: string): TempCompassQuestions {
  const files = new Map<TempCompassTask, QuestionFile>();
  const repeated: string[] = [];
  for (const task of tempCompassTasks) {
    const path = join(folder, "questions", `${task}.json`);
    if (!existsSync(path)) continue;
    const { value, repeatedKeys } = readAnnotations(path, questionFile);
    files.set(task, value);
    repeated.push(...repeatedKeys.map((key) => `${task}/${key}`));
  }
  if (files.size === 0) {
    const wanted = tempCompassTasks.map((task) => `questions/${task}.json`).join(", ");
    throw new Error(`Expected TempCompass's questions (${wanted}) in "${folder}", got none of them. Check --data.`);
  }
  const metaPath = join(folder, "meta_info.json");
  const meta = existsSync(metaPath) ? readAnnotations(metaPath, metaFile, 1).value : null;
  const unknown = new Set<string>();
  const questions = [...files].flatMap(([task, file]) =>
    Object.entries(file).flatMap(([video, aspects]) =>
      Object.entries(aspects).flatMap(([aspect, list]) => {
        if (!isAspect(aspect)) {
          unknown.add(`${task}/${video}/${aspect}`);
          return [];
        }
        const fine = fineAspectOf(aspect, meta?.[baseName(video)]?.eval_dim[aspect]?.type);
        const choice = files.get("multi-choice")?.[video]?.[aspect]?.[0] ?? null;
        return list.map((each, place): TempCompassQuestion => ({ task, video, aspect, place, fine, ...each, choice }));
      }),
    ),
  );
  const missing = tempCompassTasks.filter((task) => !files.has(task)).map((task) => `questions/${task}.json`);
  const blind = new Set(questions.filter(({ fine }) => fine === null).map(({ video, aspect }) => `${video}/${aspect}`));
  const problems = [
    ...problem("question files missing", missing),
    ...problem("keys that stand twice in a question file (the last one counts)", repeated),
    ...problem("unknown aspects among the questions (left out)", [...unknown]),
    ...problem("no fine aspect in meta_info.json", [...blind]),
  ];
  return { questions, problems };
}

/** "multi-choice/1021488277_reverse/order/0" */
export function questionId({ task, video, aspect, place }: TempCompassQuestion): string {
  return `${task}/${video}/${aspect}/${place}`;
}

export function isAspect(name: string): name is TempCompassAspect {
  return (tempCompassAspects as readonly string[]).includes(name);
}

/** Order has no fine aspects: its meta entries are patchy and two carry a stray type. */
function fineAspectOf(aspect: TempCompassAspect, type: string | null | undefined): FineAspect | null {
  if (aspect === "order") return "order";
  return fineAspects.find((name) => name === type) ?? null;
}

function baseName(video: string): string {
  return video.replace(/\.(?:jpg|mp4)/g, "");
}
