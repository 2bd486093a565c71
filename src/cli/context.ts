/**
 * What commands share while the program runs: one place for progress, one for Ctrl-C, one for what goes to stdout.
 */
import { openProgress, type TerminalProgress } from "./progress.ts";

export type CommandContext = Readonly<{
  /** Bars or lines on stderr; opened when it is first used. */
  progress(): TerminalProgress;
  /**
   * Take over Ctrl-C: the first one aborts the signal and prints the note, the second one ends the process. A command that
   * never asks ends at the first.
   */
  interruptible(note?: string): AbortSignal;
  /** Take bars away and give Ctrl-C back. */
  close(): void;
  /** Was the command interrupted? */
  isInterrupted(): boolean;
}>;

const resumeNote = "Stopping after this step; run the same command again to resume. (Ctrl-C again to stop now.)";
/** 128 + SIGINT, as shells have it. */
export const interruptedStatus = 130;
export const thresholdStatus = 100;

/** A context for one run of the program. `isQuiet` is asked when progress is first wanted. */
export function createContext(isQuiet: () => boolean = () => false): CommandContext {
  let progress: TerminalProgress | undefined;
  const controller = new AbortController();
  let onInterrupt: (() => void) | undefined;
  const close = () => {
    progress?.close();
    if (onInterrupt) process.off("SIGINT", onInterrupt);
    onInterrupt = undefined;
  };
  return {
    progress() {
      progress ??= openProgress({ quiet: isQuiet() });
      return progress;
    },
    interruptible(note = resumeNote) {
      onInterrupt ??= () => {
        if (controller.signal.aborted) {
          close();
          process.exit(interruptedStatus);
        }
        controller.abort(new DOMException("Interrupted by Ctrl-C.", "AbortError"));
        if (progress) progress.note(note);
        else process.stderr.write(`${note}\n`);
      };
      if (process.listeners("SIGINT").includes(onInterrupt) === false) process.on("SIGINT", onInterrupt);
      return controller.signal;
    },
    close,
    isInterrupted: () => controller.signal.aborted,
  };
}

/** One JSON object, the only thing that a command with --json writes to stdout. */
export function printJson(value: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

export function printText(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}
