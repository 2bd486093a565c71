/**
 * Where the questions of a study come from: the synthetic world, drawn for the seed, or a file of questions about videos.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { evenTimeline, timeAt } from "../../core/time/index.ts";
import { type SamplerName, sampleFrames, samplers } from "../../media/sampling/index.ts";
import { type Frame, openVideo } from "../../media/video/index.ts";
import { probingText, worldBenchmark } from "../../tasks/index.ts";
import { frameCountOf, renderFrame, type Script, sampledFrames } from "../../world/index.ts";
import type { StudyQuestion } from "./knock-out-study.ts";

/** Side of the world's films in pixels, as zoetrope-micro was trained on. */
const worldSide = 128;

/** `perTask` questions of each of the world's tasks on new films for every seed, temporal and static, eight frames each. */
export function worldQuestions(seeds: readonly number[], { perTask }: Readonly<{ perTask: number }>): StudyQuestion[] {
  return seeds.flatMap((seed) => {
    const { videos, samples } = worldBenchmark(seed, { perTask });
    const scripts = new Map(videos.map(({ id, script }) => [id, script]));
    const drawn = keepLast((id: string) => Promise.resolve(framesOf(scripts.get(id) as Script)));
    return samples
      .toSorted((a, b) => (a.video < b.video ? -1 : a.video > b.video ? 1 : 0))
      .map(
        ({ id, video, task, kind, question, options, answerIndex }): StudyQuestion => ({
          ...{ id, video, groups: [kind, task], run: seed },
          async load() {
            const shown = { type: "video", frames: await drawn(video) } as const;
            return { id, video, shown, text: question, options, answer: answerIndex };
          },
        }),
      );
  });
}

function framesOf(script: Script): Frame[] {
  const line = evenTimeline(frameCountOf(script), script.fps);
  return samplers.linspace(line, sampledFrames).map((index) => {
    const time = timeAt(line, index);
    return { index, time, image: renderFrame(script, time, { width: worldSide, height: worldSide }) };
  });
}

const rowSchema = z.object({
  id: z.string().optional(),
  video: z.string(),
  question: z.string().min(1),
  options: z.array(z.string().min(1)).min(2).max(26),
  /** An option, word for word, or its index from 0. */
  answer: z.union([z.string(), z.int().nonnegative()]),
  task: z.string().optional(),
});

/**
 * Questions of a JSON Lines file: { video, question, options, answer, id?, task? }, videos by their path from the file. Throws
 * an Error that names file and line.
 */
export function questionsOfFile(
  path: string,
  { frames, sampler }: Readonly<{ frames: number; sampler: SamplerName }>,
): StudyQuestion[] {
  const decoded = keepLast(async (file: string) => {
    await using video = await openVideo(file);
    return { frames: await sampleFrames(video, sampler, frames), duration: video.duration };
  });
  const lines = readFileSync(path, "utf8").split("\n");
  const questions = lines.flatMap((line, i): StudyQuestion[] => {
    if (line.trim() === "") return [];
    const row = readRow(line, `${path}, line ${i + 1}`);
    const file = resolve(dirname(path), row.video);
    const answer = typeof row.answer === "number" ? row.answer : row.options.indexOf(row.answer);
    if (row.options[answer] === undefined) {
      throw new Error(`Expected the answer in ${path}, line ${i + 1}, to be one of its options, got "${row.answer}".`);
    }
    const id = row.id ?? String(i + 1);
    return [
      {
        ...{ id, video: row.video, groups: ["all", ...(row.task === undefined ? [] : [row.task])], run: 0 },
        async load() {
          const shown = { type: "video", path: file, ...(await decoded(file)) } as const;
          const text = probingText({ stem: row.question, options: row.options, answerIndex: answer });
          return { id, video: row.video, shown, text, options: row.options, answer };
        },
      },
    ];
  });
  const ids = new Set(questions.map(({ id }) => id));
  if (questions.length > 0 && ids.size === questions.length) return questions;
  throw new Error(`Expected questions with ids of their own in ${path}, got ${questions.length} with ${ids.size} ids.`);
}

function readRow(line: string, where: string): z.output<typeof rowSchema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error(`Expected a JSON object in ${where}, got "${line.slice(0, 60)}".`);
  }
  const row = rowSchema.safeParse(value);
  if (row.success) return row.data;
  throw new Error(`Expected { video, question, options, answer } in ${where}: ${z.prettifyError(row.error)}.`);
}

/** The last one is kept: questions about one video come one after another. */
function keepLast<T>(make: (key: string) => Promise<T>): (key: string) => Promise<T> {
  let last: Readonly<{ key: string; made: Promise<T> }> | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, made: make(key) };
    return last.made;
  };
}
