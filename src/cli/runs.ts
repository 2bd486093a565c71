/**
 * `zoetrope runs ...`: past runs and those of other tools, a file a command. None of them asks a model.
 */
import type { Command } from "commander";
import type { CommandContext } from "./context.ts";
import { registerRunsCompare } from "./runs-compare.ts";
import { registerRunsExport } from "./runs-export.ts";
import { registerRunsImport } from "./runs-import.ts";
import { registerRunsList } from "./runs-list.ts";
import { registerRunsRescore } from "./runs-rescore.ts";
import { registerRunsShow } from "./runs-show.ts";

export function registerRuns(runs: Command, context: CommandContext): void {
  registerRunsList(runs);
  registerRunsShow(runs);
  registerRunsCompare(runs);
  registerRunsRescore(runs, context);
  registerRunsExport(runs);
  registerRunsImport(runs);
}
