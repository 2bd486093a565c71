/**
 * What `zoetrope ground` prints: moments or highlights in seconds, what the model said, and what its answers say about it.
 */
import type { ChatModel, Reply } from "../chat/index.ts";
import { formatTimestamp } from "../core/time/index.ts";
import { readDenseReply } from "../evals/index.ts";
import {
  diagnoseAnswers,
  type GroundingPrompt,
  type HighlightPrompt,
  parrotsExample,
  parrotsFormat,
  readGrounding,
  readHighlightFrames,
  readHighlights,
  type ShownFrames,
} from "../tasks/index.ts";
import { printJson, printText } from "./context.ts";

/** One run of the command: who was asked what, and how long it took. */
export type GroundRun = Readonly<{
  path: string;
  queries: readonly string[];
  model: ChatModel;
  prompt: GroundingPrompt | HighlightPrompt;
  seconds: number;
  maxNewTokens: number;
  json: boolean;
}>;

/** Moments in seconds, the reply that they were read from, and what the replies say about the model. */
export function reportMoments(shown: ShownFrames, replies: readonly Reply[], run: GroundRun): void {
  const { queries, model, path, seconds, json } = run;
  const prompt = run.prompt as GroundingPrompt;
  const answers = replies.map(({ text }, i) => {
    const extraction = readGrounding(shown, text, prompt);
    return { query: queries[i] as string, reply: text, extraction, parroted: parrotsFormat(text) };
  });
  const first = answers[0]?.extraction;
  const span = first?.kind === "spans" ? first.spans[0] : undefined;
  const diagnostics = diagnoseAnswers(
    answers.map(({ reply, extraction }) => {
      const read = extraction.kind === "spans" ? extraction.spans[0] : undefined;
      return { text: reply, duration: shown.duration, span: read ? { start: read.start, end: read.end } : null };
    }),
  );
  if (json) {
    const summary = {
      start: span?.start ?? null,
      end: span?.end ?? null,
      answered: answers.length - diagnostics.unparsed,
      unparsed: diagnostics.unparsed,
      frames: shown.frames.length,
      seconds,
    };
    printJson({ command: "ground", summary, ...provenance(shown, run), answers, diagnostics });
    return;
  }
  for (const { query, reply, extraction, parroted } of answers) {
    const label = queries.length > 1 ? `${query}: ` : "";
    if (extraction.kind === "unparsed") printText(`${label}no moment could be read (${extraction.reason})`);
    else {
      const spans = extraction.spans.map(({ start, end, isReversed, isBeyond }) => {
        const flags = [...(isReversed ? ["said in reverse"] : []), ...(isBeyond ? ["beyond the video"] : [])];
        const range = `${start.toFixed(2)} s to ${end.toFixed(2)} s (${formatTimestamp(start)} - ${formatTimestamp(end)})`;
        return `${range}${flags.length === 0 ? "" : `, ${flags.join(", ")}`}`;
      });
      printText(`${label}${spans.join("; ")}`);
    }
    const rule = extraction.kind === "spans" ? `, read by rule "${extraction.spans[0]?.rule}"` : "";
    printText(`  ${model.name} said ${JSON.stringify(reply)}${rule}`);
    if (parroted) printText("  it repeats the words of the question's format");
  }
  if (queries.length >= 3 && (diagnostics.constantShare ?? 0) > 0.5) {
    const { from, to, share } = diagnostics.common[0] as (typeof diagnostics.common)[number];
    printText(
      `${Math.round(100 * share)} % of the readable answers are the same interval, ${from} to ${to} % of the video`,
    );
  }
  printText(shownText(shown, path));
}

/** Highlight frames with their seconds and scores. */
export function reportHighlights(shown: ShownFrames, replies: readonly Reply[], run: GroundRun): void {
  const { queries, model, path, seconds, json } = run;
  const answers = replies.map(({ text }, i) => {
    const raw = readHighlights(text);
    const parroted = raw.kind === "highlights" && parrotsExample(raw);
    return { query: queries[i] as string, reply: text, read: readHighlightFrames(shown, text), parroted };
  });
  const unparsed = answers.filter(({ read }) => read.kind === "unparsed").length;
  const parroted = answers.filter((answer) => answer.parroted).length;
  if (json) {
    const best = answers
      .flatMap(({ read }) => (read.kind === "highlights" ? read.highlights : []))
      .toSorted((a, b) => b.score - a.score)[0];
    const summary = {
      bestSecond: best?.seconds ?? null,
      bestScore: best?.score ?? null,
      answered: answers.length - unparsed,
      unparsed,
      parroted,
      frames: shown.frames.length,
      seconds,
    };
    printJson({ command: "ground", summary, ...provenance(shown, run), answers });
    return;
  }
  for (const { query, reply, read, parroted: isParroted } of answers) {
    if (queries.length > 1) printText(`${query}:`);
    if (read.kind === "unparsed") printText(`no highlights could be read (${read.reason})`);
    else
      for (const { number, seconds: at, score } of read.highlights)
        printText(`frame ${number}  ${at.toFixed(2)} s  score ${score}`);
    if (read.kind === "highlights" && read.outside > 0) printText(`${read.outside} of the numbers are on no frame`);
    printText(`  ${model.name} said ${JSON.stringify(reply)}`);
    if (isParroted) printText("  it repeats the example of the question: do not trust these scores");
  }
  printText(shownText(shown, path));
}

/** Every event that the model tells, in seconds. */
export function reportEvents(shown: ShownFrames, replies: readonly Reply[], run: GroundRun): void {
  const { model, path, seconds, json } = run;
  const reply = replies[0]?.text ?? "";
  const read = readDenseReply(reply, shown.duration);
  const events = read.kind === "events" ? read.events : [];
  if (json) {
    const summary = {
      events: events.length,
      unparsed: read.kind === "unparsed" ? 1 : 0,
      frames: shown.frames.length,
      seconds,
    };
    printJson({ command: "ground", summary, ...provenance(shown, run), reply, read });
    return;
  }
  if (read.kind === "unparsed") {
    printText(`no events could be read (${read.reason})`);
    printText(`  ${model.name} said ${JSON.stringify(reply)}`);
  }
  for (const { start, end, text } of events) printText(`${start.toFixed(2)} s to ${end.toFixed(2)} s  ${text}`);
  printText(shownText(shown, path));
}

function provenance(shown: ShownFrames, { path, queries, model, prompt, maxNewTokens }: GroundRun) {
  const frames = shown.frames.map(({ time, index }, i) => {
    return { ...(shown.startIndex !== null && { number: shown.startIndex + i }), time, index };
  });
  const by = { model: model.name, fingerprint: model.fingerprint, prompt, maxNewTokens };
  return { video: path, duration: shown.duration, queries, ...by, numbers: shown.startIndex !== null, frames };
}

function shownText({ frames, startIndex, duration }: ShownFrames, path: string): string {
  const numbers =
    startIndex === null ? "without numbers" : `numbered ${startIndex} to ${startIndex + frames.length - 1}`;
  const [first, last] = [frames[0]?.time ?? 0, frames.at(-1)?.time ?? 0];
  return `${frames.length} frames of ${path} (${duration.toFixed(2)} s), ${numbers}, from ${first.toFixed(2)} s to ${last.toFixed(2)} s`;
}
