/**
 * `zoetrope overlay`: a video with its frame numbers, or a clock, burnt in.
 */
import type { Command } from "commander";
import {
  clockLabels,
  everyNth,
  type Labelling,
  numbersByIndex,
  numbersByTime,
  type OverlayColor,
  type OverlayStyle,
  overlayColors,
  overlayPositions,
  writeOverlay,
} from "../media/overlay/index.ts";
import { openVideo } from "../media/video/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, positiveNumber, seedNumber, wholeNumber } from "./flags.ts";

const examples = `
Examples:
  $ zoetrope overlay clip.mp4 -o numbered.mp4
  $ zoetrope overlay clip.mp4 --rate 0.5 --font-size 60 -o numbered.mp4
  $ zoetrope overlay clip.mp4 --clock --color white --position top-left -o clock.mp4
  $ zoetrope overlay clip.mp4 --by frame --start-index 1 --every 5 -o frames.mp4

By default number k stands on the pictures of seconds k to k + 1, by the file's own timestamps (NumPro: red, 40 px for every
336 px of the shorter side, bottom right). What comes out is an H.264 mp4 with the sound of the original.
`;

type OverlayFlags = Readonly<{
  output: string;
  by: string;
  rate?: string;
  clock?: boolean;
  startIndex?: string;
  every: string;
  fontSize?: string;
  color: string;
  position: string;
  audio: boolean;
  json?: boolean;
}>;

export function registerOverlay(command: Command, context: CommandContext): void {
  command
    .argument("<video>", "a video file")
    .requiredOption("-o, --output <file>", "the mp4 to write")
    .option("--by <what>", "numbers count time or frame (index in the file)", "time")
    .option("--rate <n>", "numbers a second, with --by time (default: 1)")
    .option("--clock", "mm:ss instead of numbers")
    .option("--start-index <n>", "the first number (default: 0)")
    .option("--every <n>", "draw every n-th number only", "1")
    .option("--font-size <px>", "in pixels (default: 40 for every 336 px of the shorter side)")
    .option("--color <color>", `${overlayColors.join(", ")} or #rrggbb`, "red")
    .option("--position <place>", overlayPositions.join(", "), "bottom-right")
    .option("--no-audio", "leave the sound out")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((video: string, flags: OverlayFlags) => runOverlay(video, flags, context));
}

async function runOverlay(path: string, flags: OverlayFlags, context: CommandContext): Promise<void> {
  const labelling = labellingOf(flags);
  const style: OverlayStyle = {
    color: colorOf(flags.color),
    position: oneOf("--position", overlayPositions, flags.position),
    ...(flags.fontSize !== undefined && { fontSize: positiveNumber("--font-size", flags.fontSize) }),
  };
  const { output } = flags;
  await using video = await openVideo(path);
  const signal = context.interruptible(`Stopping; ${output} stays as it was.`);
  const bar = context.progress().task("overlay", { total: video.frameCount, unit: "frames" });
  const started = performance.now();
  const onFrame = (done: number) => bar.update(done);
  const written = await writeOverlay(output, video, { labelling, style, audio: flags.audio, signal, onFrame });
  bar.finish();
  const { frames, labelled, labels, audio, width, height } = written;
  if (flags.json) {
    const seconds = (performance.now() - started) / 1000;
    const summary = { frames, labelled, first: labels[0] ?? null, last: labels.at(-1) ?? null, audio, seconds };
    printJson({ command: "overlay", video: path, output, width, height, duration: video.duration, summary });
    return;
  }
  const range = labels.length === 0 ? "nothing drawn" : `${labels[0]} to ${labels.at(-1)}`;
  const sound = audio === null ? (flags.audio ? "the file has none" : "left out") : `${audio}, copied`;
  printText(`${output}: ${frames} frames of ${width}x${height}, ${range} on ${labelled} of them; sound: ${sound}`);
}

function labellingOf({ clock = false, rate, startIndex, ...flags }: OverlayFlags): Labelling {
  const by = oneOf("--by", ["time", "frame"] as const, flags.by);
  const every = wholeNumber("--every", flags.every);
  const unusable = clock ? { rate, "start-index": startIndex } : by === "frame" ? { rate } : {};
  const wrong = Object.entries(unusable).find(([, value]) => value !== undefined);
  if (wrong)
    throw new RangeError(`Expected no --${wrong[0]} with ${clock ? "--clock" : "--by frame"}, got one. Leave it out.`);
  if (clock && every > 1) throw new RangeError("Expected no --every with --clock, got one. Leave it out.");
  if (clock) return clockLabels();
  const start = startIndex === undefined ? {} : { startIndex: seedNumber("--start-index", startIndex) };
  const numbers =
    by === "frame"
      ? numbersByIndex(start)
      : numbersByTime({ ...start, ...(rate !== undefined && { rate: positiveNumber("--rate", rate) }) });
  return everyNth(numbers, every);
}

/** A colour by name or as #rrggbb. */
export function colorOf(flag: string): OverlayColor {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(flag);
  if (hex)
    return [hex[1], hex[2], hex[3]].map((part) => Number.parseInt(part as string, 16)) as [number, number, number];
  const named = overlayColors.find((name) => name === flag);
  if (named) return named;
  throw new RangeError(`Expected --color to be ${overlayColors.join(", ")} or #rrggbb, got "${flag}".`);
}
