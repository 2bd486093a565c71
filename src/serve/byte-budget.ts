/**
 * A number of bytes that many may hold together, and no more.
 */

/** A part of the budget, which grows as it is needed. */
export type Holding = Readonly<{
  /** Hold so many bytes more; false, and nothing held, where the budget has no room for them. */
  grow(bytes: number): boolean;
  /** Give everything back. */
  release(): void;
}>;

export class ByteBudget {
  readonly limit: number;
  #held = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  get held(): number {
    return this.#held;
  }

  open(): Holding {
    let own = 0;
    return {
      grow: (bytes) => {
        if (this.#held + bytes > this.limit) return false;
        own += bytes;
        this.#held += bytes;
        return true;
      },
      release: () => {
        this.#held -= own;
        own = 0;
        this.#wake();
      },
    };
  }

  /** Hold bytes that are there already, beyond the limit if need be; call the result to give them back. */
  hold(bytes: number): () => void {
    this.#held += bytes;
    let isHeld = true;
    return () => {
      if (isHeld) this.#held -= bytes;
      isHeld = false;
      this.#wake();
    };
  }

  /** Resolves when less than the limit is held. Rejects with the signal's reason. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.#held >= this.limit) {
      signal.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const abort = () => reject(signal.reason);
        signal.addEventListener("abort", abort, { once: true });
        this.#waiting.push(() => {
          signal.removeEventListener("abort", abort);
          resolve();
        });
      });
    }
  }

  #wake(): void {
    if (this.#held >= this.limit) return;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
