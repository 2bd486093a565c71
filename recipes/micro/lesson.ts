/**
 * Lessons as text: pieces that are given and pieces to be learnt, and their token sequences.
 *
 * A conversation reads `<s>USER: {frames or captions}{question}ASSISTANT: {answer}</s>USER: ...`, the layout of the model's
 * chat template. Only answers and the </s> behind them count in the loss.
 */
import { ignoredLabel, type Sequence } from "../../src/nn/models/index.ts";
import type { Tokenizer } from "../../src/nn/tokenizer/index.ts";

export type Piece = Readonly<{ text: string; learn?: boolean }>;
export type Turn = Readonly<{ ask: string; answer: string }>;

/** The pieces of a conversation about a context: caption lines, or <image> lines. */
export function conversation(context: string, turns: readonly Turn[]): Piece[] {
  return [
    { text: "<s>" },
    ...turns.flatMap(({ ask, answer }, i): Piece[] => [
      { text: `USER: ${i === 0 ? context : ""}${ask}ASSISTANT:` },
      { text: ` ${answer}</s>`, learn: true },
    ]),
  ];
}

/** Lines of a context, each with its line break. */
export function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

/** A line of image tokens for each picture. */
export function imageLines(count: number, tokensPerImage: number): string {
  return `${"<image>".repeat(tokensPerImage)}\n`.repeat(count);
}

/** Turns pieces into ids and labels. Encodings are remembered: the same lines and questions come again and again. */
export function sequencer(tokenizer: Tokenizer): (pieces: readonly Piece[]) => Sequence & { ids: number[] } {
  const remembered = new Map<string, readonly number[]>();
  const encode = (text: string): readonly number[] => {
    let ids = remembered.get(text);
    if (ids === undefined) {
      if (remembered.size > 200_000) remembered.clear();
      ids = tokenizer.encode(text);
      remembered.set(text, ids);
    }
    return ids;
  };
  return (pieces) => {
    const ids: number[] = [];
    const labels: number[] = [];
    for (const { text, learn } of pieces) {
      // Line by line, because lines repeat more often than whole contexts.
      for (const line of text.split(/(?<=\n)/)) {
        for (const id of encode(line)) {
          ids.push(id);
          labels.push(learn ? id : ignoredLabel);
        }
      }
    }
    return { ids, labels };
  };
}
