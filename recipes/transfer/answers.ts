/**
 * Questions asked of a model in this process and recorded: what was answered earlier is read from the log.
 */
import { join } from "node:path";
import { type ChatModel, userMessage } from "../../src/chat/index.ts";
import { type Answer, evaluate, openRunLog } from "../../src/evals/index.ts";
import type { Frame } from "../../src/media/video/index.ts";
import type { Sample } from "../../src/tasks/index.ts";
import type { RecipeContext } from "../recipe.ts";

export type Asking = Readonly<{
  /** Of the log in the folder. */
  name: string;
  folder: string;
  benchmark: string;
  /** How the frames were chosen. */
  sampler: string;
  seed: number;
  samples: readonly Sample[];
  /** By video; without any, the questions hold all that is shown. */
  frames?: ReadonlyMap<string, readonly Frame[]>;
}>;

const maxNewTokens = 24;

export async function answersOf(
  model: ChatModel,
  { name, folder, benchmark, sampler, seed, samples, frames }: Asking,
  { progress, signal }: RecipeContext,
): Promise<Answer[]> {
  const log = openRunLog(join(folder, `${name}.jsonl`), {
    ...{ benchmark, sampler, seed },
    ...{ model: model.fingerprint, prompt: "probing", parser: "parseChoice" },
    coverage: { questions: samples.length, of: samples.length },
  });
  const task = progress.task(`ask ${name}`, { total: samples.length, unit: "questions", begun: log.answers.length });
  const framesOf = ({ video }: Sample) => (frames ? (frames.get(video) as readonly Frame[]) : []);
  try {
    const answers = await evaluate({
      samples,
      log,
      signal,
      batch: 128,
      onProgress: ({ done }) => task.update(done),
      ask: async (asked) => {
        const chats = asked.map((sample) => [userMessage(sample.question, framesOf(sample))]);
        const replies = await model.generateMany(chats, { maxNewTokens, signal });
        return replies.map(({ text }, i) => {
          return { text, frames: framesOf(asked[i] as Sample).map(({ time, index }) => ({ time, index })) };
        });
      },
    });
    task.finish(`${answers.filter(({ correct }) => correct).length} of ${answers.length} right`);
    return answers;
  } finally {
    log.close();
  }
}
