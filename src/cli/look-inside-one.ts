/** `zoetrope look-inside VIDEO QUESTION`: everything about one question. */
import { join } from "node:path";
import { localModel, userMessage } from "../chat/index.ts";
import { writeAtomically } from "../core/files/index.ts";
import { sampleFrames } from "../media/sampling/index.ts";
import { type Frame, openVideo } from "../media/video/index.ts";
import { exportFeatures, type LookQuestion, type LookRecord, likeliestAnswer, lookInside } from "../probes/index.ts";
import { frameStrip, writeLookReport } from "../report/index.ts";
import { probingText } from "../tasks/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { commandOf, type LookFlags, nameOf, type Opened } from "./look-inside-flags.ts";
import { formatLook, lookSummary } from "./look-inside-text.ts";
import { optionTexts } from "./option-flag.ts";

export async function lookAtOne(
  opened: Opened,
  { video, question, flags }: Readonly<{ video: string; question: string; flags: LookFlags }>,
  context: CommandContext,
): Promise<void> {
  const { parts, reader, box, width, every, knockOuts, frames: budget, sampler, words, kept } = opened;
  const began = performance.now();
  const signal = context.interruptible("Stopping.");
  await using file = await openVideo(video);
  const frames = await sampleFrames(file, sampler, budget);
  const asked = await askedOf({ video, question, flags, frames, duration: file.duration }, opened, signal);
  const folder = flags.out ?? join("runs", `look-inside-${nameOf(flags.model)}-${nameOf(video)}`);
  const task = context.progress().task("interventions", { total: 1, unit: "runs" });
  const { result, prepared, observation } = await lookInside({ tokenizer: parts.tokenizer, reader, box }, asked, {
    ...{ knockOuts, width, every, words, heads: flags.heads ?? false, rowsOfFrame: 4, signal },
    hidden: kept.includes("hidden"),
    attention: kept.includes("attention"),
    onProgress: (done, of) => task.update(done / of, `${done} of ${of}`),
  });
  task.finish();
  const features = join(folder, "features.safetensors");
  const shapes = kept.length === 0 ? null : exportFeatures(features, observation, prepared.view.prompt.ids.length);
  const model = localModel(parts);
  const record: LookRecord = {
    ...{ format: "zoetrope-look-inside", version: 1, model: flags.model, fingerprint: model.fingerprint },
    question: {
      ...{ video, text: asked.text, options: asked.options, sampler },
      frames: frames.map(({ time, index }) => ({ time, index })),
    },
    ...{ width, every, ...result },
    features: shapes === null ? null : { file: "features.safetensors", shapes },
  };
  await model.dispose();
  const report = join(folder, "report.html");
  const seconds = (performance.now() - began) / 1000;
  writeAtomically(join(folder, "look-inside.json"), [`${JSON.stringify(record)}\n`]);
  writeLookReport(report, { record, strip: await frameStrip(frames), command: commandOf(flags), seconds });
  if (flags.json)
    printJson({ command: "look-inside", summary: lookSummary(record, seconds), report, folder, ...record });
  else printText(`${formatLook(record)}\n\nReport: ${report}`);
}

type Asking = Readonly<{
  video: string;
  question: string;
  flags: LookFlags;
  frames: readonly Frame[];
  duration: number;
}>;

/** The question with its right answer: an option, a text, or what the model itself says. */
async function askedOf(
  { video, question, flags, frames, duration }: Asking,
  opened: Opened,
  signal: AbortSignal,
): Promise<LookQuestion> {
  const stem = question.trim();
  if (stem === "") throw new RangeError(`Expected a question about "${video}", got an empty one.`);
  const options = flags.options === undefined ? [] : optionTexts(flags.options);
  const text = options.length === 0 ? stem : probingText({ stem, options, answerIndex: 0 });
  const shown = { type: "video", path: video, frames, duration } as const;
  const base = { id: video, video, shown, text, options };
  if (options.length > 0) {
    if (flags.answer === undefined) {
      const question = { ...base, answer: 0 };
      return { ...question, answer: await likeliestAnswer(opened, question, signal) };
    }
    const answer = options.indexOf(flags.answer.trim());
    if (answer >= 0) return { ...base, answer };
    throw new RangeError(`Expected --answer to be one of ${options.join(", ")}, got "${flags.answer}".`);
  }
  if (flags.answer !== undefined && flags.answer.trim() !== "") return { ...base, answer: flags.answer.trim() };
  const model = localModel(opened.parts);
  const reply = await model.generate([userMessage(text, shown)], {
    maxNewTokens: 8,
    signal,
  });
  await model.dispose();
  if (reply.text !== "") return { ...base, answer: reply.text };
  throw new Error(`Expected an answer of ${flags.model} to follow, got an empty one. Say which with --answer.`);
}
