/**
 * How many frames of a video fit into a model's context, so that neither question nor answer is ever cut off.
 *
 * The reference puts visual tokens into the sequence first and cuts it at 4,096 tokens afterwards: at 144 tokens a frame that
 * leaves 28 frames, 56 s at 0.5 frames a second, and of longer videos neither question nor answer (B6 of the specification).
 */
import { nearestNumber, numberCount } from "../../core/time/index.ts";

/** What a sequence holds: tokens in all, and how many a frame takes. Defaults are NumPro-FT's on LongVA. */
export type TokenBudget = Readonly<{ contextTokens: number; tokensPerFrame: number }>;
export const longvaBudget: TokenBudget = { contextTokens: 4096, tokensPerFrame: 144 };

/** Frames at seconds 0, 1 / rate, 2 / rate, ...; number k stands for second k / rate. */
export type FramePlan = Readonly<{ frames: number; rate: number }>;

/**
 * - sparser: fewer frames, evenly spread, at a rate of the video's own.
 * - drop: no plan.
 */
export type Overflow = "sparser" | "drop";

/** Room for a chat template's own words, in tokens. */
const templateTokens = 64;

/** Tokens of a text at most: no tokenizer in use makes more tokens than bytes. */
export function mostTokens(texts: readonly string[]): number {
  return templateTokens + texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** Frames of a video of this length at the rate, or as many as fit beside the texts. A skip says why none do. */
export function planFrames(
  duration: number,
  {
    rate,
    texts,
    budget,
    overflow,
  }: { rate: number; texts: readonly string[]; budget: TokenBudget; overflow: Overflow },
): FramePlan | { skip: string } {
  if (!(duration > 0 && duration < Infinity)) return { skip: "no duration known" };
  const frames = numberCount(duration, rate);
  const room = Math.floor((budget.contextTokens - mostTokens(texts)) / budget.tokensPerFrame);
  if (room < 2) return { skip: "text alone fills the context" };
  if (frames <= room) return { frames, rate };
  return overflow === "drop" ? { skip: `more than ${room} frames` } : { frames: room, rate: room / duration };
}

/** Numbers of the frames nearest to both ends of a span; different ones, so that the answer has a length. */
export function numbersOf(
  { start, end }: { start: number; end: number },
  { frames, rate }: FramePlan,
): readonly [from: number, to: number] {
  const nearest = (seconds: number) => Math.min(frames - 1, nearestNumber(seconds, rate));
  const [from, to] = [nearest(start), nearest(end)];
  if (from < to) return [from, to];
  return to + 1 < frames ? [from, from + 1] : [frames - 2, frames - 1];
}
