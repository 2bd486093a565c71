/**
 * Asking which frames are the highlights and how much they are (QVHighlights): NumPro's prompts word for word (B3), and its
 * replies read into a saliency vector.
 */
import { numberInstruction } from "./grounding.ts";

export const highlightPrompts = ["numpro", "numpro-ft"] as const;
export type HighlightPrompt = (typeof highlightPrompts)[number];

const example =
  "'The highlight frames are in the 80, 81, 82, 83, 84, 85, 86, 87, 88, 89 frames. Their saliency scores are 1.3, 1.5, 2.6, 3.0, 2.9, 4.0, 3.7, 3.2, 2.1, 2.3'";
/** The example's frames and scores; models like to hand them back. */
const exampleFrames = [80, 81, 82, 83, 84, 85, 86, 87, 88, 89];
const exampleScores = [1.3, 1.5, 2.6, 3.0, 2.9, 4.0, 3.7, 3.2, 2.1, 2.3];

/** The text after the frames that asks for highlights; "numpro-ft" is the wording for models tuned by NumPro-FT. */
export function highlightText(
  query: string,
  { prompt = "numpro", color = "red" }: { prompt?: HighlightPrompt; color?: string } = {},
): string {
  const scale =
    "on a scale from 1 to 5. If the video content more related to the query, the saliency score should be higher. The output format should be like:";
  switch (prompt) {
    case "numpro":
      return `${numberInstruction(color)} Please find the highlight contents in the video described by the query ${query}. Determine the highlight frames and its saliency score ${scale} ${example}.`;
    case "numpro-ft":
      return `${numberInstruction(color)} Please find the highlight contents in the video described by a sentence query, determining the highlight frames and its saliency score ${scale} ${example}. Now I will give you the sentence query: ${query}. Please return the query-based highlight frames and salient scores.`;
    default:
      return prompt satisfies never;
  }
}

/** Numbers of frames with their scores, in the reply's order; a frame may appear more than once. */
export type Highlights = Readonly<{
  kind: "highlights";
  frames: readonly number[];
  scores: readonly number[];
  /** Frames without a score, or scores without a frame, that were left out. */
  unpaired: number;
}>;
export type UnreadHighlights = Readonly<{ kind: "unparsed"; text: string; reason: string }>;

/**
 * Read a reply of the form that the prompt asks for: whole numbers between "frames are in the" and the next word "frame",
 * numbers behind "scores are". "80-84" counts as five frames.
 */
export function readHighlights(text: string): Highlights | UnreadHighlights {
  const unread = (reason: string): UnreadHighlights => ({ kind: "unparsed", text, reason });
  const [, framesText] =
    /frames?\s+(?:are|is)\s+(?:in\s+)?(?:the\s+)?([\s\S]*?)(?:frames?\b|\.\s|\.?$)/i.exec(text) ?? [];
  if (framesText === undefined) return unread("no 'frames are in the ...'");
  const [, scoresText] = /scores?\s+(?:are|is)\s*:?([\s\S]*)$/i.exec(text) ?? [];
  if (scoresText === undefined) return unread("no 'saliency scores are ...'");
  const frames = [...framesText.matchAll(/(\d+)(?:\s*(?:-|–|to)\s*(\d+))?/g)].flatMap(([, from, to]) => {
    const [first, last] = [Number(from), Number(to ?? from)];
    if (last < first || last - first > 100_000) return [first, last];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  const scores = [...scoresText.matchAll(/\d+(?:\.\d+)?/g)].map(([number]) => Number(number));
  if (frames.length === 0) return unread("no frame numbers");
  if (scores.length === 0) return unread("no scores");
  const n = Math.min(frames.length, scores.length);
  const unpaired = Math.max(frames.length, scores.length) - n;
  return { kind: "highlights", frames: frames.slice(0, n), scores: scores.slice(0, n), unpaired };
}

/** A score for every clip of the video, 0 where the reply names none. `outside` counts frames beyond the last clip. */
export type Saliency = Readonly<{ scores: readonly number[]; outside: number }>;

/**
 * Saliency of each clip, where frame number k stands for clip k - startIndex (QVHighlights: 2 s, i.e. 0.5 frames a second;
 * trunc(duration / 2) clips). A frame named more than once has the mean of its scores.
 */
export function saliencyOf(
  { frames, scores }: Pick<Highlights, "frames" | "scores">,
  { clips, startIndex = 0 }: { clips: number; startIndex?: number },
): Saliency {
  const sums = new Float64Array(clips);
  const counts = new Float64Array(clips);
  let outside = 0;
  for (const [i, frame] of frames.entries()) {
    const clip = frame - startIndex;
    if (!(clip >= 0 && clip < clips)) outside++;
    else {
      sums[clip] = (sums[clip] as number) + (scores[i] as number);
      counts[clip] = (counts[clip] as number) + 1;
    }
  }
  return { scores: Array.from(sums, (sum, i) => (counts[i] === 0 ? 0 : sum / (counts[i] as number))), outside };
}

/**
 * Does the reply hand the prompt's example back: its frames as they stand, or at least four of its scores in a row (at any
 * place of the list)? Figure 13 of the paper shows that happening.
 */
export function parrotsExample({ frames, scores }: Pick<Highlights, "frames" | "scores">): boolean {
  const runs = (list: readonly number[], model: readonly number[], length: number) =>
    list.some(
      (_, at) => at + length <= list.length && model.some((_, from) => isRun(list, model, { at, from, length })),
    );
  return runs(frames, exampleFrames, exampleFrames.length) || runs(scores, exampleScores, 4);
}

type Run = Readonly<{ at: number; from: number; length: number }>;

function isRun(list: readonly number[], model: readonly number[], { at, from, length }: Run): boolean {
  if (from + length > model.length) return false;
  return Array.from({ length }, (_, i) => list[at + i] === model[from + i]).every(Boolean);
}
