/**
 * `zoetrope data mix`: training files into one, with limits, a ratio and a seed.
 */
import type { Command } from "commander";
import {
  CONVERSATION_FORMATS,
  type ConversationFormat,
  detectFormat,
  type MixFile,
  type Mixture,
  mixFiles,
  registerDataset,
} from "../data/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, positiveNumber, wholeNumber } from "./flags.ts";

const examples = `
Examples:
  $ zoetrope data mix order.json:100000 attribute.json:100000 -o t3.json
  $ zoetrope data mix t3.json:100000 instruct.json --ratio 2 --total 200000 -o mix.json
  $ zoetrope data mix a.json b.jsonl c.json --limit 15000 --to swift --seed 7 -o mix.jsonl --json

Each source is shuffled and gives its first LIMIT rows (FILE:LIMIT, or --limit for all). With --ratio the last source
is instruction data, such as LLaVA-Next: it gives (limits of the others together) x RATIO rows. All is shuffled again and
cut to --total. Where a source has fewer rows than its limit the real ratio is another than the asked one; both are
printed. --ratio-of rows counts the rows that the others really give. Layouts may differ; the mixture has the first
source's unless --to names one. MIX.provenance.jsonl says of each row from which file and row it comes.
`;

type MixFlags = Readonly<{
  output: string;
  limit?: string;
  ratio?: string;
  ratioOf: string;
  total?: string;
  to?: string;
  seed: string;
  json?: boolean;
}>;

export function registerDataMix(data: Command, context: CommandContext): void {
  data
    .command("mix")
    .description("mix training files with limits, a ratio and a seed")
    .argument("<files...>", "FILE or FILE:LIMIT; with --ratio the last is instruction data")
    .requiredOption("-o, --output <file>", "where to write")
    .option("--limit <n>", "rows of each source that has no limit of its own, the instruction data aside")
    .option("--ratio <r>", "rows of instruction data for one row of the others")
    .option("--ratio-of <what>", "limits (as T3's mixer) or rows (those really taken)", "limits")
    .option("--total <n>", "cut the mixture to so many rows")
    .option("--to <format>", `${CONVERSATION_FORMATS.join(", ")} (default: the first source's)`)
    .option("--seed <seed>", "same seed, same bytes", "1234")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((files: string[], flags: MixFlags) => runMix(files, flags, context));
}

async function runMix(names: readonly string[], flags: MixFlags, context: CommandContext): Promise<void> {
  const { output, seed, json = false } = flags;
  const ratio = flags.ratio === undefined ? undefined : positiveNumber("--ratio", flags.ratio);
  const ratioOf = oneOf("--ratio-of", ["limits", "rows"] as const, flags.ratioOf);
  const total = flags.total === undefined ? undefined : wholeNumber("--total", flags.total);
  const limit = flags.limit === undefined ? undefined : wholeNumber("--limit", flags.limit);
  const to = flags.to === undefined ? undefined : oneOf("--to", CONVERSATION_FORMATS, flags.to);
  const files: MixFile[] = [];
  for (const [i, name] of names.entries()) {
    const isInstruction = ratio !== undefined && i === names.length - 1;
    files.push(await sourceOf(name, isInstruction ? undefined : limit));
  }
  const format = to ?? (files[0] as MixFile).format;

  const signal = context.interruptible(`Stopping; ${output} stays as it was.`);
  const indexing = context.progress().task("count rows", { total: files.length, unit: "files" });
  let counted = 0;
  let bar: ReturnType<ReturnType<CommandContext["progress"]>["task"]> | undefined;
  const mixture = await mixFiles(files, output, {
    format,
    seed,
    ratioOf,
    signal,
    ...(ratio !== undefined && { ratio }),
    ...(total !== undefined && { total }),
    onIndexed: () => {
      indexing.update(++counted);
      if (counted === files.length) indexing.finish();
    },
    onRow: (written, of) => {
      bar ??= context.progress().task("mix", { total: of, unit: "rows" });
      bar.update(written);
    },
  });
  bar?.finish();
  if (mixture.rows === 0) process.stderr.write("The mixture is empty: no source has rows.\n");
  const registry = format === "llama-factory" ? registerDataset(output, "mix") : null;
  report(mixture, { output, format, registry, total, json });
}

/** "a.json:100" -> the file and its limit; a colon elsewhere belongs to the name. */
async function sourceOf(name: string, limit: number | undefined): Promise<MixFile> {
  const own = /^(.+):(\d+)$/.exec(name);
  const path = own?.[1] ?? name;
  const most = own ? wholeNumber(`the limit of ${path}`, own[2] as string) : limit;
  return { path, format: await detectFormat(path), ...(most !== undefined && { limit: most }) };
}

type Done = {
  output: string;
  format: ConversationFormat;
  registry: string | null;
  total: number | undefined;
  json: boolean;
};

function report({ rows, sources, ratio, lost }: Mixture, { output, format, registry, total, json }: Done): void {
  if (json) {
    const ratios = {
      nominalRatio: ratio?.nominal ?? null,
      realisedRatio: ratio?.realised ?? null,
      characterRatio: ratio?.characters ?? null,
    };
    printJson({
      command: "data mix",
      output,
      format,
      registry,
      summary: { rows, sources: sources.length, ...ratios },
      sources,
      lost,
    });
    return;
  }
  printText(`${rows} rows (${format}) -> ${output}`);
  for (const { path, rows: there, asked, taken, written } of sources) {
    const share = rows === 0 ? "-" : `${((100 * written) / rows).toFixed(1)} %`;
    const short = taken < asked ? `; ${asked} were asked for` : "";
    printText(
      `  ${path}: ${written} (${share}) of ${there} rows${short}${taken > written ? `; ${taken} before the cut` : ""}`,
    );
  }
  if (ratio) {
    const told = (value: number | null) => (value === null ? "-" : value.toFixed(3));
    printText(
      `ratio: ${ratio.nominal} asked, ${told(ratio.realised)} in rows, ${told(ratio.characters)} in characters`,
    );
  }
  if (total !== undefined && rows < total) printText(`The sources gave ${rows} of the ${total} rows asked for.`);
  for (const [thing, count] of Object.entries(lost))
    printText(`${format} has no place for ${thing}: left out of ${count} rows`);
  if (registry !== null) printText(`entered as "mix" into ${registry}`);
}
