/**
 * How many requests a server can take at a time, found by trying: twice as many at first, then one more, while answers stay as
 * quick as they were, and half as many when it says that there are too many (slow start, additive increase, multiplicative
 * decrease; Jacobson 1988, Chiu and Jain 1989).
 */

export type LimitOptions = Readonly<{
  /** Never more. */
  most: number;
  /** Default 2. */
  first?: number;
  /** Answers may take so many times as long as at the quickest limit before growth stops. Default 1.5. */
  tolerance?: number;
}>;

/** `current` changes with what it is told; it holds nobody back itself. */
export class AdaptiveLimit {
  readonly #most: number;
  readonly #tolerance: number;
  #current: number;
  /** Until answers first slow down. */
  #isDoubling = true;
  #quickest = Number.POSITIVE_INFINITY;
  #times: number[] = [];
  /** Requests with a lower serial were sent before the last cut, so that their fate says nothing about the limit of now. */
  #serialOfCut = 0;
  #serial = 0;

  constructor({ most, first = 2, tolerance = 1.5 }: LimitOptions) {
    this.#most = most;
    this.#tolerance = tolerance;
    this.#current = Math.min(first, most);
  }

  get current(): number {
    return this.#current;
  }

  /** A request is sent; gives its serial number. */
  sent(): number {
    return this.#serial++;
  }

  /** It was answered after so many seconds. */
  answered(serial: number, seconds: number): void {
    if (serial < this.#serialOfCut) return;
    this.#times.push(seconds);
    if (this.#times.length < this.#current) return;
    const sorted = this.#times.sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] as number;
    this.#times = [];
    this.#quickest = Math.min(this.#quickest, median);
    const isFlat = median <= this.#quickest * this.#tolerance;
    if (isFlat) this.#current = Math.min(this.#most, this.#isDoubling ? 2 * this.#current : this.#current + 1);
    else this.#isDoubling = false;
  }

  /** The server said that there were too many. Requests that were sent together count as one such answer. */
  refused(serial: number): void {
    if (serial < this.#serialOfCut) return;
    this.#current = Math.max(1, Math.floor(this.#current / 2));
    this.#isDoubling = false;
    this.#serialOfCut = this.#serial;
    this.#times = [];
  }
}
