/**
 * What `train` and `reproduce` print in the end: the recipe's text, or its figures as one JSON object.
 */
import type { RecipeResult } from "../../recipes/index.ts";
import { printJson, printText, thresholdStatus } from "./context.ts";

/** Print a result; missed thresholds go to stderr and make the exit status 100. */
export function printResult(command: string, result: RecipeResult, { json }: Readonly<{ json: boolean }>): void {
  const { folder, summary, text, details = {}, unmet = [] } = result;
  if (json) printJson({ command, folder, summary, ...details, unmet });
  else printText(text);
  for (const sentence of unmet) process.stderr.write(`Threshold not met: ${sentence}\n`);
  if (unmet.length > 0) process.exitCode = thresholdStatus;
}
