/**
 * A model as the server sees it: a thread that holds it, and the queue before it. Requests that share their options are
 * answered in one batch; whoever hangs up leaves the queue, or stops being computed for.
 */
import type { Reply } from "../chat/index.ts";
import { fromPlainError } from "../core/threads/index.ts";
import { ApiError, shuttingDown } from "./api-error.ts";
import type { AnswerOptions } from "./chat-request.ts";
import type { PreparedMessage } from "./media-reader.ts";
import type { Batch, BatchEvent, ModelFacts, ThreadOptions } from "./model-thread.ts";
import { type RunningThread, startModelThread } from "./start-model-thread.ts";

export type Question = Readonly<{
  messages: readonly PreparedMessage[];
  options: AnswerOptions;
  signal: AbortSignal;
  onText?: (piece: string) => void;
}>;

type Waiting = Question &
  Readonly<{
    resolve: (reply: Reply) => void;
    reject: (error: unknown) => void;
  }>;

export type ServedModelOptions = Omit<ThreadOptions, "port"> & Readonly<{ id: string }>;

/** Open a model in a thread of its own. Throws what the model's opening throws. */
export async function openServedModel(options: ServedModelOptions): Promise<ServedModel> {
  const model = new ServedModel(options);
  await model.open();
  return model;
}

export class ServedModel {
  readonly id: string;
  readonly #options: ServedModelOptions;
  readonly #stop = new AbortController();
  readonly #waiting: Waiting[] = [];
  #thread: Promise<RunningThread> | undefined;
  #facts: ModelFacts | undefined;
  #isBusy = false;
  /** Batches that were run, and conversations in them. */
  batches = 0;
  answered = 0;

  /** Use openServedModel. */
  constructor(options: ServedModelOptions) {
    this.id = options.id;
    this.#options = options;
  }

  get facts(): ModelFacts {
    if (!this.#facts) throw new TypeError("Expected an open model. Call open first.");
    return this.#facts;
  }

  /** Conversations that wait for the model. */
  get waiting(): number {
    return this.#waiting.length;
  }

  async open(): Promise<void> {
    this.#facts = (await this.#open()).facts;
  }

  /** Wait for a turn and the answer. Rejects with the signal's reason, wherever the question is by then. */
  ask(question: Question): Promise<Reply> {
    const { signal } = question;
    return new Promise<Reply>((resolve, reject) => {
      signal.throwIfAborted();
      const waiting: Waiting = { ...question, resolve, reject };
      const leave = () => {
        const place = this.#waiting.indexOf(waiting);
        if (place >= 0) this.#waiting.splice(place, 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiting);
      void this.#work();
    });
  }

  /** End the thread when its batch is done; what waits is not answered any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    for (const { reject } of this.#waiting.splice(0)) reject(shuttingDown());
    const thread = await this.#thread?.catch(() => undefined);
    await thread?.ended;
  }

  /** Batch after batch while anybody waits. */
  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#waiting.length > 0 && !this.#stop.signal.aborted) await this.#runBatch(this.#takeBatch());
    } finally {
      this.#isBusy = false;
    }
  }

  /** The head of the queue and those like it. An answer drawn with a seed depends on its place, so it is drawn alone. */
  #takeBatch(): Waiting[] {
    const [head] = this.#waiting as [Waiting];
    const { temperature, seed } = head.options;
    const size = temperature > 0 && seed !== null ? 1 : this.#options.batch;
    const like = JSON.stringify(head.options);
    const batch = this.#waiting.filter(({ options }) => JSON.stringify(options) === like).slice(0, size);
    for (const taken of batch) this.#waiting.splice(this.#waiting.indexOf(taken), 1);
    return batch;
  }

  async #runBatch(questions: readonly Waiting[]): Promise<void> {
    const wanted = new Int32Array(new SharedArrayBuffer(4 * questions.length)).fill(1);
    const drops = questions.map(({ signal }, index) => {
      const drop = () => void Atomics.store(wanted, index, 0);
      if (signal.aborted) drop();
      signal.addEventListener("abort", drop, { once: true });
      return () => signal.removeEventListener("abort", drop);
    });
    const batch: Batch = {
      conversations: questions.map(({ messages }) => messages),
      options: (questions[0] as Waiting).options,
      isStreamed: questions.map(({ onText }) => onText !== undefined),
      wanted,
    };
    const onEvent = (event: BatchEvent) => {
      const question = questions[event.index] as Waiting;
      if (event.type === "text") question.onText?.(event.piece);
      else if (event.type === "reply") question.resolve(event.reply);
      else question.reject(refusalOf(fromPlainError(event.error)));
    };
    this.batches++;
    this.answered += questions.length;
    try {
      const { caller } = await this.#open();
      await caller.call(batch, { onEvent });
      // Whoever was told nothing was dropped, which the signal has said already.
    } catch (error) {
      for (const { reject } of questions) reject(error);
    } finally {
      for (const forget of drops) forget();
    }
  }

  /** The thread, started anew after it broke down. */
  #open(): Promise<RunningThread> {
    this.#thread ??= startModelThread(this.#options, this.#stop.signal, () => {
      this.#thread = undefined;
    });
    return this.#thread;
  }
}

/** A model says by a RangeError that a conversation does not fit it; anything else is the server's own trouble. */
function refusalOf(error: Error): Error {
  if (!(error instanceof RangeError)) return error;
  const code = /prompt and answer of at most/.test(error.message) ? "context_length_exceeded" : null;
  return new ApiError(400, error.message, { param: "messages", code });
}
