/**
 * `zoetrope synth world-compass`: a benchmark of TempCompass's layout from films of the world.
 */
import type { Command } from "commander";
import {
  compassAspects,
  compassFormats,
  type WorldCompass,
  worldCompass,
  writeWorldCompass,
} from "../synthesis/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { seedNumber, wholeNumber } from "./flags.ts";

const examples = `
Examples:
  $ zoetrope synth world-compass -o world-compass
  $ zoetrope synth world-compass -o small --videos 60 --seed 7
  $ zoetrope eval world-compass --data world-compass --model micro --baselines

Writes meta_info.json, questions/{multi-choice,yes_no,caption_matching,captioning}.json and videos/*.mp4 as TempCompass has
them, and films.json, from which every video can be made again. Videos come in conflicts: three or four that are asked the
same questions and answer them differently. A turn of every kind of conflict, with all eleven fine aspects, is 60 videos.
`;

type CompassFlags = Readonly<{ output: string; videos: string; seed: string; json?: boolean }>;

export function registerSynthCompass(synth: Command, context: CommandContext): void {
  synth
    .command("world-compass")
    .description("a benchmark like TempCompass, from the synthetic world, as mp4 files")
    .requiredOption("-o, --output <folder>", "where everything is written; a set that was begun is gone on with")
    .option("--videos <n>", "at most so many, in whole conflicts", "180")
    .option("--seed <n>", "same seed, same benchmark", "0")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((flags: CompassFlags) => runSynthCompass(flags, context));
}

async function runSynthCompass(flags: CompassFlags, context: CommandContext): Promise<void> {
  const videos = wholeNumber("--videos", flags.videos);
  const made = worldCompass({ seed: seedNumber("--seed", flags.seed), videos });
  const signal = context.interruptible("Stopping after this video; run the same command again to go on.");
  const bar = context.progress().task("synth world-compass", { total: made.videos.length, unit: "videos" });
  const started = performance.now();
  let written = 0;
  await writeWorldCompass(flags.output, made, {
    signal,
    onVideo(done, wasThere) {
      if (!wasThere) written++;
      bar.update(done);
    },
  });
  bar.finish();
  const seconds = (performance.now() - started) / 1000;
  const counts = questionCounts(made);
  const questions = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const byAspect = Object.fromEntries(
    compassAspects.map((aspect) => {
      const own = made.conflicts.filter((conflict) => conflict.aspect === aspect);
      return [aspect, own.reduce((sum, conflict) => sum + conflict.videos.length, 0)] as const;
    }),
  );
  if (flags.json) {
    const summary = {
      videos: made.videos.length,
      written,
      conflicts: made.conflicts.length,
      questions,
      ...counts,
      seconds,
    };
    printJson({ command: "synth world-compass", output: flags.output, summary, videosByAspect: byAspect });
    return;
  }
  const listed = (values: Readonly<Record<string, number>>) =>
    Object.entries(values)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
  const lines = [
    `${made.videos.length} videos in ${made.conflicts.length} conflicts, ${questions} questions -> ${flags.output}` +
      (written < made.videos.length ? ` (${written} videos written now)` : ""),
    `videos by aspect: ${listed(byAspect)}`,
    `questions by format: ${listed(counts)}`,
    `next: zoetrope eval world-compass --data ${flags.output} --model micro --baselines`,
  ];
  printText(lines.join("\n"));
}

function questionCounts({ questions }: WorldCompass): Record<string, number> {
  return Object.fromEntries(
    compassFormats.map((format) => {
      const lists = Object.values(questions[format]).flatMap((aspects) => Object.values(aspects));
      return [format, lists.reduce((sum, list) => sum + list.length, 0)];
    }),
  );
}
