/**
 * `zoetrope synth t3`: captions in, T3 rows out, in the layout of the trainer that will read them.
 */
import type { Command } from "commander";
import { writeAtomically } from "../core/files/index.ts";
import {
  type Caption,
  CONVERSATION_FORMATS,
  isArrayFormat,
  readCaptions,
  registerDataset,
  serialiseConversation,
  type TextRow,
  writeRows,
} from "../data/index.ts";
import {
  ALL_TEMPORAL_FAMILIES,
  type CaptionYield,
  captionYield,
  countReasons,
  provenanceOf,
  synthesiseT3,
  T3_FAMILIES,
  t3Conversation,
  t3Tally,
} from "../synthesis/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, share, wholeNumber } from "./flags.ts";
import { addModelFlags, type ModelFlags } from "./model-flags.ts";
import { byCount, reportJson, reportText } from "./synth-t3-report.ts";
import { type MadeRow, type OpenWriter, openWriter } from "./synth-t3-writer.ts";

const EXAMPLES = `
Examples:
  $ zoetrope synth t3 --captions captions.jsonl -o t3.json
  $ zoetrope synth t3 --captions captions.txt --format swift --padding 1,2,4,8 --rows 15000 -o t3.jsonl
  $ zoetrope synth t3 --captions train.json --families order,referring --split validation --seed 7 -o val.json
  $ zoetrope synth t3 --captions captions.jsonl --families control -o control.json --json
  $ zoetrope synth t3 --captions recap.json --context full --rows 500 --writer ./qwen2-7b -o written.json

Captions: plain text (one a line), JSON Lines, a JSON array of strings or of objects with a caption,
LLaVA conversations, COCO, or ActivityNet-Captions.
Families: ${T3_FAMILIES.join(", ")}.
The last two are non-temporal controls, made only when asked for.
With --writer a language model writes the questions of order and attribute; a solver checks that exactly one option is
right by the captions, and what it rejects is counted with the reason. Replies are kept: run the same command to go on.
OUTPUT.provenance.jsonl says of each row its captions, family, padding, seed and writer; no trainer reads it.
`;

type SynthFlags = Omit<ModelFlags, "cache"> & {
  captions: string;
  format: string;
  output?: string;
  families?: string;
  padding: string;
  rows?: string;
  seed: string;
  split: string;
  validation: string;
  context: string;
  writer?: string;
  solver?: string;
  cache?: string;
  rejected?: string;
  provenance: boolean;
  json?: boolean;
};

export function registerSynthT3(synth: Command, context: CommandContext): void {
  const command = synth
    .command("t3")
    .description("temporal questions in pure text from image captions")
    .requiredOption("--captions <file>", "where the captions are")
    .option("--format <format>", CONVERSATION_FORMATS.join(", "), "llava")
    .option("-o, --output <file>", "where to write (default: t3.json, t3.jsonl for swift)")
    .option("--families <names>", "comma-separated (default: the temporal ones)")
    .option("--padding <factors>", "context lines per original caption, comma-separated", "1")
    .option("--context <lines>", "first-sentence of each caption, or full captions", "first-sentence")
    .option("--rows <n>", "how many rows to write (default: one per caption)")
    .option("--seed <seed>", "same seed, same bytes", "0")
    .option("--split <side>", "train, validation or both", "both")
    .option("--validation <share>", "share of sources held out for validation", "0.05")
    .option("--writer <model>", "a model that writes order and attribute questions; wants --rows")
    .option("--solver <model>", "a model that judges what the rules cannot (with --writer)")
    .option("--cache <file>", "where replies are kept (default: OUTPUT.replies.jsonl)")
    .option("--rejected <file>", "write the captions that gave no question, with the reasons, as JSON Lines")
    .option("--no-provenance", "write no notes on where rows come from")
    .option("--json", "print one JSON object on stdout");
  addModelFlags(command, { seesVideos: false, hasCache: false })
    .addHelpText("after", EXAMPLES)
    .action((flags: SynthFlags) => runSynthT3(flags, context));
}

/** Read, synthesise, write, report. */
async function runSynthT3(flags: SynthFlags, context: CommandContext): Promise<void> {
  const plan = checked(flags);
  const { output, format, seed } = plan;
  const skipped = new Map<string, number>();
  const followed = captionYield();
  const onSkip = (reason: string, caption?: Caption) => {
    skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
    followed.onSkip(reason, caption);
  };
  const captions = await readCaptions(flags.captions, { onSkip });
  const signal = context.interruptible(`Stopping; ${output} stays as it was.`);
  const writer = await openWriter(plan, context);
  try {
    const tally = t3Tally();
    const bar = context.progress().task("synth t3", { total: plan.rows ?? captions.length, unit: "rows" });
    const started = performance.now();
    const onRow = ({ row }: MadeRow, count: number) => {
      signal.throwIfAborted();
      tally.add(row);
      followed.onRow(row);
      if (count % 500 === 0 || writer) bar.update(count);
    };
    const asText = ({ row, writer: by }: MadeRow): TextRow => ({
      text: serialiseConversation(t3Conversation(row), format),
      ...(flags.provenance && { provenance: provenanceOf(row, { seed, ...(by && { writer: by }) }) }),
    });
    const why = () =>
      Object.entries(byCount(skipped))
        .map(([reason, count]) => `${reason} ${count}`)
        .join(", ");
    await writeRows(output, texts(allRows({ captions, plan, writer, onSkip }), { onRow, asText, why }), {
      isArray: isArrayFormat(format),
    });
    bar.update(tally.statistics().rows);
    bar.finish();
    const registry = format === "llama-factory" ? registerDataset(output, "t3") : null;
    const barren = rejects(followed, captions, flags.rejected);
    const report = {
      statistics: tally.statistics(),
      captions: captions.length,
      skipped,
      barren,
      seconds: (performance.now() - started) / 1000,
      output,
      format,
      registry,
      asked: plan.rows,
      writer: writer ? { model: writer.model.name, requests: writer.cache.asked(), cache: writer.cache.path } : null,
    };
    if (flags.json) printJson(reportJson(report));
    else printText(reportText(report));
  } finally {
    await writer?.close();
  }
}

type Plan = ReturnType<typeof checked>;

/** Flags as values. Throws RangeError on the first wrong one. */
function checked(flags: SynthFlags) {
  const format = oneOf("--format", CONVERSATION_FORMATS, flags.format);
  const output = flags.output ?? (format === "swift" ? "t3.jsonl" : "t3.json");
  const families =
    flags.families?.split(",").map((name) => oneOf("--families", T3_FAMILIES, name.trim())) ?? ALL_TEMPORAL_FAMILIES;
  const { writer, solver } = flags;
  if (writer !== undefined && flags.rows === undefined)
    throw new RangeError("Expected --rows with --writer, as every written row costs a request or more, got none.");
  if (solver !== undefined && writer === undefined)
    throw new RangeError("Expected --writer with --solver, got none. Templates need no model to judge them.");
  return {
    format,
    output,
    families,
    split: oneOf("--split", ["train", "validation", "both"] as const, flags.split),
    context: oneOf("--context", ["first-sentence", "full"] as const, flags.context),
    padding: flags.padding.split(",").map((factor) => wholeNumber("--padding", factor.trim())),
    rows: flags.rows === undefined ? undefined : wholeNumber("--rows", flags.rows),
    validation: share("--validation", flags.validation),
    seed: flags.seed,
    writer,
    solver,
    // Replies are kept in one file beside the rows, not a second time elsewhere.
    asking: { ...flags, cache: false },
    cache: flags.cache ?? `${output}.replies.jsonl`,
  };
}

type Making = Readonly<{
  captions: readonly Caption[];
  plan: Plan;
  writer: OpenWriter | undefined;
  onSkip: (reason: string, caption?: Caption) => void;
}>;

/** Rows that the model writes first, then those of templates; each family has its equal share. */
async function* allRows({ captions, plan, writer, onSkip }: Making): AsyncGenerator<MadeRow> {
  const { families, rows, seed, padding, split, validation, context } = plan;
  const byModel = writer?.families ?? [];
  const written = Math.round(((rows ?? 0) * byModel.length) / families.length);
  if (writer) yield* writer.rows(captions, { rows: written, onSkip });
  const others = families.filter((name) => !byModel.some((each) => each === name));
  if (others.length === 0) return;
  const options = { seed, families: others, padding, split, validation, context, onSkip };
  for (const row of synthesiseT3(captions, { ...options, ...(rows !== undefined && { rows: rows - written }) }))
    yield { row };
}

type Telling = Readonly<{
  onRow: (row: MadeRow, count: number) => void;
  asText: (row: MadeRow) => TextRow;
  why: () => string;
}>;

/** Rows as text. Throws where there is no row at all, before anything replaces an existing file. */
async function* texts(rows: AsyncIterable<MadeRow>, { onRow, asText, why }: Telling): AsyncGenerator<TextRow> {
  let count = 0;
  for await (const row of rows) {
    onRow(row, ++count);
    yield asText(row);
  }
  if (count > 0) return;
  throw new RangeError(`Expected rows, but the captions gave no question (${why()}). Pass more or other captions.`);
}

/** How many captions gave no question, by reason; each of them into a file where one is asked for. */
function rejects(followed: CaptionYield, captions: readonly Caption[], path: string | undefined) {
  if (path !== undefined) {
    const lines = function* () {
      for (const { caption, reasons } of followed.barren(captions))
        yield `${JSON.stringify({ ...caption, reasons })}\n`;
    };
    writeAtomically(path, lines());
  }
  let count = 0;
  for (const _ of followed.barren(captions)) count++;
  return { captions: count, reasons: countReasons(followed.barren(captions)) };
}
