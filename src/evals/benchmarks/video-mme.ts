/**
 * Video-MME (arXiv 2405.21075) without subtitles: 2,700 questions on 900 videos, as lmms-eval asks them.
 *
 * Profile 2024-09 is lmms-eval at ee27be71, T3's time: options as a Python list literal, the first capital A-D. Profile
 * current puts options on lines and ranks letters. Scores of the two do not compare.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { optionLetter } from "../../core/text/index.ts";
import { readAnnotationRows } from "./annotation-rows.ts";
import type { Benchmark, BenchmarkItem } from "./benchmark.ts";
import { problem } from "./benchmark.ts";
import { readLetterTolerantly } from "./choice-reader.ts";
import { firstCapital, rankedLetter, readingOf } from "./letter-extraction.ts";
import { pythonList } from "./python-literal.ts";

const row = z.looseObject({
  question_id: z.string(),
  videoID: z.string(),
  duration: z.string(),
  task_type: z.string(),
  question: z.string(),
  options: z.array(z.string()).min(2),
  answer: z.string().regex(/^[A-Z]$/),
});
export type VideoMmeRow = z.infer<typeof row>;

const names = ["video-mme.json", "video-mme.jsonl", "test.json", "test.jsonl", "videomme.json", "videomme.jsonl"];
const opening =
  "Select the best answer to the following multiple-choice question based on the video and the subtitles. Respond with only the letter (A, B, C, or D) of the correct option.";
const closing = "\nAnswer with the option's letter from the given choices directly.";

/** The user's turn: the opening, the question, its options in the profile's shape, the closing. */
export function videoMmePrompt(
  { question, options }: Pick<VideoMmeRow, "question" | "options">,
  profile: string,
): string {
  const listed = profile === "2024-09" ? pythonList(options) : options.join("\n");
  return `${opening}\n${question}\n${listed}\n${closing}`;
}

function videoMmeItem(each: VideoMmeRow, profile: string): BenchmarkItem {
  const texts = each.options.map((option) => option.replace(/^\s*[A-Z][.)]\s*/, ""));
  const { question_id: id, videoID: video, answer } = each;
  return {
    id,
    video,
    files: ["data", "videos", "video", "."].flatMap((folder) =>
      ["mp4", "MP4", "mkv"].map((end) => `${folder}/${video}.${end}`),
    ),
    prompt: videoMmePrompt(each, profile),
    options: texts,
    answerIndex: answer.charCodeAt(0) - 65,
    groups: { duration: each.duration, "task type": each.task_type },
    read: {
      [profile]: (reply) =>
        readingOf(profile === "2024-09" ? firstCapital(reply) : rankedLetter(reply), answer, profile),
      default: (reply) => readLetterTolerantly(reply, texts, answer.charCodeAt(0) - 65),
    },
    source: each,
  };
}

const groupings = ["duration", "task type"];

export const videoMme: Benchmark = {
  name: "video-mme",
  title: "Video-MME (no subtitles)",
  profiles: ["current", "2024-09"],
  layout: `video-mme.json or .jsonl   rows { question_id, videoID, duration, task_type, question, options: ["A. x", ...], answer: "A" }
data/VIDEO.mp4             for eval only (.MP4 and .mkv too)`,
  itemOf: (source, profile) => videoMmeItem(row.parse(source), profile),
  groupings,
  open: (folder, profile) => {
    const file = names.find((name) => existsSync(join(folder, name)));
    if (file === undefined) {
      throw new Error(
        `Expected Video-MME's rows (video-mme.json or .jsonl) in "${folder}", got none. Export them from the parquet file.`,
      );
    }
    const { rows, problems } = readAnnotationRows(join(folder, file), row, ({ question_id }) => question_id);
    const outside = rows.filter(({ options, answer }) => answer > optionLetter(options.length - 1));
    const items = rows.filter((each) => !outside.includes(each)).map((each) => videoMmeItem(each, profile));
    return {
      name: "video-mme",
      profile,
      items,
      problems: [
        ...problems,
        ...problem(
          "answers that are no option (left out)",
          outside.map((each) => each.question_id),
        ),
      ],
      maxNewTokens: 16,
      groupings,
      released: { short: 900, medium: 900, long: 900 },
    };
  },
};
