/**
 * A server that answers as the OpenAI API does, by models in this process, until it is closed.
 */
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createAdaptorServer } from "@hono/node-server";
import type { WeightType } from "../nn/models/index.ts";
import type { Device } from "../nn/runtime/index.ts";
import { fromThisMachine, isLoopback, withKey } from "./access.ts";
import { Admissions } from "./admissions.ts";
import type { FrameWish } from "./frame-wish.ts";
import { defaultLimits, type ServeLimits } from "./limits.ts";
import type { MediaRules } from "./media-files.ts";
import { MediaReader } from "./media-reader.ts";
import { routes } from "./routes.ts";
import { openServedModel, type ServedModel } from "./served-model.ts";
import type { ServerParts } from "./server-parts.ts";
import { ServerStats } from "./server-stats.ts";

export type ServeOptions = Readonly<{
  /** `micro`, checkpoint folders, scripted:FILE. Their ids are their last path components. */
  models: readonly string[];
  /** Default 127.0.0.1. Any other than a loopback address needs a key. */
  host?: string;
  /** Default: one that is free. */
  port?: number;
  /** Whoever asks must send it as "Authorization: Bearer KEY". */
  apiKey?: string;
  limits?: Partial<ServeLimits>;
  media?: MediaRules;
  /** Origins ("http://127.0.0.1:4173") whose pages may ask from a browser. Default: none. */
  allowOrigin?: readonly string[];
  /** Frames of a video where the request does not say which. Default: 8, evenly spread. */
  byDefault?: FrameWish;
  /** Conversations that are answered together at most. Default 32. */
  batch?: number;
  /** Threads of each model. Default: the cores, shared between the models. */
  threads?: number;
  /** What the matrices of checkpoints are in memory. Default float32. */
  weights?: WeightType;
  /** Where they are computed. Default "cpu". */
  device?: Device;
  /** Told what went wrong inside; default: nobody. */
  onError?: (error: unknown) => void;
}>;

export type RunningServer = Readonly<{
  /** "http://127.0.0.1:8765". */
  url: string;
  models: readonly string[];
  /** Refuse new requests, answer those that are there, free everything. */
  close(): Promise<void>;
}>;

/** Open the models and listen. Throws an Error that says what is wrong with the options, a model, or the address. */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { host = "127.0.0.1", port = 0, apiKey, byDefault = { frames: 8 }, onError = () => {} } = options;
  const limits: ServeLimits = { ...defaultLimits, ...options.limits };
  checkOptions(options);
  const models = await openModels(options);
  const media = new MediaReader(limits, options.media);
  const admissions = new Admissions(limits);
  const parts: ServerParts = {
    models,
    media,
    admissions,
    limits,
    byDefault,
    allowOrigin: options.allowOrigin ?? [],
    onError,
    stats: new ServerStats(),
    access: apiKey === undefined ? fromThisMachine(host) : withKey(apiKey),
    created: Math.floor(Date.now() / 1000),
  };
  const free = async () => {
    await Promise.all([media.close(), ...[...models.values()].map((model) => model.close())]);
  };
  try {
    const server = await listen(parts, { host, port });
    return {
      url: urlOf(server, host),
      models: [...models.keys()],
      async close() {
        const isDone = once(server, "close");
        server.close();
        await admissions.close(limits.graceMs);
        await Promise.race([isDone, lastAnswers(server)]);
        server.closeAllConnections();
        await isDone;
        await free();
      },
    };
  } catch (error) {
    await free();
    throw error;
  }
}

function checkOptions({ models, host = "127.0.0.1", apiKey, batch = 32 }: ServeOptions): void {
  const elsewhere = models.find((reference) => /^(?:https?:\/\/|openai:|gemini:|replay:)/.test(reference));
  if (elsewhere !== undefined) {
    throw new Error(`Expected models in this process (micro, a checkpoint folder, scripted:FILE), got "${elsewhere}".`);
  }
  if (models.length === 0) throw new RangeError("Expected at least one model to serve, got none.");
  if (!(Number.isInteger(batch) && batch > 0)) throw new RangeError(`Expected a batch of at least 1, got ${batch}.`);
  if (apiKey === undefined && !isLoopback(host)) {
    throw new Error(
      `Expected an API key for a server that others can reach (${host}), got none. Pass --api-key-env NAME.`,
    );
  }
  if (apiKey !== undefined && !/^[\x21-\x7e]{8,}$/.test(apiKey)) {
    throw new Error("Expected an API key of at least 8 visible ASCII characters, got another. Choose a longer one.");
  }
}

async function openModels(options: ServeOptions): Promise<Map<string, ServedModel>> {
  const { models, batch = 32, threads, weights, device } = options;
  const share = threads ?? Math.max(1, Math.floor(availableParallelism() / models.length));
  const opened = new Map<string, ServedModel>();
  try {
    for (const reference of models) {
      const id = reference.startsWith("scripted:") ? reference : basename(reference);
      if (opened.has(id)) throw new Error(`Expected models of different names, got "${id}" twice. Rename a folder.`);
      opened.set(
        id,
        await openServedModel({
          id,
          reference,
          batch,
          threads: share,
          ...(weights && { weights }),
          ...(device && { device }),
        }),
      );
    }
    return opened;
  } catch (error) {
    await Promise.all([...opened.values()].map((model) => model.close()));
    throw error;
  }
}

async function listen(parts: ServerParts, { host, port }: Readonly<{ host: string; port: number }>): Promise<Server> {
  const { limits } = parts;
  const server = createAdaptorServer({
    fetch: routes(parts).fetch,
    overrideGlobalObjects: false,
    hostname: host,
    serverOptions: {
      headersTimeout: limits.headMs,
      requestTimeout: limits.headMs + limits.bodyMs,
      connectionsCheckingInterval: Math.min(1000, limits.headMs),
      maxHeaderSize: 16_384,
    },
  }) as Server;
  // Those that wait, and as many again that are told to come back.
  server.maxConnections = 2 * limits.waiting + 64;
  server.listen({ host, port });
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "EADDRINUSE" ? "another program listens there" : (code ?? String(error));
    throw new Error(`Cannot listen on ${host}:${port}: ${reason}. Pass another --port or --host.`, { cause: error });
  }
}

/** Time for what is written to be read; connections that stay open behind it do so for nothing. */
async function lastAnswers(server: Server): Promise<void> {
  await setTimeout(50);
  server.closeIdleConnections();
  await setTimeout(1000);
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
