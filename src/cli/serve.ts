/**
 * `zoetrope serve`: models of this process behind an OpenAI-compatible address.
 */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { weightTypes } from "../nn/models/index.ts";
import { devices } from "../nn/runtime/index.ts";
import {
  defaultLimits,
  type FrameWish,
  isLoopback,
  type RunningServer,
  type ServeLimits,
  startServer,
} from "../serve/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, positiveNumber, wholeNumber } from "./flags.ts";
import { deviceHelp, weightsHelp } from "./model-flags.ts";

const MiB = 2 ** 20;
const examples = `
Examples:
  $ zoetrope serve --model micro
  $ zoetrope serve --model ~/llava-1.5-7b-hf --model micro --port 8000
  $ SERVE_KEY=... zoetrope serve --model micro --host 0.0.0.0 --api-key-env SERVE_KEY
  $ zoetrope serve --model ~/Qwen2-VL-7B-Instruct --weights int4
  $ zoetrope serve --model micro --allow-file /data/videos --fps 1

Then:
  $ curl http://127.0.0.1:8765/v1/chat/completions -H 'Content-Type: application/json' \\
      -d '{"model":"micro","messages":[{"role":"user","content":"What color is a red circle?"}]}'
  $ zoetrope eval world-compass --model http://127.0.0.1:8765/v1#micro

Ctrl-C (or SIGTERM) refuses new requests and answers those that are there; a second Ctrl-C ends at once. docs/serve.md
describes requests, limits and what the server protects itself against.
`;

type ServeFlags = Readonly<{
  model: readonly string[];
  host: string;
  port: string;
  apiKeyEnv?: string;
  frames?: string;
  fps?: string;
  maxFrames: string;
  maxPixels: string;
  maxSeconds: string;
  maxBody: string;
  maxFetch: string;
  maxTokens: string;
  queue: string;
  timeout: string;
  grace: string;
  batch: string;
  threads?: string;
  weights?: string;
  device?: string;
  allowFile: readonly string[];
  allowPrivateNetwork?: boolean;
  allowOrigin: readonly string[];
  json?: boolean;
}>;

export function registerServe(command: Command, context: CommandContext): void {
  const several = (value: string, before: readonly string[] = []) => [...before, value];
  const { bodyBytes, fetchBytes, frames, pixels, videoSeconds, answerTokens, waiting, requestMs, graceMs } =
    defaultLimits;
  command
    .option(
      "-m, --model <reference>",
      "a shipped model, a checkpoint folder or scripted:FILE; may be repeated",
      several,
    )
    .option("--host <address>", "where to listen; others than this machine's own need --api-key-env", "127.0.0.1")
    .option("--port <n>", "0 takes one that is free", "8765")
    .option("--api-key-env <name>", "environment variable with the key that clients must send")
    .option("--frames <n>", "frames of a video where the request does not say (default: 8)")
    .option("--fps <n>", "frames a second of a video where the request does not say")
    .option("--max-frames <n>", "pictures and frames a request", String(frames))
    .option("--max-pixels <n>", "width times height of a picture or a frame", String(pixels))
    .option("--max-seconds <n>", "length of a video", String(videoSeconds))
    .option("--max-body <MiB>", "size of a request", String(bodyBytes / MiB))
    .option("--max-fetch <MiB>", "size of a file fetched from a URL", String(fetchBytes / MiB))
    .option("--max-tokens <n>", "longest answer that a request may ask for", String(answerTokens))
    .option("--queue <n>", "requests at a time; one more is told to come back", String(waiting))
    .option("--timeout <seconds>", "from a request's arrival to its answer", String(requestMs / 1000))
    .option("--grace <seconds>", "how long to wait for answers when the server ends", String(graceMs / 1000))
    .option("--batch <n>", "conversations answered together at most", "32")
    .option("--threads <n>", "threads of each model (default: the cores, shared between models)")
    .option("--weights <type>", weightsHelp)
    .option("--device <name>", deviceHelp)
    .option("--allow-file <folder>", "let requests name file:// URLs inside; may be repeated", several, [])
    .option("--allow-private-network", "let requests name URLs of private networks and of this machine")
    .option(
      "--allow-origin <origin>",
      "let pages of it ask from a browser, http://127.0.0.1:4173; may be repeated",
      several,
      [],
    )
    .option("--json", "print one JSON object on stdout when the server listens")
    .addHelpText("after", examples)
    .action((flags: ServeFlags) => runServe(flags, context));
}

async function runServe(flags: ServeFlags, context: CommandContext): Promise<void> {
  const key = keyOf(flags);
  const options = {
    models: flags.model ?? ["micro"],
    host: flags.host,
    port: portNumber(flags.port),
    ...(key !== undefined && { apiKey: key }),
    limits: limitsOf(flags),
    byDefault: wishOf(flags),
    batch: wholeNumber("--batch", flags.batch),
    ...(flags.threads !== undefined && { threads: wholeNumber("--threads", flags.threads) }),
    ...(flags.weights !== undefined && { weights: oneOf("--weights", weightTypes, flags.weights) }),
    ...(flags.device !== undefined && { device: oneOf("--device", devices, flags.device) }),
    media: { allowFile: flags.allowFile.map(folderPath), allowPrivateNetwork: flags.allowPrivateNetwork ?? false },
    allowOrigin: flags.allowOrigin.map(originOf),
    onError: (error: unknown) => void process.stderr.write(`${describe(error)}\n`),
  };
  await untilStopped(context, async (stopped) => {
    process.stderr.write(`Opening ${options.models.join(", ")} ...\n`);
    const server = await startServer(options);
    tell(server, flags.json ?? false);
    await stopped;
    await server.close();
  });
}

function tell({ url, models }: RunningServer, json: boolean): void {
  const address = `${url}/v1`;
  if (json) {
    printJson({ command: "serve", summary: { url, address, models: models.length, pid: process.pid }, models });
    return;
  }
  printText(`Serving ${models.join(", ")} at ${address}`);
  printText(`Ask from here with --model ${address}#${models[0]}`);
}

/** Work that is told of Ctrl-C and SIGTERM by a promise. */
async function untilStopped(context: CommandContext, work: (stopped: Promise<void>) => Promise<void>): Promise<void> {
  const note = "Answering what is there; no new requests.";
  const interrupted = context.interruptible(`${note} (Ctrl-C again to stop now.)`);
  let terminate: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    interrupted.addEventListener("abort", () => resolve(), { once: true });
    terminate = () => {
      process.stderr.write(`${note}\n`);
      resolve();
    };
  });
  process.once("SIGTERM", terminate);
  try {
    await work(stopped);
  } finally {
    process.off("SIGTERM", terminate);
  }
}

function keyOf({ apiKeyEnv, host }: ServeFlags): string | undefined {
  if (apiKeyEnv === undefined) {
    if (isLoopback(host)) return undefined;
    throw new Error(
      `Expected --api-key-env NAME for --host ${host}, which others can reach. Name an environment variable that holds a key.`,
    );
  }
  const key = process.env[apiKeyEnv];
  if (key) return key;
  throw new Error(
    `Expected a key in the environment variable ${apiKeyEnv}, got none. Set it, for example to $(openssl rand -hex 24).`,
  );
}

function limitsOf(flags: ServeFlags): Partial<ServeLimits> {
  const mebibytes = (flag: string, value: string) => Math.round(positiveNumber(flag, value) * MiB);
  const bodyBytes = mebibytes("--max-body", flags.maxBody);
  const fetchBytes = mebibytes("--max-fetch", flags.maxFetch);
  return {
    bodyBytes,
    fetchBytes,
    // What one request may hold must fit: its body once as bytes and once as text, and a file.
    heldBytes: Math.max(defaultLimits.heldBytes, 2 * bodyBytes + fetchBytes),
    frames: wholeNumber("--max-frames", flags.maxFrames),
    pixels: wholeNumber("--max-pixels", flags.maxPixels),
    videoSeconds: positiveNumber("--max-seconds", flags.maxSeconds),
    answerTokens: wholeNumber("--max-tokens", flags.maxTokens),
    waiting: wholeNumber("--queue", flags.queue),
    requestMs: 1000 * positiveNumber("--timeout", flags.timeout),
    graceMs: 1000 * positiveNumber("--grace", flags.grace),
  };
}

function wishOf({ frames, fps }: ServeFlags): FrameWish {
  const rate = fps === undefined ? {} : { fps: positiveNumber("--fps", fps) };
  if (frames !== undefined) return { ...rate, frames: wholeNumber("--frames", frames) };
  return fps === undefined ? { frames: 8 } : rate;
}

function portNumber(value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port < 65_536) return port;
  throw new RangeError(`Expected --port to be a whole number from 0 to 65535, got "${value}".`);
}

function originOf(value: string): string {
  const origin = URL.canParse(value) ? new URL(value).origin : "null";
  if (origin !== "null" && origin === value.replace(/\/$/, "")) return origin;
  throw new RangeError(
    `Expected --allow-origin to be scheme, host and port like http://127.0.0.1:4173, got "${value}".`,
  );
}

function folderPath(folder: string): string {
  if (existsSync(folder) && statSync(folder).isDirectory()) return resolve(folder);
  throw new Error(`Expected --allow-file to name a folder, got "${folder}".`);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return process.env.ZOETROPE_DEBUG === "1" ? (error.stack ?? error.message) : `${error.name}: ${error.message}`;
}
