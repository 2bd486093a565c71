/**
 * `zoetrope synth probing`: the ten aspects of T3's probing suite as mp4 files, from the synthetic world or a user's clips.
 */
import type { Command } from "commander";
import {
  clipSource,
  type ProbingSource,
  worldItems,
  worldSource,
  worldVocabulary,
  writeProbing,
} from "../synthesis/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, seedNumber, wholeNumber } from "./flags.ts";

const examples = `
Examples:
  $ zoetrope synth probing -o probing --per-class 20
  $ zoetrope synth probing -o probing --aspects order,grounding,brightness
  $ zoetrope synth probing -o probing --items "star,heart,moon"
  $ zoetrope synth probing -o probing --clips my-clips --size 224

Aspects: order, order_3, referring (begin, middle, end), grounding (of each item), blooming, brightness.
Without --per-class every class has as many videos as T3's files hint at, in each split: 400 where there are two
classes, 200 where there are three, 100 where there are six.
--clips: a folder with a sub-folder for each of three items, named cats, people and bloom or as you like. A clip is a
video, a picture, or a folder of pictures. Sub-folders train/ and val/ part the clips; otherwise half of them each.
CLIP.txt beside a clip holds its captions, one a line in order of time. The third item (bloom, or the last in the
order of --items) is what is played in reverse; a fourth sub-folder, car, is what brightness trains on.
`;

type ProbingFlags = Readonly<{
  output: string;
  aspects?: string;
  perClass?: string;
  items?: string;
  clips?: string;
  size?: string;
  options: string;
  seed: string;
  json?: boolean;
}>;

export function registerSynthProbing(synth: Command, context: CommandContext): void {
  synth
    .command("probing")
    .description("videos, questions and frame captions of T3's probing suite")
    .requiredOption("-o, --output <folder>", "where everything is written; a set that was begun is gone on with")
    .option("--aspects <names>", "comma-separated (default: all ten)")
    .option("--per-class <n>", "videos of each class in each split (default: 400, 200 or 100)")
    .option(
      "--items <names>",
      `comma-separated things of the world (default: ${worldItems.join(", ")}) or clip folders`,
    )
    .option("--clips <folder>", "make the videos of your own clips")
    .option("--size <pixels>", "side of the square videos (default: 128, of clips 224)")
    .option("--options <order>", "fixed (T3's letters) or shuffled, in captions and questions", "fixed")
    .option("--seed <n>", "same seed, same videos", "0")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((flags: ProbingFlags) => runSynthProbing(flags, context));
}

async function runSynthProbing(flags: ProbingFlags, context: CommandContext): Promise<void> {
  const options = oneOf("--options", ["fixed", "shuffled"] as const, flags.options);
  const seed = seedNumber("--seed", flags.seed);
  const perClass = flags.perClass === undefined ? undefined : wholeNumber("--per-class", flags.perClass);
  const source = await sourceOf(flags);
  const signal = context.interruptible("Stopping after this video; run the same command again to go on.");
  let bar: ReturnType<ReturnType<CommandContext["progress"]>["task"]> | undefined;
  const started = performance.now();
  const written = await writeProbing(flags.output, {
    source,
    aspects: listOf(flags.aspects),
    perClass,
    seed,
    options,
    signal,
    onVideo(done, of) {
      bar ??= context.progress().task("synth probing", { total: of, unit: "videos" });
      bar.update(done);
    },
  });
  bar?.finish();
  const seconds = (performance.now() - started) / 1000;
  const { folder, aspects, videos, files, captions, uncaptioned } = written;
  if (flags.json) {
    const summary = { aspects: aspects.length, videos, files, captions, seconds };
    printJson({ command: "synth probing", folder, summary, aspectIds: aspects.map(({ id }) => id), uncaptioned });
    return;
  }
  const lines = [
    `${videos} videos in ${files} places -> ${folder}, ${captions} captioned for validation`,
    `aspects: ${aspects.map(({ id, classes }) => `${id} (${classes.length} classes)`).join(", ")}`,
    ...(uncaptioned.length === 0
      ? []
      : [`no captions for ${uncaptioned.join(", ")}: put CLIP.txt beside the clips to have the text arm there too`]),
    `next: zoetrope probe --model micro --data ${folder}`,
  ];
  printText(lines.join("\n"));
}

async function sourceOf({ clips, items, size }: ProbingFlags): Promise<ProbingSource> {
  const side = size === undefined ? undefined : wholeNumber("--size", size);
  if (side !== undefined && side % 2 !== 0) throw new RangeError(`Expected --size to be even (H.264), got ${side}.`);
  if (clips !== undefined) return clipSource(clips, { size: side, items: listOf(items) });
  return worldSource(worldVocabulary(listOf(items)), side);
}

export function listOf(flag: string | undefined): string[] | undefined {
  return flag?.split(",").map((name) => name.trim());
}
