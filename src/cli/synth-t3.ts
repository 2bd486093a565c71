/**
 * `zoetrope synth t3`: captions in, T3 rows out, in the layout of the trainer that will read them.
 */
import type { Command } from "commander";
import {
  CONVERSATION_FORMATS,
  type Conversation,
  type ConversationFormat,
  readCaptions,
  writeConversations,
} from "../data/index.ts";
import {
  serialiseT3,
  synthesiseT3,
  T3_FAMILIES,
  type T3Row,
  type T3Statistics,
  TEMPORAL_FAMILIES,
  t3Tally,
} from "../synthesis/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, share, wholeNumber } from "./flags.ts";

const EXAMPLES = `
Examples:
  $ zoetrope synth t3 --captions captions.jsonl -o t3.json
  $ zoetrope synth t3 --captions captions.txt --format swift --padding 1,2,4,8 --rows 15000 -o t3.jsonl
  $ zoetrope synth t3 --captions train.json --families order,referring --split validation --seed 7 -o val.json
  $ zoetrope synth t3 --captions captions.jsonl --families control -o control.json --json

Captions: plain text (one a line), JSON Lines, a JSON array of strings or of objects with a caption,
LLaVA conversations, COCO, or ActivityNet-Captions.
Families: ${T3_FAMILIES.join(", ")}.
The last two are non-temporal controls, made only when asked for.
`;

type SynthFlags = {
  captions: string;
  format: string;
  output?: string;
  families?: string;
  padding: string;
  rows?: string;
  seed: string;
  split: string;
  validation: string;
  json?: boolean;
};

export function registerSynthT3(synth: Command, context: CommandContext): void {
  synth
    .command("t3")
    .description("temporal questions in pure text from image captions")
    .requiredOption("--captions <file>", "where the captions are")
    .option("--format <format>", CONVERSATION_FORMATS.join(", "), "llava")
    .option("-o, --output <file>", "where to write (default: t3.json, t3.jsonl for swift)")
    .option("--families <names>", "comma-separated (default: the temporal ones)")
    .option("--padding <factors>", "context lines per original caption, comma-separated", "1")
    .option("--rows <n>", "how many rows to write (default: one per caption)")
    .option("--seed <seed>", "same seed, same bytes", "0")
    .option("--split <side>", "train, validation or both", "both")
    .option("--validation <share>", "share of sources held out for validation", "0.05")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", EXAMPLES)
    .action((flags: SynthFlags) => runSynthT3(flags, context));
}

/** Read, synthesise, write, report. */
async function runSynthT3(flags: SynthFlags, context: CommandContext): Promise<void> {
  const format = oneOf("--format", CONVERSATION_FORMATS, flags.format);
  const split = oneOf("--split", ["train", "validation", "both"] as const, flags.split);
  const output = flags.output ?? (format === "swift" ? "t3.jsonl" : "t3.json");
  const families =
    flags.families?.split(",").map((name) => oneOf("--families", T3_FAMILIES, name.trim())) ?? TEMPORAL_FAMILIES;
  const padding = flags.padding.split(",").map((factor) => wholeNumber("--padding", factor.trim()));
  const rows = flags.rows === undefined ? undefined : wholeNumber("--rows", flags.rows);
  const validation = share("--validation", flags.validation);

  const skipped = new Map<string, number>();
  const onSkip = (reason: string) => skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  const captions = await readCaptions(flags.captions, { onSkip });
  const tally = t3Tally();
  const bar = context.progress().task("synth t3", { total: rows ?? captions.length, unit: "rows" });
  const started = performance.now();
  const made = synthesiseT3(captions, {
    seed: flags.seed,
    families,
    padding,
    split,
    validation,
    onSkip,
    ...(rows === undefined ? {} : { rows }),
  });
  const signal = context.interruptible(`Stopping; ${output} stays as it was.`);
  const onRow = (row: T3Row, count: number) => {
    signal.throwIfAborted();
    tally.add(row);
    if (count % 500 === 0) bar.update(count);
  };
  await writeConversations(output, conversations(made, { onRow, why: () => pairs(byCount(skipped)) }), format);
  bar.finish();
  const seconds = (performance.now() - started) / 1000;
  report(
    { statistics: tally.statistics(), captions: captions.length, skipped, seconds, output, format, asked: rows },
    flags.json ?? false,
  );
}

/** Rows as conversations. Throws where there is no row at all, before anything replaces an existing file. */
function* conversations(
  rows: Iterable<T3Row>,
  { onRow, why }: { onRow: (row: T3Row, count: number) => void; why: () => string },
): Generator<Conversation> {
  let count = 0;
  for (const row of rows) {
    onRow(row, ++count);
    const { human, gpt } = serialiseT3(row);
    yield {
      id: row.id,
      turns: [
        { from: "human", value: human },
        { from: "gpt", value: gpt },
      ],
    };
  }
  if (count > 0) return;
  throw new RangeError(`Expected rows, but the captions gave no question (${why()}). Pass more or other captions.`);
}

type Report = {
  statistics: T3Statistics;
  captions: number;
  skipped: ReadonlyMap<string, number>;
  seconds: number;
  output: string;
  format: ConversationFormat;
  asked: number | undefined;
};

function report({ statistics, captions, skipped, seconds, output, format, asked }: Report, json: boolean): void {
  const { rows, letterImbalance, captionLines, families, splits } = statistics;
  const rowsPerSecond = Math.round(rows / seconds);
  const reasons = byCount(skipped);
  const total = (isCaption: boolean) =>
    [...skipped].reduce((sum, [reason, count]) => sum + (reason.endsWith(" caption") === isCaption ? count : 0), 0);
  if (json) {
    const summary = {
      rows,
      captions,
      captionLines,
      skipped: total(true),
      vainAttempts: total(false),
      train: splits.train ?? 0,
      validation: splits.validation ?? 0,
      ...Object.fromEntries(T3_FAMILIES.flatMap((name) => (name in families ? [[name, families[name]]] : []))),
      letterImbalance,
      seconds,
      rowsPerSecond,
    };
    printJson({ command: "synth t3", output, format, summary, statistics, skipped: reasons });
    return;
  }
  const lines = [
    `${rows} rows from ${captions} captions -> ${output} (${format}), ${rowsPerSecond} rows/s`,
    ...(asked !== undefined && rows < asked
      ? [`The captions gave ${rows} different questions of the ${asked} asked for.`]
      : []),
    `families: ${pairs(families)}`,
    `split: ${pairs(splits)}; largest letter imbalance ${letterImbalance === null ? "-" : `${(100 * letterImbalance).toFixed(2)} %`}`,
    `passed over (captions) and tried in vain (family: reason):${skipped.size === 0 ? " nothing" : pairs(reasons, "\n  ")}`,
  ];
  printText(lines.join("\n"));
}

function byCount(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
}

function pairs(counts: Readonly<Record<string, number>>, before = " "): string {
  return Object.entries(counts)
    .map(([name, count]) => `${before}${name} ${count}`)
    .join(before === " " ? "," : "")
    .replace(/^ /, "");
}
