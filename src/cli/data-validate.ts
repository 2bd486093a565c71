/**
 * `zoetrope data validate`: every fault of a training file, with line and field.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { CONVERSATION_FORMATS, type Validation, validateFile } from "../data/index.ts";
import { type CommandContext, printJson, printText, thresholdStatus } from "./context.ts";
import { oneOf, wholeNumber } from "./flags.ts";
import { readingProgress } from "./reading-progress.ts";

const examples = `
Examples:
  $ zoetrope data validate t3.json
  $ zoetrope data validate mix.jsonl --format swift --max 100 --json
  $ zoetrope data validate instruct.json --media images/

Faults: broken JSON, unknown speakers, values that are no text or empty, turns that do not alternate, <image> and
<video> that are more or fewer than the files, files that are missing (with --media), options that repeat, answers
that are not among the options, an ms-swift history that repeats the last turn. Exit status 100 where there are any.
`;

type ValidateFlags = Readonly<{ format?: string; max: string; media?: string; json?: boolean }>;

export function registerDataValidate(data: Command, context: CommandContext): void {
  data
    .command("validate")
    .description("line and field of what is wrong in a training file")
    .argument("<file>", "the file to check")
    .option("--format <format>", `${CONVERSATION_FORMATS.join(", ")} (default: told by the first row)`)
    .option("--max <n>", "list so many faults; all are counted", "20")
    .option("--media <folder>", "look for images and videos below this folder")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((file: string, flags: ValidateFlags) => runValidate(file, flags, context));
}

async function runValidate(file: string, flags: ValidateFlags, context: CommandContext): Promise<void> {
  const { media, json = false } = flags;
  const max = wholeNumber("--max", flags.max);
  const format = flags.format === undefined ? undefined : oneOf("--format", CONVERSATION_FORMATS, flags.format);
  const signal = context.interruptible("Stopping.");
  const { onOffset, finish } = readingProgress(context, "validate", { path: file, signal });
  const validation = await validateFile(file, {
    max,
    onOffset,
    ...(format !== undefined && { format }),
    ...(media !== undefined && { exists: (name: string) => existsSync(join(media, name)) }),
  });
  finish();
  report(file, validation, json);
  if (validation.faults > 0) process.exitCode = thresholdStatus;
}

function report(file: string, { format, rows, faultyRows, faults, kinds, first }: Validation, json: boolean): void {
  const layout = format ?? "unknown";
  if (json) {
    const summary = { rows, faultyRows, faults, format: layout };
    printJson({ command: "data validate", file, summary, kinds, faults: first });
    return;
  }
  for (const { line, field, problem } of first) printText(`${file}:${line}: ${field}: ${problem}`);
  if (faults > first.length) printText(`... and ${faults - first.length} more; --max lists them`);
  const counts = Object.entries(kinds).map(([kind, count]) => `${kind} ${count}`);
  const found = faults === 0 ? "no fault" : `${faults} faults in ${faultyRows} of them (${counts.join(", ")})`;
  printText(`${rows} rows (${layout}): ${found}`);
}
