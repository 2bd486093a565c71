/**
 * Calls over a line that carries plain data to another thread or process and back: many at once, each with events on its
 * way and an abort of its own.
 */
import type { ChildProcess } from "node:child_process";
import type { MessagePort, TransferListItem } from "node:worker_threads";
import { type ErrorClass, fromPlainError, type PlainError, toPlainError } from "./worker-messages.ts";

/** One end of a line. What is sent is cloned, or handed over where the line can. */
export type Line = Readonly<{
  send(message: unknown, transfer?: readonly TransferListItem[]): void;
  listen(onMessage: (message: unknown) => void): void;
}>;

export function portLine(port: MessagePort): Line {
  return {
    send: (message, transfer = []) => port.postMessage(message, [...transfer]),
    listen: (onMessage) => void port.on("message", onMessage),
  };
}

/** The line of a process started with `fork`: `process` in the child, the ChildProcess in the parent. It hands nothing over. */
export function processLine(end: ChildProcess | NodeJS.Process): Line {
  return {
    // Where the other end has gone, its "exit" tells.
    send: (message) => void end.send?.(message as object, undefined, undefined, () => {}),
    listen: (onMessage) => void (end as NodeJS.EventEmitter).on("message", onMessage),
  };
}

type Asked = Readonly<{ type: "call"; id: number; call: unknown }> | Readonly<{ type: "abort"; id: number }>;
type Told =
  | Readonly<{ type: "event"; id: number; event: unknown }>
  | Readonly<{ type: "result"; id: number; result: unknown }>
  | Readonly<{ type: "error"; id: number; error: PlainError }>;

export type CallOptions<Event> = Readonly<{
  onEvent?: (event: Event) => void;
  /** Rejects at once with the signal's reason, and tells the other end, which may take its time. */
  signal?: AbortSignal;
  transfer?: readonly TransferListItem[];
}>;

/** The end that asks. */
export class Caller<Call, Result, Event = never> {
  readonly #line: Line;
  readonly #open = new Map<number, Readonly<{ tell: (told: Told) => void; fail: (error: unknown) => void }>>();
  readonly #errors: readonly ErrorClass[];
  #next = 0;

  /** Errors of these classes come back as themselves. */
  constructor(line: Line, errors: readonly ErrorClass[] = []) {
    this.#line = line;
    this.#errors = errors;
    line.listen((message) => {
      const told = message as Told;
      this.#open.get(told.id)?.tell(told);
    });
  }

  call(call: Call, { onEvent, signal, transfer }: CallOptions<Event> = {}): Promise<Result> {
    const id = this.#next++;
    return new Promise<Result>((resolve, reject) => {
      signal?.throwIfAborted();
      const end = () => {
        this.#open.delete(id);
        signal?.removeEventListener("abort", abort);
      };
      const fail = (error: unknown) => {
        end();
        reject(error);
      };
      const abort = () => {
        this.#line.send({ type: "abort", id } satisfies Asked);
        fail(signal?.reason);
      };
      const tell = (told: Told) => {
        if (told.type === "event") return onEvent?.(told.event as Event);
        if (told.type === "error") return fail(fromPlainError(told.error, this.#errors));
        end();
        resolve(told.result as Result);
      };
      this.#open.set(id, { tell, fail });
      signal?.addEventListener("abort", abort, { once: true });
      this.#line.send({ type: "call", id, call } satisfies Asked, transfer);
    });
  }

  /** The other end is gone: every call under way rejects. */
  fail(error: unknown): void {
    for (const { fail } of [...this.#open.values()]) fail(error);
  }
}

/** What the answer to a call gets beside it. */
export type CallContext<Event> = Readonly<{ emit(event: Event): void; signal: AbortSignal }>;

/** Answer every call that comes over the line, side by side. */
export function answerCalls<Call, Result, Event = never>(
  line: Line,
  answer: (call: Call, context: CallContext<Event>) => Promise<Result>,
): void {
  const aborts = new Map<number, AbortController>();
  const send = (told: Told) => line.send(told);
  const run = async (id: number, call: Call): Promise<void> => {
    const abort = new AbortController();
    aborts.set(id, abort);
    try {
      const context = { emit: (event: Event) => send({ type: "event", id, event }), signal: abort.signal };
      send({ type: "result", id, result: await answer(call, context) });
    } catch (error) {
      send({ type: "error", id, error: toPlainError(error) });
    } finally {
      aborts.delete(id);
    }
  };
  line.listen((message) => {
    const asked = message as Asked;
    if (asked.type === "call") void run(asked.id, asked.call as Call);
    else aborts.get(asked.id)?.abort();
  });
}
