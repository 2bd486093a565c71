/**
 * TVBench (arXiv 2410.07752): ten tasks that one frame or the text alone should not solve; MVBench's layout.
 *
 * Profile official is the repository's notebook (daniel-cores/tvbench at fd86e788): its reply is begun for the model with
 * "Best option:(", which here ends the user's turn; its matching takes an empty reply for right, since "(" is part of "(a)".
 * Profile current is lmms-eval at 35f10d91.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { optionLetter, optionLine } from "../../core/text/index.ts";
import { span } from "../../core/time/index.ts";
import { readAnnotationRows } from "./annotation-rows.ts";
import { type Benchmark, type BenchmarkItem, problem, type Reading } from "./benchmark.ts";
import { readLetterTolerantly } from "./choice-reader.ts";
import { readingOf, standaloneLetter } from "./letter-extraction.ts";

export const tvbenchTasks = [
  "action_antonym",
  "action_count",
  "action_localization",
  "action_sequence",
  "egocentric_sequence",
  "moving_direction",
  "object_count",
  "object_shuffle",
  "scene_transition",
  "unexpected_action",
] as const;

/** Tasks whose rows bound the part of the video that is asked about. */
const bounded: readonly string[] = ["action_localization", "action_sequence"];

const system =
  "Carefully watch the video and pay attention to the cause and sequence of events, the detail and movement of objects, and the action and pose of persons. Based on your observations, select the best option that accurately addresses the question.\n";

const row = z.looseObject({
  video: z.string(),
  question: z.string(),
  candidates: z.array(z.string()).min(2),
  answer: z.string(),
  start: z.number().nullish(),
  end: z.number().nullish(),
});
export type TvbenchRow = z.infer<typeof row>;

/** The user's turn of a profile. */
export function tvbenchPrompt(
  { question, candidates }: Pick<TvbenchRow, "question" | "candidates">,
  profile: string,
): string {
  if (profile === "current") {
    const lines = candidates.map((text, i) => `${optionLetter(i)}. ${text}`);
    return [question.trim(), ...lines, "Answer with the option letter only."].join("\n");
  }
  const lines = candidates.map((text, i) => optionLine(i, text));
  return `${system}Question: ${question}\nOptions:\n${lines.join("\n").trimEnd()}\nOnly give the best option.\nBest option:(`;
}

/** The notebook's check_ans on "(" + the reply's first line. */
export function matchTvbench(reply: string, gold: string): Reading {
  const said = `(${reply.trim().split("\n")[0]}`.toLowerCase().split(" ")[0] as string;
  const option = gold.toLowerCase().split(" ")[0] as string;
  if (option.includes(said.replaceAll(".", "")) || said.includes(option))
    return { kind: "read", correct: true, rule: "official" };
  if (/^\(\(?[a-z][).:,]*$/.test(said)) return { kind: "read", correct: false, rule: "official" };
  return { kind: "unparsed", reason: "no letter at the start of the reply" };
}

/** A row with its task and its place in the task's file. */
const placedRow = z.object({ task: z.string(), place: z.number().int(), row });
type PlacedRow = Readonly<z.infer<typeof placedRow>>;

function tvbenchItem(placed: PlacedRow, profile: string): BenchmarkItem {
  const { task, place, row: each } = placed;
  const { video, candidates, answer, start, end } = each;
  const answerIndex = candidates.indexOf(answer);
  const official = (reply: string) => matchTvbench(reply, optionLine(answerIndex, answer));
  const current = (reply: string) => readingOf(standaloneLetter(reply, candidates), optionLetter(answerIndex), profile);
  const hasBounds =
    bounded.includes(task) && typeof start === "number" && typeof end === "number" && start >= 0 && end > start;
  return {
    id: `${task}/${place}`,
    video: `${task}/${video}`,
    files: [`video/${task}/${video}`, `videos/${task}/${video}`, `${task}/${video}`, `video/${video}`],
    ...(hasBounds && { span: span(start, end) }),
    prompt: tvbenchPrompt(each, profile),
    options: candidates,
    answerIndex,
    groups: { task },
    read: {
      [profile]: profile === "official" ? official : current,
      default: (reply) => readLetterTolerantly(reply, candidates, answerIndex),
    },
    source: placed,
  };
}

const groupings = ["task"];

export const tvbench: Benchmark = {
  name: "tvbench",
  title: "TVBench",
  profiles: ["official", "current"],
  layout: `json/TASK.json           rows { video, question, candidates, answer, start?, end? } for each of the ten tasks
video/TASK/VIDEO.mp4     for eval only`,
  itemOf: (source, profile) => tvbenchItem(placedRow.parse(source), profile),
  groupings,
  open: (folder, profile) => {
    const present = tvbenchTasks.filter((task) => existsSync(join(folder, "json", `${task}.json`)));
    if (present.length === 0) {
      throw new Error(
        `Expected TVBench's questions (json/action_antonym.json ...) in "${folder}", got none. Check --data.`,
      );
    }
    const absent = tvbenchTasks.filter((task) => !present.includes(task)).map((task) => `json/${task}.json`);
    const parts = present.map((task) => {
      let count = 0;
      const path = join(folder, "json", `${task}.json`);
      // Rows have no ids and may repeat: their place in the file is the id.
      const { rows, problems } = readAnnotationRows(path, row, () => String(count++));
      const items = rows.map((each, place) => tvbenchItem({ task, place, row: each }, profile));
      return { items, problems };
    });
    const items = parts.flatMap((part) => part.items);
    const lost = items.filter(({ answerIndex }) => answerIndex < 0).map(({ id }) => id);
    return {
      name: "tvbench",
      profile,
      items: items.filter(({ answerIndex }) => answerIndex >= 0),
      problems: [
        ...problem("question files missing", absent),
        ...parts.flatMap((part) => part.problems),
        ...problem("answers that are no option (left out)", lost),
      ],
      maxNewTokens: 100,
      groupings,
    };
  },
};
