/**
 * A limit on requests, tokens or money: nothing more is asked when it is reached, and what was answered is kept.
 */
import type { ChatModel, ManyOptions, Reply } from "../chat-model.ts";
import { BudgetSpentError } from "./budget-spent-error.ts";
import { layer } from "./layer.ts";

export type BudgetLimits = Readonly<{
  requests?: number;
  /** Read and written together. */
  tokens?: number;
  /** In the unit of the price. */
  cost?: number;
}>;

/** For a million tokens. */
export type TokenPrice = Readonly<{ read: number; written: number }>;

export type Spent = Readonly<{ requests: number; tokensRead: number; tokensWritten: number; cost: number | null }>;

/** Counts what is asked and answered. One budget may lie around several models. */
export class Budget {
  readonly limits: BudgetLimits;
  readonly price: TokenPrice | null;
  #requests = 0;
  #read = 0;
  #written = 0;
  #underWay = 0;
  /** Tokens of the largest request so far: what one under way may yet cost. */
  #largest = { read: 0, written: 0 };
  /** Replies came without a count, so that tokens and cost are not known. */
  #isUncounted = false;

  /** Throws a RangeError where there is a limit on cost without a price. */
  constructor(limits: BudgetLimits = {}, price: TokenPrice | null = null) {
    if (limits.cost !== undefined && price === null)
      throw new RangeError(
        "Expected a price for a limit on cost, got none. Pass --price READ,WRITTEN for a million tokens.",
      );
    this.limits = limits;
    this.price = price;
  }

  get spent(): Spent {
    const [tokensRead, tokensWritten] = [this.#read, this.#written];
    const cost = this.price === null ? null : costOf({ read: tokensRead, written: tokensWritten }, this.price);
    return { requests: this.#requests, tokensRead, tokensWritten, cost };
  }

  /** Throws BudgetSpentError where another request could go beyond a limit, those under way counted at the largest so far. */
  begin(): void {
    const { requests = Infinity, tokens = Infinity, cost = Infinity } = this.limits;
    const { tokensRead, tokensWritten } = this.spent;
    const ahead = this.#underWay;
    const read = tokensRead + ahead * this.#largest.read;
    const written = tokensWritten + ahead * this.#largest.written;
    if (this.#isUncounted && (tokens < Infinity || cost < Infinity))
      throw this.#stop("the server does not count tokens, so that a limit on them cannot be kept");
    if (this.#requests >= requests) throw this.#stop(`${requests} requests are made (--max-requests)`);
    if (read + written >= tokens) throw this.#stop(`${tokens} tokens are used (--max-tokens-total)`);
    if (this.price && costOf({ read, written }, this.price) >= cost) throw this.#stop(`${cost} is spent (--max-cost)`);
    this.#requests++;
    this.#underWay++;
  }

  /** A request ended: with a reply, or (null) without. */
  end(reply: Reply | null): void {
    this.#underWay--;
    if (reply === null) return;
    if (reply.promptTokens === null || reply.newTokens === null) this.#isUncounted = true;
    const [read, written] = [reply.promptTokens ?? 0, reply.newTokens ?? 0];
    this.#read += read;
    this.#written += written;
    this.#largest = { read: Math.max(read, this.#largest.read), written: Math.max(written, this.#largest.written) };
  }

  #stop(why: string): BudgetSpentError {
    const { requests, tokensRead, tokensWritten, cost } = this.spent;
    const money = cost === null ? "" : `, cost ${cost.toFixed(4)}`;
    return new BudgetSpentError(
      `Stopped: ${why}. Asked ${requests}, ${tokensRead + tokensWritten} tokens${money}. What was answered is kept; a larger limit goes on from there.`,
    );
  }
}

export function costOf({ read, written }: Readonly<{ read: number; written: number }>, price: TokenPrice): number {
  return (read * price.read + written * price.written) / 1e6;
}

/** So many conversations of a model that answers them together are begun at a time. */
const atOnce = 16;

/** The model within a budget. Throws BudgetSpentError instead of asking what could go beyond it. */
export function withBudget(model: ChatModel, budget: Budget): ChatModel {
  const counted = async (work: () => Promise<Reply>): Promise<Reply> => {
    budget.begin();
    let reply: Reply | null = null;
    try {
      reply = await work();
      return reply;
    } finally {
      budget.end(reply);
    }
  };
  return layer(model, {
    generate: (messages, options) => counted(() => model.generate(messages, options)),
    async *stream(messages, options) {
      budget.begin();
      let reply: Reply | null = null;
      try {
        reply = yield* model.stream(messages, options);
        return reply;
      } finally {
        budget.end(reply);
      }
    },
    async generateMany(conversations, options: ManyOptions = {}) {
      const replies: Reply[] = [];
      for (let start = 0; start < conversations.length; start += atOnce) {
        const chunk = conversations.slice(start, start + atOnce);
        const begun = beginMany(budget, chunk.length);
        let ended = 0;
        try {
          const some = await model.generateMany(chunk.slice(0, begun.count), {
            ...options,
            onReply(reply, i) {
              ended++;
              budget.end(reply);
              options.onReply?.(reply, start + i);
            },
            ...(options.onText && { onText: (piece: string, i: number) => options.onText?.(piece, start + i) }),
            ...(options.isWanted && { isWanted: (i: number) => options.isWanted?.(start + i) ?? true }),
            ...(options.onProgress && { onProgress: (count: number) => options.onProgress?.(start + count) }),
          });
          replies.push(...some);
        } finally {
          for (; ended < begun.count; ended++) budget.end(null);
        }
        if (begun.error) throw begun.error;
      }
      return replies;
    },
    async scoreOptions(messages, texts, control) {
      budget.begin();
      try {
        return await model.scoreOptions(messages, texts, control);
      } finally {
        budget.end(null);
      }
    },
  });
}

/** Begin as many as the budget allows. */
function beginMany(budget: Budget, wanted: number): Readonly<{ count: number; error: unknown }> {
  for (let count = 0; count < wanted; count++) {
    try {
      budget.begin();
    } catch (error) {
      return { count, error };
    }
  }
  return { count: wanted, error: null };
}
