/**
 * One request from its arrival to its answer: its place among those that wait, what it holds, when it ends.
 */
import { ApiError, shuttingDown } from "./api-error.ts";
import { ByteBudget, type Holding } from "./byte-budget.ts";
import type { ServeLimits } from "./limits.ts";

/** A request that was let in. Call `end` when nothing of it is left to do. */
export type Admission = Readonly<{
  /** Aborts when the client goes, the time is up, or the server ends: with an ApiError as its reason, or none for a client that went. */
  signal: AbortSignal;
  holding: Holding;
  /** When it came, in milliseconds of performance.now(). */
  began: number;
  end(): void;
}>;

/** Lets requests in, up to a number, until it is closed. */
export class Admissions {
  readonly #limits: ServeLimits;
  readonly #held: ByteBudget;
  readonly #open = new Set<AbortController>();
  #isClosed = false;
  #onEmpty: (() => void) | undefined;

  constructor(limits: ServeLimits) {
    this.#limits = limits;
    this.#held = new ByteBudget(limits.heldBytes);
  }

  /** Requests under way. */
  get size(): number {
    return this.#open.size;
  }

  get heldBytes(): number {
    return this.#held.held;
  }

  /** Throws ApiError when there is no room, or no more. */
  admit(client: AbortSignal, retrySeconds: () => number): Admission {
    if (this.#isClosed) throw shuttingDown();
    if (this.#open.size >= this.#limits.waiting) {
      throw new ApiError(429, `The server has ${this.#limits.waiting} requests to answer already. Try again.`, {
        code: "queue_full",
        headers: { "retry-after": String(retrySeconds()) },
      });
    }
    const controller = new AbortController();
    this.#open.add(controller);
    const { requestMs } = this.#limits;
    const timer = setTimeout(() => {
      const message = `The request was not answered within ${requestMs / 1000} s. Ask for less, or try again later.`;
      controller.abort(new ApiError(504, message, { code: "timeout" }));
    }, requestMs);
    const leave = () => controller.abort(clientGone);
    if (client.aborted) leave();
    client.addEventListener("abort", leave, { once: true });
    const holding = this.#held.open();
    return {
      signal: controller.signal,
      holding,
      began: performance.now(),
      end: () => {
        clearTimeout(timer);
        client.removeEventListener("abort", leave);
        holding.release();
        this.#open.delete(controller);
        if (this.#open.size === 0) this.#onEmpty?.();
      },
    };
  }

  /** Let nobody in any more; resolves when those inside have their answers, or have been turned out after the time of grace. */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    if (this.#open.size === 0) return;
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    const timer = setTimeout(() => {
      for (const controller of this.#open) controller.abort(shuttingDown());
    }, graceMs);
    await empty;
    clearTimeout(timer);
  }
}

/** The reason of requests that nobody waits for any more. */
export const clientGone = new DOMException("The client has gone.", "AbortError");
