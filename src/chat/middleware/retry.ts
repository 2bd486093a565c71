/**
 * Another attempt where one may help: after the time that the server asks for, else after pauses that double, each with a
 * random part so that many clients do not come back at once.
 */
import { Rng } from "../../core/math/index.ts";
import type { ChatModel } from "../chat-model.ts";
import { RequestError } from "../request-error.ts";
import { layer } from "./layer.ts";
import { pause } from "./pause.ts";
import { type PoolOptions, poolMany } from "./pool.ts";

export type RetryOptions = Readonly<{
  /** Attempts in all. Default 6. */
  attempts?: number;
  /** Seconds of the first pause at most. Default 1. */
  firstPause?: number;
  /** Seconds that are waited at most; a server that asks for longer is given up. Default 300. */
  longestPause?: number;
  /** Draws the pauses. */
  rng?: Rng;
  wait?: (seconds: number, signal?: AbortSignal) => Promise<void>;
  onRetry?: (retry: Readonly<{ attempt: number; seconds: number; reason: string }>) => void;
}>;

/** The model, asked again where it fails, is busy or cannot be reached. `generateMany` runs a pool of questions. */
export function withRetries(model: ChatModel, options: RetryOptions & PoolOptions = {}): ChatModel {
  const patience = { ...options, rng: options.rng ?? new Rng(`retry/${process.pid}`) };
  const generate: ChatModel["generate"] = (messages, asked) =>
    patiently(() => model.generate(messages, asked), { ...patience, signal: asked?.signal });
  return layer(model, {
    generate,
    async *stream(messages, asked) {
      // A stream that has begun cannot be taken back, so only its first piece is worth another attempt.
      const { pieces, first } = await patiently(
        async () => {
          const pieces = model.stream(messages, asked);
          return { pieces, first: await pieces.next() };
        },
        { ...patience, signal: asked?.signal },
      );
      if (first.done) return first.value;
      try {
        yield first.value;
        return yield* pieces;
      } finally {
        await pieces.return(undefined as never);
      }
    },
    generateMany: poolMany(generate, options),
    scoreOptions: (messages, texts, control) =>
      patiently(() => model.scoreOptions(messages, texts, control), { ...patience, signal: control?.signal }),
  });
}

/** Run the work until it succeeds or no further attempt can help; then throw its last error. */
export async function patiently<T>(
  work: () => Promise<T>,
  options: RetryOptions & Readonly<{ rng: Rng; signal?: AbortSignal | undefined }>,
): Promise<T> {
  const { attempts = 6, firstPause = 1, longestPause = 300, rng, wait = pause, onRetry, signal } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof RequestError) || !isPassing(error) || attempt >= attempts) throw error;
      const backoff = Math.min(firstPause * 2 ** (attempt - 1), 60);
      const seconds = (error.retryAfter ?? backoff / 2) + rng.uniform(0, backoff / 2);
      if (seconds > longestPause) throw error;
      onRetry?.({ attempt, seconds, reason: error.message });
      await wait(seconds, signal);
    }
  }
}

function isPassing({ fault }: RequestError): boolean {
  return fault === "failed" || fault === "busy" || fault === "unreachable";
}
