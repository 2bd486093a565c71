/**
 * Questions asked of a model in this process and recorded: what was answered earlier is read from the log.
 */
import { join } from "node:path";
import { type ChatModel, userMessage } from "../../src/chat/index.ts";
import { type Answer, evaluate, partsOfSamples, runConfig } from "../../src/evals/index.ts";
import { decoderName, type Frame } from "../../src/media/video/index.ts";
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
  const config = runConfig({
    ...{ task: "choice", benchmark, model: model.name, seed },
    coverage: { samples: samples.length, of: samples.length },
    settings: { maxNewTokens },
    parts: {
      ...partsOfSamples(samples),
      ...{ model: model.fingerprint, sampler, parser: "choice" },
      decoder: frames ? decoderName() : null,
      generation: `at most ${maxNewTokens} tokens, temperature 0`,
    },
  });
  const framesOf = ({ video }: Sample) => (frames ? (frames.get(video) as readonly Frame[]) : []);
  let task: ReturnType<RecipeContext["progress"]["task"]> | undefined;
  const answers = await evaluate({
    samples,
    log: { path: join(folder, `${name}.jsonl`), config },
    signal,
    batch: 128,
    onProgress: ({ done, resumed }) => {
      task ??= progress.task(`ask ${name}`, { total: samples.length, unit: "questions", begun: resumed });
      task.update(done);
    },
    ask: async (asked) => {
      const chats = asked.map((sample) => [userMessage(sample.question, framesOf(sample))]);
      const replies = await model.generateMany(chats, { maxNewTokens, signal });
      return replies.map((reply, i) => {
        return { ...reply, frames: framesOf(asked[i] as Sample).map(({ time, index }) => ({ time, index })) };
      });
    },
  });
  task?.finish(`${answers.filter(({ correct }) => correct).length} of ${answers.length} right`);
  return answers;
}
