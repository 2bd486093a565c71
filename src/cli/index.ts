/** The command line: one file a command. */
export type { CommandContext } from "./context.ts";
export { createProgram } from "./program.ts";
export { formatSeconds, openProgress, type ProgressOptions, type TerminalProgress } from "./progress.ts";
export { run } from "./run.ts";
