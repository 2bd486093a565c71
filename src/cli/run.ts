/**
 * One run of the program: parse, run the command, turn what goes wrong into one sentence and an exit status.
 */
import { CommanderError } from "commander";
import { createContext, interruptedStatus } from "./context.ts";
import { createProgram } from "./program.ts";

/** Run with the arguments behind the program's name. Resolves to the exit status; never rejects. */
export async function run(args: readonly string[]): Promise<number> {
  const context = createContext(() => args.includes("--quiet") || args.includes("-q"));
  process.once("exit", context.close);
  try {
    const program = await createProgram(args, context);
    await program.parseAsync(args.length === 0 ? ["--help"] : [...args], { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has printed its message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode;
    context.close();
    if (context.isInterrupted() && isAbort(error)) return interruptedStatus;
    process.stderr.write(`zoetrope: ${explain(error)}\n`);
    return 1;
  } finally {
    context.close();
    process.off("exit", context.close);
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** The message alone; with ZOETROPE_DEBUG=1 the stack too, causes included. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (process.env.ZOETROPE_DEBUG !== "1") return error.message;
  const cause = error.cause === undefined ? "" : `\nCaused by: ${explain(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
