/**
 * `zoetrope data ...`: what can be done with data that is there already, a file each.
 */
import type { Command } from "commander";
import type { CommandContext } from "./context.ts";
import { registerDataCheck } from "./data-check.ts";
import { registerDataLeakage } from "./data-leakage.ts";
import { registerDataMix } from "./data-mix.ts";
import { registerDataRecipe } from "./data-recipe.ts";
import { registerDataValidate } from "./data-validate.ts";

export function registerData(data: Command, context: CommandContext): void {
  registerDataCheck(data, context);
  registerDataLeakage(data, context);
  registerDataMix(data, context);
  registerDataRecipe(data, context);
  registerDataValidate(data, context);
}
