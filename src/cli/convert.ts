/**
 * `zoetrope convert`: a training file into another trainer's layout.
 */
import type { Command } from "commander";
import {
  CONVERSATION_FORMATS,
  type ConversationFormat,
  type Conversion,
  convertFile,
  detectFormat,
  registerDataset,
} from "../data/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf } from "./flags.ts";
import { readingProgress } from "./reading-progress.ts";

const examples = `
Examples:
  $ zoetrope convert t3.json --to swift -o t3.jsonl
  $ zoetrope convert Video-T3-QA.json --to llava -o t3.json
  $ zoetrope convert t3.json --to llama-factory --name t3_train -o data/t3.json
  $ zoetrope convert messy.jsonl --from sharegpt --to llava --skip-bad -o clean.json --json

Layouts: llava, sharegpt and llama-factory are JSON arrays, swift is JSON Lines, t3-pairs is an array of
[{"from": "human"}, {"from": "gpt"}] without ids. Files are read as a stream, arrays and lines alike.
llama-factory also enters the file into the dataset_info.json beside it.
`;

type ConvertFlags = Readonly<{
  to: string;
  output: string;
  from?: string;
  name?: string;
  skipBad?: boolean;
  json?: boolean;
}>;

export function registerConvert(command: Command, context: CommandContext): void {
  command
    .argument("<file>", "the file to convert")
    .requiredOption("--to <format>", CONVERSATION_FORMATS.join(", "))
    .requiredOption("-o, --output <file>", "where to write")
    .option("--from <format>", "layout of the file (default: told by its first row)")
    .option("--name <name>", "name of the data set in dataset_info.json (default: the file's name)")
    .option("--skip-bad", "pass over rows that cannot be read, and count them")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((file: string, flags: ConvertFlags) => runConvert(file, flags, context));
}

async function runConvert(file: string, flags: ConvertFlags, context: CommandContext): Promise<void> {
  const { output, json = false, skipBad = false } = flags;
  const to = oneOf("--to", CONVERSATION_FORMATS, flags.to);
  if (flags.name !== undefined && to !== "llama-factory")
    throw new RangeError(`Expected --name only with --to llama-factory, got it with --to ${to}. Leave it out.`);
  const signal = context.interruptible(`Stopping; ${output} stays as it was.`);
  const { onOffset, finish } = readingProgress(context, "convert", { path: file, signal });
  const from = flags.from === undefined ? await detectFormat(file) : oneOf("--from", CONVERSATION_FORMATS, flags.from);
  const conversion = await convertFile(file, output, { from, to, skipBad, onOffset });
  finish();
  const name = flags.name ?? dataName(output);
  const registry = to === "llama-factory" ? registerDataset(output, name) : null;
  report(conversion, { from, to, output, registry, name, json });
}

type Done = {
  from: ConversationFormat;
  to: ConversationFormat;
  output: string;
  registry: string | null;
  name: string;
  json: boolean;
};

function report({ rows, bad, lost, provenance }: Conversion, { from, to, output, registry, name, json }: Done): void {
  if (json) {
    const summary = { rows, bad: bad.length, lost: Object.values(lost).reduce((sum, count) => sum + count, 0) };
    const faults = bad.map(({ line, message }) => ({ line, message }));
    printJson({ command: "convert", from, to, output, registry, provenance, summary, lost, faults });
    return;
  }
  printText(`${rows} rows, ${from} -> ${to}: ${output}${provenance ? ", notes on their origin beside it" : ""}`);
  if (registry !== null) printText(`entered as "${name}" into ${registry}`);
  for (const [thing, count] of Object.entries(lost))
    printText(`${to} has no place for ${thing}: left out of ${count} rows`);
  if (bad.length > 0) printText(`${bad.length} rows passed over; the first: ${bad[0]?.message}`);
}

/** "data/t3.train.json" -> "t3_train": names of data sets stand in lists separated by commas. */
function dataName(path: string): string {
  const base = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return base.replace(/\.jsonl?$/, "").replace(/[^\w-]+/g, "_");
}
