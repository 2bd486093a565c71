/**
 * Flags of every command that asks a model: how an endpoint is spoken to, what it may cost, what is kept.
 */
import { join } from "node:path";
import type { Command } from "commander";
import {
  Budget,
  type ChatModel,
  isEndpointReference,
  type OpenModelOptions,
  openModel,
  type Spent,
  shapeNames,
  type TokenPrice,
  userCacheFolder,
} from "../chat/index.ts";
import { type WeightType, weightTypes } from "../nn/models/index.ts";
import { type Device, devices } from "../nn/runtime/index.ts";
import type { CommandContext } from "./context.ts";
import { oneOf, positiveNumber, wholeNumber } from "./flags.ts";

export type ModelFlags = Readonly<{
  shape?: string;
  concurrency?: string;
  maxRequests?: string;
  maxTokensTotal?: string;
  maxCost?: string;
  price?: string;
  cache?: string | boolean;
  keyEnv?: string;
  localFiles?: string;
  maxPixels?: string;
  timeout?: string;
  weights?: string;
  device?: string;
}>;

const group = "Endpoints and budgets:";
const localGroup = "Models of this machine:";

/** Of --device, for every command that computes. */
export const deviceHelp = `where it is computed: ${devices.join(", ")} (default: cpu; docs/models.md)`;
/** Of --weights, for every command that opens checkpoints. */
export const weightsHelp = `what a checkpoint's matrices are in memory: ${weightTypes.join(", ")} (default: float32; docs/models.md)`;

/** In help, behind the examples of a command. */
export const modelReferences = `Models: micro and other shipped ones, a Hugging Face checkpoint folder, http://HOST:PORT/v1#MODEL, openai:NAME, gemini:NAME,
replay:RUN (what a past run said), scripted:FILE (JSON list of replies, or an object of pattern -> reply).
Keys come from the environment: OPENAI_API_KEY, GEMINI_API_KEY, ZOETROPE_API_KEY for other addresses. docs/endpoints.md
`;

/**
 * Add the flags. `seesVideos`: the command shows pictures, so that it matters how they travel. `hasCache`: replies are kept
 * by these flags and not by one of the command's own.
 */
export function addModelFlags(
  command: Command,
  { seesVideos = true, hasCache = true }: Readonly<{ seesVideos?: boolean; hasCache?: boolean }> = {},
): Command {
  const add = (flags: string, description: string) =>
    command.addOption(command.createOption(flags, description).helpGroup(group));
  if (seesVideos) {
    add("--shape <name>", `how videos travel: ${shapeNames.join(", ")} (default: found out once for each endpoint)`);
    add("--local-files <how>", "how servers that decode files get them: data (in the request) or file (by their path)");
    add("--max-pixels <n>", "shrink frames to so many pixels before they are sent (default: as they are)");
  }
  add("--concurrency <n>", "requests to an endpoint at a time, at most (default: 8)");
  add("--max-requests <n>", "stop after so many requests; what was answered is kept");
  add("--max-tokens-total <n>", "stop after so many tokens, read and written");
  add("--max-cost <amount>", "stop when so much is spent, by --price");
  add("--price <read,written>", "of a million tokens, in any currency");
  if (hasCache) {
    add(
      "--cache <folder>",
      "keep replies there and ask nothing twice (default for endpoints: the user's cache folder)",
    );
    add("--no-cache", "ask everything anew");
  }
  add("--key-env <name>", "the environment variable that holds the endpoint's key");
  add("--timeout <seconds>", "how long one answer may take (default: 600)");
  command.addOption(command.createOption("--weights <type>", weightsHelp).helpGroup(localGroup));
  command.addOption(command.createOption("--device <name>", deviceHelp).helpGroup(localGroup));
  return command;
}

/** A model with what a command tells of its use in the end. */
export type FlaggedModel = Readonly<{
  model: ChatModel;
  price: TokenPrice | null;
  isEndpoint: boolean;
  /** For --json; null where nothing is counted. */
  usage(): Usage | null;
  /** The same in a line for people; null for models that cost nothing to ask. */
  usageLine(): string | null;
}>;

/** Requests that were made, their tokens and cost, and replies that were there already. */
export type Usage = Spent & Readonly<{ cached: number }>;

export type OpenFlags = Readonly<{ textOnly?: boolean; isDryRun?: boolean }>;

/** Open the model that --model names, with everything that the flags lay around it. */
export async function openFlaggedModel(
  reference: string,
  flags: ModelFlags,
  context: CommandContext,
  { textOnly = false, isDryRun = false }: OpenFlags = {},
): Promise<FlaggedModel> {
  const isEndpoint = isEndpointReference(reference);
  const price = priceOf(flags.price);
  const tally = tallyOf(flags, price);
  const { budget } = tally;
  // Counting would break up the batches of a local model.
  const isCounted = isEndpoint || Object.keys(budget.limits).length > 0;
  const cache = cacheFolder(flags.cache, isEndpoint);
  const note = (line: string) => context.progress().note(line);
  const options: OpenModelOptions = {
    ...(flags.shape !== undefined && { shape: oneOf("--shape", shapeNames, flags.shape) }),
    ...(flags.localFiles !== undefined && {
      localFiles: oneOf("--local-files", ["data", "file"] as const, flags.localFiles),
    }),
    ...(flags.maxPixels !== undefined && { maxPixels: wholeNumber("--max-pixels", flags.maxPixels) }),
    ...(flags.concurrency !== undefined && { concurrency: wholeNumber("--concurrency", flags.concurrency) }),
    ...(flags.keyEnv !== undefined && { keyName: flags.keyEnv }),
    ...(flags.timeout !== undefined && { timeout: positiveNumber("--timeout", flags.timeout) }),
    ...(flags.weights !== undefined && { weights: weightsOf(reference, flags.weights) }),
    ...(flags.device !== undefined && { device: deviceOf(reference, flags.device) }),
    ...(cache !== null && { cache, onCacheHit: () => void tally.cached++ }),
    ...(textOnly && { textOnly }),
    ...(isDryRun && { isDryRun }),
    ...(isCounted && { budget }),
    onNote: note,
    retry: { onRetry: ({ seconds, reason }) => note(`${reason} Again in ${seconds.toFixed(0)} s.`) },
  };
  const model = await openModel(reference, options);
  const usage = () => (isCounted || cache !== null ? { ...budget.spent, cached: tally.cached } : null);
  return {
    model,
    price,
    isEndpoint,
    usage,
    usageLine() {
      const { requests, tokensRead, tokensWritten, cost } = budget.spent;
      const { cached } = tally;
      if (!isCounted && cached === 0) return null;
      const count = (n: number) => n.toLocaleString("en");
      return [
        `${count(requests)} request${requests === 1 ? "" : "s"}`,
        `${count(tokensRead)} tokens read`,
        `${count(tokensWritten)} written`,
        ...(cost === null ? [] : [`cost ${cost.toPrecision(3)}`]),
        ...(cached === 0 ? [] : [`${count(cached)} replies from the cache`]),
      ].join(", ");
    },
  };
}

/** Only a checkpoint has weights. */
export function weightsOf(reference: string, value: string): WeightType {
  const type = oneOf("--weights", weightTypes, value);
  if (type !== "float32") requireCheckpoint("--weights", reference);
  return type;
}

/** Only a checkpoint is computed here. */
export function deviceOf(reference: string, value: string): Device {
  const device = oneOf("--device", devices, value);
  if (device !== "cpu") requireCheckpoint("--device", reference);
  return device;
}

function requireCheckpoint(flag: string, reference: string): void {
  const isElsewhere = isEndpointReference(reference) || /^(replay|scripted):/.test(reference);
  if (isElsewhere)
    throw new RangeError(`Expected ${flag} with a checkpoint of this machine, got "${reference}". Leave it out.`);
}

export function priceOf(flag: string | undefined): TokenPrice | null {
  if (flag === undefined) return null;
  const parts = flag.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [read, written] = parts;
  if (
    parts.length === 2 &&
    read !== undefined &&
    written !== undefined &&
    parts.every((part) => part >= 0 && part < Infinity)
  )
    return { read, written };
  throw new RangeError(
    `Expected --price to be two numbers for a million tokens, read and written, like 0.15,0.6, got "${flag}".`,
  );
}

/** One for all models that a command opens by the same flags: a limit is on the command. */
type Tally = { budget: Budget; cached: number };
const tallies = new WeakMap<ModelFlags, Tally>();

function tallyOf(flags: ModelFlags, price: TokenPrice | null): Tally {
  const tally = tallies.get(flags) ?? { budget: budgetOf(flags, price), cached: 0 };
  tallies.set(flags, tally);
  return tally;
}

function budgetOf({ maxRequests, maxTokensTotal, maxCost }: ModelFlags, price: TokenPrice | null): Budget {
  return new Budget(
    {
      ...(maxRequests !== undefined && { requests: wholeNumber("--max-requests", maxRequests) }),
      ...(maxTokensTotal !== undefined && { tokens: wholeNumber("--max-tokens-total", maxTokensTotal) }),
      ...(maxCost !== undefined && { cost: positiveNumber("--max-cost", maxCost) }),
    },
    price,
  );
}

/** Endpoints cost time and money, so their replies are kept unless the user says no; models of this machine keep none. */
function cacheFolder(flag: string | boolean | undefined, isEndpoint: boolean): string | null {
  if (typeof flag === "string") return flag;
  return flag !== false && isEndpoint ? join(userCacheFolder(), "replies") : null;
}
