/**
 * As many requests at a time as the server takes well, and none while it has asked for a pause.
 */
import type { ChatModel } from "../chat-model.ts";
import { RequestError } from "../request-error.ts";
import { AdaptiveLimit, type LimitOptions } from "./adaptive-limit.ts";
import { layer } from "./layer.ts";
import { pause } from "./pause.ts";

export type ConcurrencyOptions = LimitOptions &
  Readonly<{
    /** Seconds on a steady clock. */
    now?: () => number;
    wait?: (seconds: number, signal?: AbortSignal) => Promise<void>;
    onChange?: (limit: number) => void;
  }>;

/** The model behind a queue. Questions wait their turn; `generateMany` is left to what lies around it. */
export function withConcurrency(model: ChatModel, options: ConcurrencyOptions): ChatModel {
  const { now = () => performance.now() / 1000, wait = pause, onChange } = options;
  const limit = new AdaptiveLimit(options);
  const waiting: (() => void)[] = [];
  let underWay = 0;
  let pausedUntil = 0;
  const admit = () => {
    while (underWay < limit.current && waiting.length > 0) {
      underWay++;
      waiting.shift()?.();
    }
  };
  const enter = async (signal: AbortSignal | undefined): Promise<number> => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      admit();
    });
    try {
      // Again where the server has asked for a longer pause in the meantime.
      for (let waited = now(); waited < pausedUntil; ) {
        const left = pausedUntil - waited;
        waited = pausedUntil;
        await wait(left, signal);
      }
      signal?.throwIfAborted();
    } catch (error) {
      leave();
      throw error;
    }
    return limit.sent();
  };
  const leave = () => {
    underWay--;
    admit();
  };
  const told = (serial: number, started: number, error?: unknown) => {
    const before = limit.current;
    if (error === undefined) limit.answered(serial, now() - started);
    else if (error instanceof RequestError && error.fault === "busy") {
      limit.refused(serial);
      pausedUntil = Math.max(pausedUntil, now() + (error.retryAfter ?? 0));
    }
    if (limit.current !== before) onChange?.(limit.current);
  };
  const inTurn = async <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    const serial = await enter(signal);
    const started = now();
    try {
      const result = await work();
      told(serial, started);
      return result;
    } catch (error) {
      told(serial, started, error);
      throw error;
    } finally {
      leave();
    }
  };
  return layer(model, {
    generate: (messages, asked) => inTurn(asked?.signal, () => model.generate(messages, asked)),
    async *stream(messages, asked) {
      const serial = await enter(asked?.signal);
      const started = now();
      try {
        const reply = yield* model.stream(messages, asked);
        told(serial, started);
        return reply;
      } catch (error) {
        told(serial, started, error);
        throw error;
      } finally {
        leave();
      }
    },
    scoreOptions: (messages, texts, control) =>
      inTurn(control?.signal, () => model.scoreOptions(messages, texts, control)),
  });
}
