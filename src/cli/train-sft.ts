/**
 * `zoetrope train sft`: fine-tuning of a checkpoint on a training file.
 */
import type { Command } from "commander";
import { CONVERSATION_FORMATS } from "../data/index.ts";
import {
  type LoraChoice,
  projections,
  runInWorker,
  type SftEvent,
  type SftOptions,
  type SftResult,
  sftModule,
  wholeModules,
} from "../train/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, positiveNumber, seedNumber, share, wholeNumber } from "./flags.ts";
import { formatSeconds } from "./progress.ts";

const examples = `
Examples:
  $ zoetrope train sft --model micro --data t3.json --out runs/mine
  $ zoetrope train sft --model ~/Qwen2-VL-2B-Instruct --data rows.json --media films/ --frames 8 --out runs/mine --checkpointing
  $ zoetrope train sft --model ~/llava-1.5-7b-hf --data rows.json --lora-rank 64 --target-modules q_proj,v_proj --out runs/mine
  $ zoetrope train sft --model ~/vtimellm --data rows.json --modules-to-save embed_tokens,lm_head --out runs/mine
  $ zoetrope train sft --model micro --data t3.json --full --epochs 3 --out runs/whole
  $ zoetrope ask clip.mp4 "What happens?" --model runs/mine

Data: LLaVA conversations, ShareGPT, LLaMA-Factory, ms-swift, T3's pairs (zoetrope data validate). Only answers are learnt, by the
checkpoint's own chat template. Eyes and projector stay as they are; what they see is computed once.
Result: a PEFT adapter (or a checkpoint with --full) that is a model reference at once; events.jsonl, sft.json, checkpoints in training/.
An update learns from --batch x --accumulate rows. Rows are packed into runs of --pack tokens, whose gradients add up: it changes memory
and speed, not what is learnt. --checkpointing computes every layer twice and holds the activations of one (or of n) at a time.
Ctrl-C stops after the step in progress and leaves a checkpoint; --resume goes on from it to the same losses. docs/training.md
`;

type SftFlags = Readonly<{
  model: string;
  data: string;
  format?: string;
  media?: string;
  out?: string;
  full?: boolean;
  loraRank: string;
  loraAlpha?: string;
  targetModules: string;
  modulesToSave?: string;
  steps?: string;
  epochs?: string;
  batch: string;
  accumulate: string;
  pack: string | boolean;
  rate?: string;
  warmup: string;
  weightDecay: string;
  maxLength?: string;
  frames: string;
  checkpointing?: string | boolean;
  threads?: string;
  resume?: boolean;
  seed: string;
  json?: boolean;
}>;

export function registerTrainSft(train: Command, context: CommandContext): void {
  train
    .command("sft")
    .description("fine-tune a checkpoint on a training file: LoRA, or the whole decoder")
    .requiredOption("--model <model>", "a shipped model, a checkpoint folder or an adapter's")
    .requiredOption("--data <file>", "conversations to learn")
    .option("--format <format>", `${CONVERSATION_FORMATS.join(", ")} (default: told by the first row)`)
    .option("--media <folder>", "where the rows' pictures and videos lie (default: the current folder)")
    .option("-o, --out <folder>", "where the adapter or checkpoint goes (required)")
    .option("--full", "train the whole decoder instead of a LoRA")
    .option("--lora-rank <n>", "rank of the LoRA", "16")
    .option("--lora-alpha <x>", "its lora_alpha (default: twice the rank)")
    .option("--target-modules <names>", "projections that get a LoRA", projections.join(","))
    .option("--modules-to-save <names>", `train these whole, for new tokens: ${wholeModules.join(", ")}`)
    .option("--epochs <x>", "times through the rows (default: 1)")
    .option("--steps <n>", "updates, instead of --epochs")
    .option("--batch <n>", "rows that may share a run", "8")
    .option("--accumulate <n>", "batches that an update learns from", "1")
    .option("--pack <tokens>", "rows share runs of up to so many tokens", "512")
    .option("--no-pack", "a run for each row")
    .option("--rate <x>", "learning rate at its peak (default: 2e-4, and 1e-5 with --full)")
    .option("--warmup <share>", "share of the updates in which the rate rises", "0.03")
    .option("--weight-decay <x>", "of matrices", "0")
    .option("--max-length <tokens>", "leave longer rows out (default: the model's positions)")
    .option("--frames <n>", "of each video, evenly spread", "8")
    .option("--checkpointing [layers]", "hold activations of so many layers at a time (1), compute the others twice")
    .option("--threads <n>", "of ONNX Runtime (default: all cores)")
    .option("--resume", "go on from what the output folder holds")
    .option("--seed <n>", "seed of every random draw", "0")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    // --out, --resume, --seed and --json are flags of `train` too, which takes them wherever they stand.
    .action((_: unknown, command: Command) => {
      refuseRecipeFlags(train);
      return runTrainSft(command.optsWithGlobals<SftFlags>(), context);
    });
}

/** Flags of `train` that are about recipes; Commander takes them here too. */
function refuseRecipeFlags(train: Command): void {
  const given = ["stage", "stepsScale", "device"].find((name) => train.getOptionValueSource(name) === "cli");
  const flag = train.options.find((option) => option.attributeName() === given)?.long;
  if (flag) throw new RangeError(`Expected no ${flag} with train sft, got one: it belongs to recipes. Leave it out.`);
}

async function runTrainSft(flags: SftFlags, context: CommandContext): Promise<void> {
  const options = sftOptions(flags);
  const note =
    "Stopping after this step; run the same command again with --resume to go on. (Ctrl-C again to stop now.)";
  const progress = context.progress();
  let rows: ReturnType<typeof progress.task> | undefined;
  let steps: ReturnType<typeof progress.task> | undefined;
  const onEvent = (event: SftEvent) => {
    if (event.type === "note") progress.note(event.text);
    if (event.type === "rows") {
      rows ??= progress.task("read rows", { total: event.total, unit: "rows" });
      rows.update(event.done);
      if (event.done === event.total) rows.finish();
    }
    if (event.type === "start") {
      for (const text of event.notes) progress.note(text);
      steps = progress.task("train", { total: event.steps, unit: "steps", begun: event.step });
    }
    if (event.type === "step")
      steps?.update(event.step, `loss ${event.loss.toFixed(3)}, ${Math.round(event.tokensPerSecond)} tokens/s`);
  };
  const job = { module: sftModule, export: "runSft", options };
  const result = await runInWorker<SftResult, SftEvent>(job, { onEvent, signal: context.interruptible(note) });
  steps?.finish();
  if (flags.json) {
    const { folder, ...summary } = result;
    printJson({ command: "train sft", folder, summary, options });
  } else printText(report(result, options));
}

function sftOptions(flags: SftFlags): SftOptions {
  const { model, data, out, format, media, maxLength, checkpointing, threads, full = false } = flags;
  if (out === undefined) throw new RangeError("Expected --out and a folder for what is trained, got none.");
  if (flags.steps !== undefined && flags.epochs !== undefined)
    throw new RangeError("Expected --steps or --epochs, got both. Leave one out.");
  return {
    ...{ model, data, folder: out, resume: flags.resume ?? false },
    ...(format !== undefined && { format: oneOf("--format", CONVERSATION_FORMATS, format) }),
    ...(media !== undefined && { media }),
    lora: full ? null : loraChoice(flags),
    length:
      flags.steps !== undefined
        ? { steps: wholeNumber("--steps", flags.steps) }
        : { epochs: positiveNumber("--epochs", flags.epochs ?? "1") },
    batch: wholeNumber("--batch", flags.batch),
    accumulate: wholeNumber("--accumulate", flags.accumulate),
    packedTokens: typeof flags.pack === "string" ? wholeNumber("--pack", flags.pack) : 0,
    rate: positiveNumber("--rate", flags.rate ?? (full ? "1e-5" : "2e-4")),
    warmup: share("--warmup", flags.warmup),
    weightDecay: share("--weight-decay", flags.weightDecay),
    maxLength: maxLength === undefined ? null : wholeNumber("--max-length", maxLength),
    frames: wholeNumber("--frames", flags.frames),
    ...(checkpointing !== undefined && {
      segmentLayers: checkpointing === true ? 1 : wholeNumber("--checkpointing", String(checkpointing)),
    }),
    ...(threads !== undefined && { threads: wholeNumber("--threads", threads) }),
    seed: seedNumber("--seed", flags.seed),
  };
}

function loraChoice({ loraRank, loraAlpha, targetModules, modulesToSave }: SftFlags): LoraChoice {
  const r = wholeNumber("--lora-rank", loraRank);
  const names = (list: string) => list.split(",").map((name) => name.trim());
  return {
    rank: r,
    alpha: loraAlpha === undefined ? 2 * r : positiveNumber("--lora-alpha", loraAlpha),
    targets: names(targetModules),
    save:
      modulesToSave === undefined
        ? []
        : names(modulesToSave).map((name) => oneOf("--modules-to-save", wholeModules, name)),
  };
}

function report(result: SftResult, { lora }: SftOptions): string {
  const { folder, rows, steps, firstLoss, lastLoss, trainedParameters, tokensPerSecond, seconds } = result;
  const loss = (value: number | null) => value?.toFixed(3) ?? "unknown";
  const count = (n: number) => Math.round(n).toLocaleString("en");
  const what = lora === null ? "the whole decoder" : `a LoRA of rank ${lora.rank}`;
  return [
    `Trained ${what} (${count(trainedParameters)} parameters) on ${count(rows)} rows in ${count(steps)} steps, ${formatSeconds(seconds)}.`,
    `Loss ${loss(firstLoss)} in the first step, ${loss(lastLoss)} in the last; ${count(tokensPerSecond ?? 0)} tokens/s, at most ${count(result.peakMemoryMiB)} MiB of memory.`,
    `Ask it: zoetrope ask VIDEO "QUESTION" --model ${folder}`,
  ].join("\n");
}
