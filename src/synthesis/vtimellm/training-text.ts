/**
 * Rows as training text, in pieces that are given and pieces to be learnt (A4 and A6): what VTimeLLM masks is the boundary
 * between them.
 *
 * The reference finds that boundary by counting tokens and drops a sample whose count is off by one; pieces cannot be off.
 */
import type { VtimellmTurn } from "./row.ts";

/** A stretch of text; `learn` marks what counts in the loss. */
export type TextPiece = Readonly<{ text: string; learn?: boolean }>;

/** Vicuna's system sentence. */
export const systemSentence =
  "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions.";

/**
 * Template "v1", stages 2 and 3: system, `USER: ... ASSISTANT: ...</s>` for each pair of turns. Answers count with the </s>
 * behind them. Throws a RangeError where turns do not alternate.
 */
export function v1Pieces(turns: readonly VtimellmTurn[], { system = systemSentence } = {}): TextPiece[] {
  checkPairs(turns);
  const pieces: TextPiece[] = [];
  for (let i = 0; i < turns.length; i += 2) {
    const [question, answer] = [turns[i] as VtimellmTurn, turns[i + 1] as VtimellmTurn];
    pieces.push({ text: `${i === 0 ? `${system} ` : ""}USER: ${question.value} ASSISTANT:` });
    pieces.push({ text: ` ${answer.value}</s>`, learn: true });
  }
  return pieces;
}

/** Template "plain", stage 1: the frames, then the caption and a line break, which count. What the human asks is left out. */
export function plainPieces(turns: readonly VtimellmTurn[]): TextPiece[] {
  checkPairs(turns);
  const [, caption] = turns;
  return [{ text: "<video>\n" }, { text: `${(caption as VtimellmTurn).value}\n`, learn: true }];
}

/** A prompt of template "v1" that ends where the model begins to speak. */
export function v1Prompt(turns: readonly VtimellmTurn[], { system = systemSentence } = {}): string {
  const open = turns.at(-1);
  if (open?.from !== "human") throw new RangeError("Expected a conversation that ends with a question, got another.");
  const before =
    turns.length === 1
      ? `${system} `
      : v1Pieces(turns.slice(0, -1), { system })
          .map(({ text }) => text)
          .join("");
  return `${before}USER: ${open.value} ASSISTANT:`;
}

function checkPairs(turns: readonly VtimellmTurn[]): void {
  const isPaired = turns.length >= 2 && turns.length % 2 === 0;
  const wrong = turns.findIndex(({ from }, i) => from !== (i % 2 === 0 ? "human" : "gpt"));
  if (isPaired && wrong < 0) return;
  throw new RangeError(
    `Expected pairs of human and gpt turns, got ${turns.map(({ from }) => from).join(", ") || "no turns"}.`,
  );
}
