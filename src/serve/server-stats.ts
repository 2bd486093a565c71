/** Counts of what a server did since it began, for /healthz. */

/** How many of the latest answers the latencies are over. */
const latest = 1000;

export class ServerStats {
  readonly #began = performance.now();
  readonly #latenciesMs: number[] = [];
  readonly #statuses = new Map<number, number>();
  #next = 0;
  /** Requests of chat completions that came, and those whose client hung up before the answer. */
  requests = 0;
  cancelled = 0;
  promptTokens = 0;
  answerTokens = 0;

  /** A whole answer went out, after so many milliseconds. */
  answered({
    promptTokens,
    newTokens,
    ms,
  }: Readonly<{ promptTokens: number | null; newTokens: number | null; ms: number }>): void {
    this.#count(200);
    this.promptTokens += promptTokens ?? 0;
    this.answerTokens += newTokens ?? 0;
    this.#latenciesMs[this.#next] = ms;
    this.#next = (this.#next + 1) % latest;
  }

  /** A request got an error of this status. */
  refused(status: number): void {
    this.#count(status);
  }

  #count(status: number): void {
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
  }

  toJSON() {
    const sorted = [...this.#latenciesMs].sort((a, b) => a - b);
    const quantile = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? null;
    return {
      seconds: (performance.now() - this.#began) / 1000,
      requests: this.requests,
      cancelled: this.cancelled,
      statuses: Object.fromEntries(this.#statuses),
      promptTokens: this.promptTokens,
      answerTokens: this.answerTokens,
      p50Ms: quantile(0.5),
      p95Ms: quantile(0.95),
    };
  }

  /** Seconds that an answer takes at the latest, for Retry-After: at least 1, at most 60. */
  get retrySeconds(): number {
    const { p50Ms } = this.toJSON();
    return Math.min(60, Math.max(1, Math.ceil((p50Ms ?? 1000) / 1000)));
  }
}
