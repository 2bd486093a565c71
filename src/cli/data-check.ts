/**
 * `zoetrope data check`: is a benchmark's folder complete, and do its videos open?
 */
import type { Command } from "commander";
import type { CommandContext } from "./context.ts";

export function registerDataCheck(data: Command, _context: CommandContext): void {
  data
    .command("check")
    .description("coverage and broken files of a benchmark's folder")
    .argument("<benchmark>", "its name")
    .argument("<folder>", "where its files lie")
    .action((benchmark: string) => {
      throw new Error(`Checking "${benchmark}" is not there yet.`);
    });
}
