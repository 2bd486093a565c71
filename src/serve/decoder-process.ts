/**
 * The decoding process as the server sees it: started when it is needed, given one job at a time, ended when it does not
 * answer, started anew after it broke down.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Caller, processLine } from "../core/threads/index.ts";
import { shuttingDown } from "./api-error.ts";
import { type Decoded, type DecodeJob, Undecodable } from "./decode-job.ts";

/** How long a process that was told to stop may take before it is ended. */
const patienceMs = 2000;
/** JavaScript memory of the process, MiB; pictures lie outside of it. */
const heapMiB = 1024;

type Running = Readonly<{ child: ChildProcess; caller: Caller<DecodeJob | null, Decoded> }>;

export class DecoderProcess {
  #running: Running | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  /** How often it had to be started. */
  starts = 0;

  /** Of the running process. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  /** Start the process before there is work for it. */
  start(): void {
    this.#process();
  }

  /**
   * Decode when the jobs before it are done. `before` is waited for first, in turn. Throws an Undecodable for media that
   * cannot be decoded, in time or at all; rejects with the signal's reason at once.
   */
  decode(
    job: DecodeJob,
    { signal, timeoutMs, before }: Readonly<{ signal: AbortSignal; timeoutMs: number; before?: () => Promise<void> }>,
  ): Promise<Decoded> {
    const turn = this.#last.then(async () => {
      signal.throwIfAborted();
      await before?.();
      return await this.#run(job, signal, timeoutMs);
    });
    this.#last = turn.catch(() => {});
    return abortable(turn, signal);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const child = this.#running?.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  async #run(job: DecodeJob, signal: AbortSignal, timeoutMs: number): Promise<Decoded> {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      return await this.#process().caller.call(job, { signal: AbortSignal.any([signal, timeout]) });
    } catch (error) {
      if (signal.aborted || timeout.aborted) await this.#settle();
      if (!timeout.aborted || signal.aborted) throw error;
      throw new Undecodable(`decoding it takes longer than ${timeoutMs / 1000} s`, 0);
    }
  }

  /** After a job that was given up: go on with this process only if it listens. */
  async #settle(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    const patience = AbortSignal.timeout(patienceMs);
    await running.caller.call(null, { signal: patience }).catch(() => {
      if (this.#running === running) this.#running = undefined;
      running.child.kill("SIGKILL");
    });
  }

  #process(): Running {
    if (this.#isClosed) throw shuttingDown();
    if (this.#running) return this.#running;
    this.starts++;
    const child = startChild();
    const caller = new Caller<DecodeJob | null, Decoded>(processLine(child), [Undecodable]);
    const running = { child, caller };
    this.#running = running;
    child.once("exit", (code, killed) => {
      if (this.#running === running) this.#running = undefined;
      caller.fail(new Undecodable(`the decoder broke down at it (${killed ?? `code ${code}`})`, 0));
    });
    // What cannot be started is told by "exit", or by this event where there is no process at all.
    child.on("error", (error) => {
      if (this.#running === running) this.#running = undefined;
      caller.fail(error);
    });
    return running;
  }
}

function startChild(): ChildProcess {
  // tsc rewrites imports to .js but not strings: the child's file ends as this file does.
  const fromSource = import.meta.url.endsWith(".ts");
  const entry = new URL(`./decode-process.${fromSource ? "ts" : "js"}`, import.meta.url);
  return fork(entry, {
    serialization: "advanced",
    execArgv: [`--max-old-space-size=${heapMiB}`, ...(fromSource ? ["--import", import.meta.resolve("tsx")] : [])],
    // No keys, no proxies: what it needs to find its libraries.
    env: pick(process.env, ["PATH", "HOME", "TMPDIR", "TEMP", "SystemRoot", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"]),
    // Libraries in C complain on stderr about every damaged file.
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
}

function pick(environment: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}

/** The promise's end, or the signal's reason where that comes first. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
