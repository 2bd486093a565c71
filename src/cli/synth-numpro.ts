/**
 * `zoetrope synth numpro`: NumPro-FT's training rows from any annotations of moments.
 */
import type { Command } from "commander";
import { jsonValues, type Problem, type TextRow, writeRows } from "../data/index.ts";
import {
  type NumproOptions,
  type NumproOutcome,
  numproFromVtimellm,
  numproRows,
  parseVtimellmRow,
  rowTokens,
} from "../synthesis/index.ts";
import { problemLines, readAnnotatedVideos, tally } from "./annotated-videos.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, positiveNumber, wholeNumber } from "./flags.ts";

const examples = `
Examples:
  $ zoetrope synth numpro --annotations charades_sta_train.txt --durations Charades_v1_train.csv -o numpro.json
  $ zoetrope synth numpro --annotations train.json --videos ActivityNet/videos --source anet -o numpro.json
  $ zoetrope synth numpro --annotations train.json --rate 1 --context 32768 --overflow drop -o numpro.json --json

Rows read "During which frames can we see ...?" and "From x to y."; number k is the frame at second k / rate. A row's frames and
text always fit --context: longer videos are sampled more sparsely (meta.rate says how), or dropped. Layouts: Charades-STA,
ActivityNet Captions, QVHighlights, TimeChat, NumPro, plain rows { video, duration, query, start, end }, and VTimeLLM's stage 2 and
3 files, whose times become numbers of frames.
`;

type NumproFlags = Readonly<{
  annotations: string;
  durations?: string;
  videos?: string;
  output: string;
  rate: string;
  context: string;
  tokensPerFrame: string;
  overflow: string;
  source?: string;
  json?: boolean;
}>;

export function registerSynthNumpro(synth: Command, context: CommandContext): void {
  synth
    .command("numpro")
    .description("NumPro-FT: moments as numbers of frames, from any annotations")
    .requiredOption("--annotations <file>", "annotated moments")
    .option("--durations <csv>", "Charades' csv with the lengths of the videos")
    .option("--videos <folder>", "the videos: only those that open are taken, with their own length")
    .option("-o, --output <file>", "where to write", "numpro.json")
    .option("--rate <n>", "frames and numbers a second", "0.5")
    .option("--context <tokens>", "what the trained model's sequence holds", "4096")
    .option("--tokens-per-frame <n>", "visual tokens of a frame", "144")
    .option("--overflow <what>", "videos of too many frames: sparser or drop", "sparser")
    .option("--source <name>", "data set that the loader looks the videos up in (anet, didemo, internvid)")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((flags: NumproFlags) => runSynthNumpro(flags, context));
}

async function runSynthNumpro(flags: NumproFlags, context: CommandContext): Promise<void> {
  const { output, source } = flags;
  const rate = positiveNumber("--rate", flags.rate);
  const budget = {
    contextTokens: wholeNumber("--context", flags.context),
    tokensPerFrame: wholeNumber("--tokens-per-frame", flags.tokensPerFrame),
  };
  const overflow = oneOf("--overflow", ["sparser", "drop"] as const, flags.overflow);
  const options = { rate, budget, overflow, ...(source !== undefined && { source }) };
  const { format, outcomes, videos, problems } = await outcomesOf(flags, options, context);
  const skipped: string[] = [];
  let [sparser, longest, frames] = [0, 0, 0];
  const rows = function* (): Generator<TextRow> {
    for (const row of outcomes) {
      if ("skip" in row) {
        skipped.push(row.skip);
        continue;
      }
      if (row.meta.rate < rate) sparser++;
      longest = Math.max(longest, rowTokens(row, budget));
      frames = Math.max(frames, row.meta.frames);
      yield { text: JSON.stringify(row) };
    }
    if (longest > 0) return;
    const why = Object.entries(tally(skipped)).map(([reason, count]) => `${reason} ${count}`);
    throw new RangeError(`Expected moments to ask about in ${flags.annotations}, got none (${why.join(", ")}).`);
  };
  const written = await writeRows(output, rows(), { isArray: true });
  const summary = {
    rows: written,
    videos,
    skipped: skipped.length,
    sparser,
    longestTokens: longest,
    mostFrames: frames,
  };
  if (flags.json) {
    printJson({ command: "synth numpro", output, format, summary, skipped: tally(skipped), problems });
    return;
  }
  printText(`${written} rows on ${videos} videos (${format}) -> ${output}`);
  printText(
    `at most ${frames} frames and ${longest} of ${budget.contextTokens} tokens a row; ${sparser} rows sampled more sparsely than ${rate} a second`,
  );
  for (const [reason, count] of Object.entries(tally(skipped))) printText(`passed over ${count}: ${reason}`);
  for (const line of problemLines(problems)) printText(line);
}

type Outcomes = Readonly<{
  format: string;
  outcomes: readonly NumproOutcome[];
  videos: number;
  problems: readonly Problem[];
}>;

async function outcomesOf(flags: NumproFlags, options: NumproOptions, context: CommandContext): Promise<Outcomes> {
  if (!(await isConversations(flags.annotations))) {
    const { format, videos, problems } = await readAnnotatedVideos(flags, context);
    return { format, outcomes: videos.flatMap((video) => numproRows(video, options)), videos: videos.length, problems };
  }
  if (flags.videos !== undefined)
    throw new RangeError(
      "Expected no --videos with a VTimeLLM file, whose rows may use parts of videos. Leave it out.",
    );
  const outcomes: NumproOutcome[] = [];
  const videos = new Set<string>();
  for await (const { value, line } of jsonValues(flags.annotations)) {
    const row = parseVtimellmRow(value, `line ${line} of ${flags.annotations}`);
    videos.add(row.id);
    outcomes.push(numproFromVtimellm(row, options));
  }
  return { format: "vtimellm", outcomes, videos: videos.size, problems: [] };
}

/** Is the first value a row of turns? */
async function isConversations(path: string): Promise<boolean> {
  if (!/\.jsonl?$/i.test(path)) return false;
  for await (const { value } of jsonValues(path))
    return typeof value === "object" && value !== null && "conversations" in value;
  return false;
}
