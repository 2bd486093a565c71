/**
 * `zoetrope inspect`: what the decoder sees in a video file.
 */
import type { Command } from "commander";
import { inspectVideo, VideoError, type VideoReport } from "../media/video/index.ts";
import { printJson, printText } from "./context.ts";

const examples = `
Examples:
  $ zoetrope inspect clip.mp4
  $ zoetrope inspect long-recording.mkv --deep
  $ zoetrope inspect clip.mp4 --json

Files of moderate length are decoded from end to end, longer ones by their key frames unless --deep is given.
A file with broken parts is reported with exit status 0, one of which nothing can be read with 1.
`;

export function registerInspect(command: Command): void {
  command
    .argument("<video>", "a video file")
    .option("--deep", "decode every frame, however long the file")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((video: string, flags: Readonly<{ deep?: boolean; json?: boolean }>) => runInspect(video, flags));
}

async function runInspect(video: string, { deep, json = false }: Readonly<{ deep?: boolean; json?: boolean }>) {
  const report = await inspectVideo(video, deep === undefined ? {} : { deep });
  if (json) printJson({ command: "inspect", summary: summaryOf(report), report });
  else printText(tableOf(report));
  if (report.frameCount > 0 && lostFrames(report) === report.frameCount)
    throw new VideoError(video, "none of its frames decodes", "Fetch or export the file again.");
}

function lostFrames(report: VideoReport): number {
  return report.brokenParts.reduce((sum, { lostFrames }) => sum + lostFrames, 0);
}

function summaryOf(report: VideoReport) {
  const { container, codec, displayed, rotation, duration, frameCount, keyFrames, meanFps, isVariableRate } = report;
  return {
    container,
    codec,
    width: displayed.width,
    height: displayed.height,
    rotation,
    duration,
    frameCount,
    keyFrames,
    meanFps,
    isVariableRate,
    audioTracks: report.audioTracks.length,
    checked: report.checked,
    brokenParts: report.brokenParts.length,
    lostFrames: lostFrames(report),
  };
}

function tableOf(report: VideoReport): string {
  const rows: [string, string][] = [
    ["container", `${report.container}, ${formatBytes(report.fileSize)}`],
    ["video", `${report.codec}${report.codecString ? ` (${report.codecString})` : ""}`],
    ["picture", picture(report)],
    ["time", time(report)],
    ["rate", rate(report)],
    ["key frames", String(report.keyFrames)],
    ["sound", sound(report)],
    ["checked", checked(report)],
  ];
  const broken = report.brokenParts.map(({ start, end, lostFrames, affectedFrames, reason }) => {
    return `  ${seconds(start)} to ${seconds(end)}: ${lostFrames} frames lost, ${affectedFrames} affected; ${reason}`;
  });
  const table = rows.map(([name, value]) => `${name.padEnd(12)}${value}`);
  return [report.path, ...table, ...broken].join("\n");
}

function picture({ displayed, coded, rotation, flipped, pixelAspect }: VideoReport): string {
  const shown = `${displayed.width}x${displayed.height}`;
  const why = [
    ...(rotation === 0 ? [] : [`turned ${rotation} degrees`]),
    ...(flipped ? ["mirrored"] : []),
    ...(pixelAspect.num === pixelAspect.den ? [] : [`pixels ${pixelAspect.num}:${pixelAspect.den}`]),
  ];
  const isSame = displayed.width === coded.width && displayed.height === coded.height;
  if (isSame && why.length === 0) return shown;
  return `${shown} as shown; coded ${coded.width}x${coded.height}${why.length === 0 ? "" : `, ${why.join(", ")}`}`;
}

function time({ duration, firstTimestamp, frameCount, hiddenFrames }: VideoReport): string {
  const hidden = hiddenFrames === 0 ? "" : ` (and ${hiddenFrames} cut off by an edit list)`;
  return `${seconds(firstTimestamp)} to ${seconds(duration)}, ${frameCount} frames${hidden}`;
}

function rate({ meanFps, interval, isVariableRate }: VideoReport): string {
  if (interval === null) return "a single frame";
  const mean = `${meanFps.toFixed(2)} frames/s`;
  if (!isVariableRate) return `${mean}, constant`;
  const ms = (value: number) => (1000 * value).toFixed(1);
  const { min, median, max } = interval;
  return `${mean} on average, VARIABLE: ${ms(min)} to ${ms(max)} ms between frames (median ${ms(median)}). Index / fps is not the time of a frame.`;
}

function sound({ audioTracks }: VideoReport): string {
  const tracks = audioTracks.map(({ codec, sampleRate, channels, language }) => {
    const spoken = language === "und" ? "" : ` (${language})`;
    return `${codec ?? "unknown codec"}, ${sampleRate} Hz, ${channels} channels${spoken}`;
  });
  return tracks.length === 0 ? "none" : tracks.join("; ");
}

function checked(report: VideoReport): string {
  const { checked: what, brokenParts, frameCount } = report;
  if (brokenParts.length === 0) return `${what}: all decode${what === "key frames" ? " (--deep checks the rest)" : ""}`;
  const parts = brokenParts.length === 1 ? "1 broken part" : `${brokenParts.length} broken parts`;
  return `${what}: ${parts}, ${lostFrames(report)} of ${frameCount} frames lost`;
}

function seconds(value: number): string {
  return `${value.toFixed(3)} s`;
}

function formatBytes(bytes: number): string {
  if (bytes < 1e3) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
