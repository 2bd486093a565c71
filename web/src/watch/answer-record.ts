/** An answer as a file: what was asked, of whom, with which frames at which times, and what came of it. */
import type { NumberedAnswer } from "./AnswerCard.tsx";

export function answerRecord({ answer, video }: Pick<NumberedAnswer, "answer" | "video">) {
  const { request, frames, ...rest } = answer;
  const { intent, text, readout, prompt, fps, budget } = request;
  return {
    format: "zoetrope-answer",
    version: 1,
    video,
    asked: { intent, text, readout, prompt, fps, budget },
    model: rest.model,
    fingerprint: rest.fingerprint,
    prompt: rest.prompt,
    reply: rest.reply,
    reading: rest.reading,
    spans: rest.spans.map(({ start, end }) => [start, end]),
    frames: frames.map(({ time, index, number, words }, i) => ({
      i,
      pts: time,
      src_index: index,
      ...(number !== null && { number }),
      ...(words !== null && { words }),
    })),
    tokens: { read: rest.promptTokens, written: rest.newTokens },
    seconds: rest.seconds,
  };
}
