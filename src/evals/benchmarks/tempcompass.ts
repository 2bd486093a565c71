/**
 * TempCompass (arXiv 2403.00476): four task formats, five temporal aspects, eleven fine ones. Whatever lies in its layout is
 * evaluated by the same code, synthetic benchmarks included.
 */
import type { Benchmark, BenchmarkItem } from "./benchmark.ts";
import {
  questionId,
  readTempCompass,
  type TempCompassQuestion,
  tempCompassQuestionSchema,
} from "./tempcompass-data.ts";
import { judgingOf } from "./tempcompass-judge.ts";
import { answerPrompts } from "./tempcompass-prompts.table.ts";
import { optionsOf, readTolerantly } from "./tempcompass-readers.ts";
import { readOfficially } from "./tempcompass-rules.ts";

const layout = `questions/{multi-choice,yes_no,caption_matching,captioning}.json   { video: { aspect: [{ question, answer }] } }
meta_info.json                                                     fine aspects
videos/VIDEO.mp4                                                   for eval only`;

export type TempCompassLikeOptions = Readonly<{
  /** Makes the data where there is none. */
  make?: Benchmark["make"];
  /** Items by task, where the size is fixed. */
  released?: Readonly<Record<string, number>>;
}>;

/** A benchmark in TempCompass's layout under a name of its own. */
export function tempCompassLike(name: string, title: string, options: TempCompassLikeOptions = {}): Benchmark {
  const { make, released } = options;
  const groupings = ["task", "aspect", "fine aspect"];
  return {
    name,
    title,
    family: "tempcompass",
    profiles: ["official"],
    layout,
    open: (folder, profile) => {
      const { questions, problems } = readTempCompass(folder);
      return {
        name,
        profile,
        items: questions.map(tempCompassItem),
        problems,
        maxNewTokens: 128,
        groupings,
        ...(released && { released }),
      };
    },
    itemOf: (source) => tempCompassItem(tempCompassQuestionSchema.parse(source)),
    groupings,
    ...(make && { make }),
  };
}

export const tempCompass = tempCompassLike("tempcompass", "TempCompass", {
  released: { "multi-choice": 1580, yes_no: 2453, caption_matching: 1503, captioning: 2004 },
});

/** A question as an item. */
export function tempCompassItem(question: TempCompassQuestion): BenchmarkItem {
  const { task, video, aspect, fine } = question;
  const options = optionsOf(question);
  const judging = judgingOf(question);
  return {
    id: questionId(question),
    video,
    files: [`videos/${video}.mp4`, `videos/${video}`, `${video}.mp4`],
    prompt: `${question.question}${answerPrompts[task]}`,
    options: options.texts,
    answerIndex: options.answerIndex,
    groups: { task, aspect: `${task}: ${aspect}`, ...(fine && { "fine aspect": `${task}: ${fine}` }) },
    read: {
      official: (reply) => readOfficially(question, reply),
      default: (reply) => readTolerantly(task, options, reply),
    },
    ...(judging && { judging }),
    ...(task === "captioning" && { isFreeText: true }),
    source: question,
  };
}
