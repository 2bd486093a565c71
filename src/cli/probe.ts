/**
 * `zoetrope probe`: where a video model's sense of time fails, in three arms on the same videos.
 */
import { join } from "node:path";
import type { Command } from "commander";
import {
  type FeatureKind,
  formatProbe,
  frameSource,
  type ProbeOptions,
  type ProbeResult,
  probeArms,
  probeSummary,
  recordOf,
  runProbe,
} from "../probes/index.ts";
import { frameStrip, type ProbeExample, writeProbeReport } from "../report/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, seedNumber, wholeNumber } from "./flags.ts";
import {
  addModelFlags,
  deviceOf,
  type FlaggedModel,
  type ModelFlags,
  modelReferences,
  type OpenFlags,
  openFlaggedModel,
} from "./model-flags.ts";

const examples = `
Examples:
  $ zoetrope probe --model micro --quick
  $ zoetrope probe --model micro --data probing --aspects order,brightness --seeds 5
  $ zoetrope probe --model runs/reproduce-t3-seed0/seed-0/t3 --data probing       after T3
  $ zoetrope probe --model micro --data probing --mode parity --seeds 5           as the paper trains its probes
  $ zoetrope probe --model ~/llava-1.5-7b-hf --data t3_probing_data --features llm-layer:-1

Arms: video (the full model on eight frames), captions (its decoder on captions of those frames), tokens (an LSTM and
a linear classifier on its visual tokens; local models only). --arms video,captions works with any model.
Modes: sane shuffles videos and options and takes the tokens as they are; parity does as T3's released code does (no
shuffling, bilinear resize to 128 x 1024, its learning rates, batches and epochs, seeds 12, 22, 32, 42, 52).
Without --data a set of the synthetic world is made in the output folder.

${modelReferences}`;

type ProbeFlags = ModelFlags &
  Readonly<{
    model: string;
    decoder?: string;
    data?: string;
    aspects?: string;
    arms: string;
    probes: string;
    mode: string;
    features: string;
    seeds: string;
    seed: string;
    perClass?: string;
    steps?: string;
    captions: string;
    balance?: boolean;
    maxTokens: string;
    quick?: boolean;
    out?: string;
    json?: boolean;
  }>;

export function registerProbe(command: Command, context: CommandContext): void {
  command
    .option("-m, --model <reference>", "who answers", "micro")
    .option("--decoder <reference>", "who answers on captions (default: the model)")
    .option("--data <folder>", "a probing set (zoetrope synth probing)")
    .option("--aspects <names>", "comma-separated (default: all of the set)")
    .option("--arms <names>", "comma-separated", probeArms.join(","))
    .option("--probes <kinds>", "lstm, linear or both", "lstm,linear")
    .option("--mode <mode>", "sane or parity", "sane")
    .option("--features <where>", "vision, projector, or llm-layer:K (K from the end where negative)", "projector")
    .option("--seeds <n>", "train the probes with so many seeds", "3")
    .option("--seed <n>", "seed of the videos made here and of the order of options", "0")
    .option("--per-class <n>", "videos of each class where no --data is given (default: 60, quick: 20)")
    .option("--steps <n>", "training steps of a probe in sane mode (default: 300, quick: 150)")
    .option("--captions <layout>", "t3, lines, or auto: lines for models that lack words of T3's prompt", "auto")
    .option("--balance", "cut classes to the size of the smallest instead of refusing unequal ones")
    .option("--max-tokens <n>", "longest answer", "32")
    .option("--quick", "fewer videos and steps")
    .option("-o, --out <folder>", "where everything is written (default: a folder under runs/)")
    .option("--json", "print one JSON object on stdout");
  addModelFlags(command)
    .addHelpText("after", examples)
    .action((flags: ProbeFlags) => runProbeCommand(flags, context));
}

async function runProbeCommand(flags: ProbeFlags, context: CommandContext): Promise<void> {
  const options = optionsOf(flags);
  const opened: FlaggedModel[] = [];
  const open = async (reference: string, needs: OpenFlags) => {
    const flagged = await openFlaggedModel(reference, flags, context, needs);
    opened.push(flagged);
    return flagged.model;
  };
  const result = await runProbe(options, { progress: context.progress(), signal: context.interruptible(), open });
  const report = join(result.folder, "report.html");
  writeProbeReport(report, { result, examples: await examplesOf(result), command: commandOf(options, flags) });
  const summary = { ...probeSummary(result.rows), seconds: result.seconds };
  const usage = opened.map((each) => each.usage()).find((each) => each !== null) ?? null;
  if (flags.json) printJson({ command: "probe", summary, report, ...recordOf(result), usage });
  else printText(`${formatProbe(result)}\n\nReport: ${report}`);
  const line = opened.map((each) => each.usageLine()).find((each) => each !== null);
  if (line !== undefined) process.stderr.write(`${line}\n`);
}

/** The picked questions with the frames that the model saw. */
async function examplesOf({ examples }: ProbeResult): Promise<ProbeExample[]> {
  const frames = frameSource();
  const made: ProbeExample[] = [];
  for (const { path, ...rest } of examples)
    made.push({ ...rest, strip: await frameStrip(await frames.of(path, path)) });
  return made;
}

function commandOf({ model, mode }: ProbeOptions, { data, quick = false, seeds }: ProbeFlags): string {
  const where = data === undefined ? "" : ` --data ${data}`;
  return `zoetrope probe --model ${model}${where} --mode ${mode} --seeds ${seeds}${quick ? " --quick" : ""}`;
}

function optionsOf(flags: ProbeFlags): ProbeOptions {
  const { quick = false, model, decoder, data } = flags;
  const mode = oneOf("--mode", ["sane", "parity"] as const, flags.mode);
  const list = (value: string) => value.split(",").map((name) => name.trim());
  const whole = (flag: string, value: string | undefined, otherwise: number) =>
    value === undefined ? otherwise : wholeNumber(flag, value);
  return {
    model,
    decoder,
    data,
    mode,
    folder:
      flags.out ??
      join("runs", `probe-${model.replace(/^.*[/\\](?=.)|[^\w.-]+/g, "")}-${mode}${quick ? "-quick" : ""}`),
    perClass: whole("--per-class", flags.perClass, quick ? 20 : 60),
    aspects: flags.aspects === undefined ? undefined : list(flags.aspects),
    arms: list(flags.arms).map((arm) => oneOf("--arms", probeArms, arm)),
    kinds: list(flags.probes).map((kind) => oneOf("--probes", ["lstm", "linear"] as const, kind)),
    features: featuresOf(flags.features),
    ...(flags.device !== undefined && { device: deviceOf(model, flags.device) }),
    seeds: wholeNumber("--seeds", flags.seeds),
    seed: seedNumber("--seed", flags.seed),
    steps: whole("--steps", flags.steps, quick ? 150 : 300),
    captions: oneOf("--captions", ["auto", "t3", "lines"] as const, flags.captions),
    balance: flags.balance,
    maxNewTokens: wholeNumber("--max-tokens", flags.maxTokens),
  };
}

function featuresOf(flag: string): FeatureKind {
  const layer = /^llm-layer:(-?\d{1,3})$/.exec(flag);
  if (layer) return { from: "llm-layer", layer: Number(layer[1]) };
  if (flag === "vision" || flag === "projector") return { from: flag };
  throw new RangeError(`Expected --features to be vision, projector or llm-layer:K, got "${flag}".`);
}
