/**
 * What a run would take, before anything is asked: questions, frames, tokens, money, and whether it fits the model.
 */
import type { ChatModel } from "./chat-model.ts";
import { framesOf, type Message } from "./message.ts";
import { costOf, type TokenPrice } from "./middleware/budget.ts";

export type Estimate = Readonly<{
  questions: number;
  /** Over all questions. */
  frames: number;
  /** null where nobody knows what the model takes for a picture. */
  tokensRead: number | null;
  /** At most. */
  tokensWritten: number;
  /** In the unit of the price; null without a price, or without tokens. */
  cost: number | null;
  /** Tokens of the longest question with its answer. */
  longest: number | null;
  /** Of the model, in tokens. */
  context: number | null;
  /** Does the longest fit? null where that is not known. */
  fits: boolean | null;
  /** Frames with which the longest would fit. */
  fittingFrames: number | null;
  /** How tokens were found. */
  basis: string | null;
}>;

export type PlannedQuestion = Readonly<{ messages: readonly Message[]; maxNewTokens: number }>;

/** Adds questions up; of pictures only the size is looked at. */
export class Estimator {
  readonly #model: ChatModel;
  readonly #price: TokenPrice | null;
  #questions = 0;
  #frames = 0;
  #read: number | null = 0;
  #written = 0;
  #longest: Readonly<{ tokens: number; frames: number; text: number }> | null = null;

  constructor(model: ChatModel, price: TokenPrice | null = null) {
    this.#model = model;
    this.#price = price;
  }

  add({ messages, maxNewTokens }: PlannedQuestion): void {
    const frames = framesOf(messages).length;
    this.#questions++;
    this.#frames += frames;
    this.#written += maxNewTokens;
    const { planner } = this.#model;
    const tokens = planner?.promptTokens(messages) ?? null;
    this.#read = tokens === null || this.#read === null ? null : this.#read + tokens;
    if (tokens === null || tokens + maxNewTokens <= (this.#longest?.tokens ?? 0)) return;
    const text = planner?.promptTokens(messages.map(textOnly)) ?? tokens;
    this.#longest = { tokens: tokens + maxNewTokens, frames, text: text + maxNewTokens };
  }

  result(): Estimate {
    const { planner } = this.#model;
    const [context, longest] = [planner?.context ?? null, this.#longest];
    const known = this.#read !== null && longest !== null && context !== null;
    const fits = known ? longest.tokens <= context : null;
    const read = this.#questions === 0 ? 0 : this.#read;
    return {
      questions: this.#questions,
      frames: this.#frames,
      tokensRead: read,
      tokensWritten: this.#written,
      cost: read === null || this.#price === null ? null : costOf({ read, written: this.#written }, this.#price),
      longest: this.#read === null ? null : (longest?.tokens ?? null),
      context,
      fits,
      fittingFrames: fits === false && longest && context !== null ? fitting(longest, context) : null,
      basis: planner?.basis ?? null,
    };
  }
}

/** Frames share what the text leaves. */
function fitting(
  { tokens, frames, text }: Readonly<{ tokens: number; frames: number; text: number }>,
  context: number,
) {
  if (frames === 0) return 0;
  const each = (tokens - text) / frames;
  return Math.max(0, Math.floor((context - text) / each));
}

function textOnly({ role, content }: Message): Message {
  return { role, content: content.filter(({ type }) => type === "text") };
}
