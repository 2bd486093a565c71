/**
 * What quantised weights cost zoetrope-micro in answers: static questions about held-out world videos, answered as float32, int8
 * and int4. `--per-task N` (default 50) questions of each of six tasks, `--model NAME` another shipped model.
 */
import { openLocalModel, userMessage } from "../src/chat/index.ts";
import { evenTimeline, timeAt } from "../src/core/time/index.ts";
import { evaluate } from "../src/evals/index.ts";
import { samplers } from "../src/media/sampling/index.ts";
import type { Frame } from "../src/media/video/index.ts";
import { weightTypes } from "../src/nn/models/index.ts";
import { worldBenchmark } from "../src/tasks/index.ts";
import { frameCountOf, renderFrame, type Script, sampledFrames } from "../src/world/index.ts";
import { type Figures, flagValue } from "./bench.ts";

export const name = "quantisation";

const size = { width: 128, height: 128 };

export async function run(flags: readonly string[]): Promise<Figures> {
  const reference = flagValue(flags, "--model") ?? "micro";
  const { videos, samples } = worldBenchmark("quantisation", { perTask: Number(flagValue(flags, "--per-task") ?? 50) });
  const asked = samples.filter(({ kind }) => kind === "static");
  const scripts = new Map(videos.map(({ id, script }) => [id, script]));
  const frames = new Map(asked.map(({ video }) => [video, framesOf(scripts.get(video) as Script)]));
  const figures: Record<string, number | string> = { model: reference, questions: asked.length };
  const texts = new Map<string, readonly string[]>();
  for (const weights of weightTypes) {
    const model = openLocalModel(reference, { weights });
    const said: string[] = [];
    const answers = await evaluate({
      samples: asked,
      batch: 128,
      ask: async (batch) => {
        const chats = batch.map(({ question, video }) => [userMessage(question, frames.get(video) as Frame[])]);
        const replies = await model.generateMany(chats, { maxNewTokens: 24 });
        said.push(...replies.map(({ text }) => text));
        return replies.map((reply) => ({ ...reply, frames: [] }));
      },
    });
    await model.dispose();
    texts.set(weights, said);
    const same = said.filter((text, i) => text === texts.get("float32")?.[i]).length;
    figures[`${weights}.accuracy`] = answers.filter(({ correct }) => correct).length / answers.length;
    figures[`${weights}.sameAnswer`] = same / said.length;
  }
  return figures;
}

function framesOf(script: Script): Frame[] {
  const line = evenTimeline(frameCountOf(script), script.fps);
  return samplers.linspace(line, sampledFrames).map((index) => {
    const time = timeAt(line, index);
    return { image: renderFrame(script, time, size), time, index };
  });
}
