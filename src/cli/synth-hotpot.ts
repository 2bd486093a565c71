/**
 * `zoetrope synth hotpot`: HotpotQA as T3's control text, from the file on the user's disk.
 */
import type { Command } from "commander";
import { Rng } from "../core/math/index.ts";
import {
  CONVERSATION_FORMATS,
  isArrayFormat,
  jsonValues,
  registerDataset,
  serialiseConversation,
  type TextRow,
  writeRows,
} from "../data/index.ts";
import { hotpotRow } from "../synthesis/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, wholeNumber } from "./flags.ts";
import { readingProgress } from "./reading-progress.ts";

const examples = `
Examples:
  $ zoetrope synth hotpot hotpot_train_v1.1.json -o hotpot.json
  $ zoetrope synth hotpot hotpot_train_v1.1.json --ask last-title --max-words 16000 --rows 100000 -o titles.json

The file is HotpotQA v1.1 as distributed (CC BY-SA 4.0, hotpotqa.github.io). Rows are T3's control layout: shuffled
paragraphs, the question, a short answer. --max-words counts words of the whole question, and drops nothing by default.
`;

type HotpotFlags = Readonly<{
  output: string;
  format: string;
  ask: string;
  maxWords?: string;
  rows?: string;
  seed: string;
  json?: boolean;
}>;

export function registerSynthHotpot(synth: Command, context: CommandContext): void {
  synth
    .command("hotpot")
    .description("T3's control text from a HotpotQA file")
    .argument("<file>", "HotpotQA v1.1, JSON")
    .option("-o, --output <file>", "where to write", "hotpot.json")
    .option("--format <format>", CONVERSATION_FORMATS.join(", "), "llava")
    .option("--ask <what>", "answer (HotpotQA's question) or last-title (of the last paragraph)", "answer")
    .option("--max-words <n>", "drop rows of more words (default: none)")
    .option("--rows <n>", "the first so many rows (default: all)")
    .option("--seed <seed>", "order of the paragraphs", "0")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((file: string, flags: HotpotFlags) => runHotpot(file, flags, context));
}

async function runHotpot(file: string, flags: HotpotFlags, context: CommandContext): Promise<void> {
  const { output, seed, json = false } = flags;
  const format = oneOf("--format", CONVERSATION_FORMATS, flags.format);
  const ask = oneOf("--ask", ["answer", "last-title"] as const, flags.ask);
  const maxWords = flags.maxWords === undefined ? undefined : wholeNumber("--max-words", flags.maxWords);
  const most = flags.rows === undefined ? Infinity : wholeNumber("--rows", flags.rows);
  const signal = context.interruptible(`Stopping; ${output} stays as it was.`);
  const { onOffset, finish } = readingProgress(context, "synth hotpot", { path: file, signal });
  const rng = new Rng(`hotpot/${seed}`);
  const skipped: Record<string, number> = {};
  const rows = async function* (): AsyncGenerator<TextRow> {
    let count = 0;
    for await (const { value, offset } of jsonValues(file)) {
      onOffset(offset);
      const row = hotpotRow(value, { rng, ask, ...(maxWords !== undefined && { maxWords }) });
      if ("skip" in row) skipped[row.skip] = (skipped[row.skip] ?? 0) + 1;
      else {
        const provenance = { id: row.id, family: "control-hotpot", ask, seed, file };
        yield { text: serialiseConversation(row, format), provenance };
        if (++count >= most) return;
      }
    }
    if (count > 0) return;
    const why = Object.entries(skipped).map(([reason, times]) => `${reason} ${times}`);
    throw new RangeError(`Expected HotpotQA questions in ${file}, got none (${why.join(", ")}). Pass a v1.1 file.`);
  };
  const written = await writeRows(output, rows(), { isArray: isArrayFormat(format) });
  finish();
  const registry = format === "llama-factory" ? registerDataset(output, "hotpot") : null;
  const dropped = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  if (json) {
    printJson({ command: "synth hotpot", output, format, registry, summary: { rows: written, dropped }, skipped });
    return;
  }
  printText(`${written} rows -> ${output} (${format})`);
  for (const [reason, count] of Object.entries(skipped)) printText(`dropped ${count}: ${reason}`);
}
