/**
 * The program `zoetrope`: which commands there are. A command's file is loaded only when that command is named, so that
 * help and version come at once.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { packageFolder } from "../core/files/index.ts";
import { type CommandContext, createContext } from "./context.ts";

/** Adds arguments, flags, help and action to a command that has its name and description. */
export type Register = (command: Command, context: CommandContext) => void;

type Entry = Readonly<{ name: string; group: string; description: string; load: () => Promise<Register> }>;

const entries: readonly Entry[] = [
  {
    name: "ask",
    group: "Look at a video:",
    description: "ask a model any question about a video",
    load: async () => (await import("./ask.ts")).registerAsk,
  },
  {
    name: "ground",
    group: "Look at a video:",
    description: "when something happens, in seconds; or which frames are the highlights",
    load: async () => (await import("./ground.ts")).registerGround,
  },
  {
    name: "overlay",
    group: "Look at a video:",
    description: "burn frame numbers or a clock into a video",
    load: async () => (await import("./overlay.ts")).registerOverlay,
  },
  {
    name: "studio",
    group: "Look at a video:",
    description: "the web page: videos, runs, training and moments on one timeline",
    load: async () => (await import("./studio.ts")).registerStudio,
  },
  {
    name: "inspect",
    group: "Look at a video:",
    description: "what the decoder sees: codec, timestamps, variable frame rate, broken parts",
    load: async () => (await import("./inspect.ts")).registerInspect,
  },
  {
    name: "eval",
    group: "Evaluate:",
    description: "run a benchmark on video files with a model",
    load: async () => (await import("./eval.ts")).registerEval,
  },
  {
    name: "score",
    group: "Evaluate:",
    description: "official scores of predictions on disk, no model",
    load: async () => (await import("./score.ts")).registerScore,
  },
  {
    name: "runs",
    group: "Evaluate:",
    description: "past runs and other tools' logs: list, show, compare, rescore, export, import",
    load: async () => (await import("./runs.ts")).registerRuns,
  },
  {
    name: "probe",
    group: "Look at a video:",
    description: "where a model loses track of time: full model, decoder on captions, probes on visual tokens",
    load: async () => (await import("./probe.ts")).registerProbe,
  },
  {
    name: "look-inside",
    group: "Look at a video:",
    description: "the white box: attention, words of every layer, modules left out, edges cut",
    load: async () => (await import("./look-inside.ts")).registerLookInside,
  },
  {
    name: "reproduce",
    group: "Train and reproduce:",
    description: "a paper in miniature: data, training, evaluation, report",
    load: async () => (await import("./reproduce.ts")).registerReproduce,
  },
  {
    name: "train",
    group: "Train and reproduce:",
    description: "run a recipe, or one of its stages",
    load: async () => (await import("./train.ts")).registerTrain,
  },
  {
    name: "synth",
    group: "Data and checkpoints:",
    description: "write training or probing data",
    load: async () => (await import("./synth.ts")).registerSynth,
  },
  {
    name: "serve",
    group: "Endpoints:",
    description: "models of this machine behind an OpenAI-compatible address",
    load: async () => (await import("./serve.ts")).registerServe,
  },
  {
    name: "convert",
    group: "Data and checkpoints:",
    description: "a training file into another trainer's layout",
    load: async () => (await import("./convert.ts")).registerConvert,
  },
  {
    name: "data",
    group: "Data and checkpoints:",
    description: "check, mix and validate data sets",
    load: async () => (await import("./data.ts")).registerData,
  },
  {
    name: "models",
    group: "Data and checkpoints:",
    description: "checkpoint folders: list, check, verify",
    load: async () => (await import("./models.ts")).registerModels,
  },
  {
    name: "doctor",
    group: "Data and checkpoints:",
    description: "is this machine fit, and does an endpoint tell the time right?",
    load: async () => (await import("./doctor.ts")).registerDoctor,
  },
];

const examples = `
Examples:
  $ zoetrope reproduce t3
  $ zoetrope ask clip.mp4 "Which item is shown first?"
  $ zoetrope inspect clip.mp4

Every command explains itself: zoetrope COMMAND --help
Exit status: 0 done, 1 error, 100 a threshold not met, 130 interrupted.
`;

/**
 * The program with the command that `args` name ready to run; the others only have their names. Throws CommanderError
 * instead of ending the process.
 */
export async function createProgram(args: readonly string[], given?: CommandContext): Promise<Command> {
  const program = new Command("zoetrope");
  const context = given ?? createContext(() => program.opts<{ quiet?: boolean }>().quiet ?? false);
  const wanted = args.filter((arg) => !arg.startsWith("-") && arg !== "help")[0];
  program
    .description("Teaches video language models about time, and finds out where they fail at it.")
    .version(version(), "-V, --version", "print the version")
    .option("-q, --quiet", "no progress on stderr")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .showHelpAfterError("Add --help for what there is.")
    .addHelpText("after", examples)
    .exitOverride();
  for (const { name, group, description, load } of entries) {
    const command = program.command(name).description(description).helpGroup(group);
    if (name === wanted) (await load())(command, context);
  }
  return program;
}

function version(): string {
  return (JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as { version: string }).version;
}
