/** `zoetrope eval`: a benchmark on video files. */
import type { Command } from "commander";
import type { CommandContext } from "./context.ts";

export function registerEval(_command: Command, _context: CommandContext): void {}
