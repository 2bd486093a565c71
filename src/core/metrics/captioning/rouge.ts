/**
 * ROUGE-L of a caption as coco-caption computes it (Lin 2004): the longest common subsequence of words, its recall weighing
 * more (beta 1.2).
 */
import type { CaptionPair } from "./caption.ts";

const beta = 1.2;

/** One pair's score in [0, 1]: best precision and best recall over the references, each for itself. */
export function rougeL({ candidate, references }: CaptionPair): number {
  const words = split(candidate.text);
  let [precision, recall] = [0, 0];
  for (const { text } of references) {
    const others = split(text);
    const common = longestCommonSubsequence(words, others);
    precision = Math.max(precision, common / words.length);
    recall = Math.max(recall, common / others.length);
  }
  if (precision === 0 || recall === 0) return 0;
  return ((1 + beta ** 2) * precision * recall) / (recall + beta ** 2 * precision);
}

/** An empty caption is one empty word here, as it is for coco-caption. */
function split(text: string): string[] {
  return text.split(" ");
}

/** Length of the longest common subsequence of two lists of words. */
export function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const word of a) {
    const next = [0];
    for (let j = 1; j <= b.length; j++) {
      next.push(word === b[j - 1] ? (row[j - 1] as number) + 1 : Math.max(row[j] as number, next[j - 1] as number));
    }
    row = next;
  }
  return row.at(-1) as number;
}
