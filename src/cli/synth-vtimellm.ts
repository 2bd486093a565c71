/**
 * `zoetrope synth vtimellm`: the training data of VTimeLLM's three stages.
 */
import type { Command } from "commander";
import { Rng } from "../core/math/index.ts";
import { type Problem, readCaptions, type TextRow, writeRows } from "../data/index.ts";
import {
  dialogueRow,
  type EventFilterName,
  type EventList,
  eventFilters,
  eventsOf,
  renderTurns,
  stage1Row,
  stage2Row,
  templateDialogue,
  timeNotationNames,
  timeNotations,
  type VtimellmRow,
} from "../synthesis/index.ts";
import { problemLines, readAnnotatedVideos, tally } from "./annotated-videos.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, seedNumber, share, wholeNumber } from "./flags.ts";
import { addModelFlags, type ModelFlags } from "./model-flags.ts";
import { type DialogueWriter, openDialogueWriter } from "./synth-vtimellm-writer.ts";

const examples = `
Examples:
  $ zoetrope synth vtimellm --stage 1 --annotations blip_laion_cc_sbu_558k.json -o stage1.json
  $ zoetrope synth vtimellm --stage 2 --annotations train.json --filter none -o stage2.json
  $ zoetrope synth vtimellm --stage 3 --annotations train.json --writer ~/vicuna-7b-v1.5 -o stage3.json
  $ zoetrope synth vtimellm --stage 2 --annotations train.json --times seconds -o seconds.json

Stage 1 takes pictures with captions, stages 2 and 3 annotated moments. Rows keep their times as <s0>, <e0>, ... with the
seconds in meta.token, as the official data does; --times writes them out instead: ${timeNotationNames.join(", ")}.
Stage 3 is written by a language model that sees the events with symbols for their times; without --writer it comes from
templates. Filters are the paper's: ${Object.keys(eventFilters).join(", ")}.
`;

type VtimellmFlags = Omit<ModelFlags, "cache"> &
  Readonly<{
    stage: string;
    annotations: string;
    durations?: string;
    videos?: string;
    output?: string;
    filter?: string;
    source?: string;
    denseShare: string;
    layout: string;
    times?: string;
    writer?: string;
    cache?: string;
    seed: string;
    rows?: string;
    json?: boolean;
  }>;

export function registerSynthVtimellm(synth: Command, context: CommandContext): void {
  const command = synth
    .command("vtimellm")
    .description("VTimeLLM's stages: pictures, boundaries, dialogues")
    .requiredOption("--stage <n>", "1, 2 or 3")
    .requiredOption("--annotations <file>", "captions of pictures (stage 1) or annotated moments")
    .option("--durations <csv>", "Charades' csv with the lengths of the videos")
    .option("--videos <folder>", "the videos: only those that open are taken, with their own length")
    .option("-o, --output <file>", "where to write (default: vtimellm-stageN.json)")
    .option("--filter <name>", "which videos are taken (default: stage2, or stage3-anet for stage 3)")
    .option("--source <name>", "data set that the loader looks the videos up in (anet, didemo, internvid)")
    .option("--dense-share <p>", "stage 2: share of videos that are asked for everything at once", "0.2")
    .option("--layout <name>", "stage 2: time-first (released data) or event-first (the paper's Box 3)", "time-first")
    .option("--times <notation>", "write times out in this notation")
    .option("--writer <model>", "stage 3: a language model that writes the dialogues")
    .option("--cache <file>", "replies of the writer (default: OUTPUT.replies.jsonl)")
    .option("--seed <n>", "same seed, same rows", "0")
    .option("--rows <n>", "the first so many rows (default: all)")
    .option("--json", "print one JSON object on stdout");
  addModelFlags(command, { seesVideos: false, hasCache: false })
    .addHelpText("after", examples)
    .action((flags: VtimellmFlags) => runSynthVtimellm(flags, context));
}

type Made = Readonly<{
  rows: () => AsyncGenerator<VtimellmRow>;
  skipped: string[];
  problems: readonly Problem[];
  cut: () => number;
}>;

async function runSynthVtimellm(flags: VtimellmFlags, context: CommandContext): Promise<void> {
  const stage = oneOf("--stage", ["1", "2", "3"] as const, flags.stage);
  const output = flags.output ?? `vtimellm-stage${stage}.json`;
  const most = flags.rows === undefined ? Infinity : wholeNumber("--rows", flags.rows);
  const notation = flags.times === undefined ? undefined : oneOf("--times", timeNotationNames, flags.times);
  if (flags.writer !== undefined && stage !== "3")
    throw new RangeError(`Expected --writer with --stage 3 only, got it with --stage ${stage}. Leave it out.`);
  const made = stage === "1" ? await pictures(flags) : await moments(stage, output, flags, context);
  const texts = async function* (): AsyncGenerator<TextRow> {
    let count = 0;
    for await (const row of made.rows()) {
      yield {
        text: JSON.stringify(
          notation === undefined ? row : { ...row, conversations: renderTurns(row, timeNotations[notation]) },
        ),
      };
      if (++count >= most) return;
    }
    if (count > 0) return;
    const why = Object.entries(tally(made.skipped)).map(([reason, times]) => `${reason} ${times}`);
    throw new RangeError(`Expected rows from ${flags.annotations}, got none (${why.join(", ")}). Try --filter none.`);
  };
  const written = await writeRows(output, texts(), { isArray: true });
  const skipped = tally(made.skipped);
  if (flags.json) {
    const summary = { stage: Number(stage), rows: written, skipped: made.skipped.length, cutEvents: made.cut() };
    printJson({
      command: "synth vtimellm",
      output,
      times: notation ?? "tokens",
      summary,
      skipped,
      problems: made.problems,
    });
    return;
  }
  printText(`${written} rows of stage ${stage} -> ${output}, times as ${notation ?? "tokens with their seconds"}`);
  for (const [reason, count] of Object.entries(skipped)) printText(`passed over ${count}: ${reason}`);
  if (made.cut() > 0) printText(`${made.cut()} events reached past their video and were cut off at its end`);
  for (const line of problemLines(made.problems)) printText(line);
}

async function pictures({ annotations }: VtimellmFlags): Promise<Made> {
  const skipped: string[] = [];
  const captions = await readCaptions(annotations, { onSkip: (reason) => skipped.push(reason) });
  return {
    async *rows() {
      for (const { id, source, text } of captions) yield stage1Row({ id, image: source, caption: text });
    },
    skipped,
    problems: [],
    cut: () => 0,
  };
}

async function moments(stage: "2" | "3", output: string, flags: VtimellmFlags, context: CommandContext): Promise<Made> {
  const names = Object.keys(eventFilters) as EventFilterName[];
  const filter = oneOf("--filter", names, flags.filter ?? (stage === "2" ? "stage2" : "stage3-anet"));
  const layout = oneOf("--layout", ["time-first", "event-first"] as const, flags.layout);
  const denseShare = share("--dense-share", flags.denseShare);
  const rng = new Rng(`vtimellm/${seedNumber("--seed", flags.seed)}/stage${stage}`);
  const source = flags.source === undefined ? {} : { source: flags.source };
  const { videos, problems } = await readAnnotatedVideos(flags, context);
  const skipped: string[] = [];
  let cut = 0;
  const lists = videos.flatMap((video): EventList[] => {
    const read = eventsOf(video, eventFilters[filter]);
    if ("skip" in read) skipped.push(read.skip);
    else cut += read.cut;
    return "skip" in read ? [] : [read.list];
  });
  const rows = async function* (): AsyncGenerator<VtimellmRow> {
    if (stage === "2") {
      for (const list of lists) yield stage2Row(list, { rng: rng.fork(list.video), denseShare, layout, ...source });
    } else if (flags.writer === undefined) {
      for (const list of lists) yield dialogueRow(list, templateDialogue(list, rng.fork(list.video)), flags.source);
    } else {
      const cache = flags.cache ?? `${output}.replies.jsonl`;
      const writer: DialogueWriter = await openDialogueWriter(
        { reference: flags.writer, cache, asking: { ...flags, cache: false } },
        context,
      );
      try {
        for await (const dialogue of writer.dialogues(lists)) {
          if ("problem" in dialogue) skipped.push(dialogue.problem);
          else yield dialogueRow(dialogue.list, dialogue.turns, flags.source);
        }
      } finally {
        await writer.close();
      }
    }
  };
  return { rows, skipped, problems, cut: () => cut };
}
