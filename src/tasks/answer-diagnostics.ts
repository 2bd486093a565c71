/**
 * What a list of answers says about the model rather than about the videos: the same interval again and again, the prompt's
 * example handed back, numbers that no frame has.
 *
 * VTimeLLM answers 17 to 34 in half of Charades-STA (NumPro, supplement): a figure that a mean hides and a histogram shows.
 */
import type { Span } from "../core/time/index.ts";

/** One answer: the interval as fractions of the video, or null where none could be read. */
export type AnsweredSpan = Readonly<{ span: Span | null; duration: number; text: string }>;

export type AnswerDiagnostics = Readonly<{
  n: number;
  /** Answers that gave no span. */
  unparsed: number;
  /** The intervals that came most often, as percent of the video's duration, rounded to whole percent. */
  common: readonly Readonly<{ from: number; to: number; count: number; share: number }>[];
  /** Share of the most frequent interval among all answers that could be read; null of nothing. */
  constantShare: number | null;
  /** Answers that cover 95 % of the video or more. */
  wholeVideo: number;
  /** Answers that reach beyond the video or begin before it. */
  outOfRange: number;
  /** Answers that repeat the words of the prompt's format instead of filling it in ("from x to y"). */
  parroted: number;
}>;

/** Diagnose answers. `common` holds at most `top` intervals. */
export function diagnoseAnswers(
  answers: readonly AnsweredSpan[],
  { top = 5 }: { top?: number } = {},
): AnswerDiagnostics {
  const counts = new Map<string, { from: number; to: number; count: number }>();
  let [read, wholeVideo, outOfRange] = [0, 0, 0];
  for (const { span, duration } of answers) {
    if (span === null) continue;
    read++;
    const percent = (seconds: number) => Math.round((100 * seconds) / duration);
    const [from, to] = [percent(span.start), percent(span.end)];
    const entry = counts.get(`${from}/${to}`) ?? { from, to, count: 0 };
    entry.count++;
    counts.set(`${from}/${to}`, entry);
    // Half a percent: numbers stand for frames, whose times are rounded to the container's clock.
    if (span.start < -0.005 * duration || span.end > 1.005 * duration) outOfRange++;
    if (Math.min(span.end, duration) - Math.max(0, span.start) >= 0.95 * duration) wholeVideo++;
  }
  const common = [...counts.values()]
    .toSorted((a, b) => b.count - a.count)
    .slice(0, top)
    .map((entry) => ({ ...entry, share: entry.count / read }));
  return {
    n: answers.length,
    unparsed: answers.length - read,
    common,
    constantShare: common[0]?.share ?? null,
    wholeVideo,
    outOfRange,
    parroted: answers.filter(({ text }) => parrotsFormat(text)).length,
  };
}

/** Does a reply repeat the placeholders of "From Frame x to Frame y"? */
export function parrotsFormat(text: string): boolean {
  return /\bfrom\s+(?:frame\s+)?x\s+to\s+(?:frame\s+)?y\b/i.test(text);
}
