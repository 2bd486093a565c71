/**
 * From a reference to a model behind an endpoint: the server is asked what it serves, and which shape it takes where neither
 * the user nor an earlier time has said so.
 */
import type { ChatModel } from "../chat-model.ts";
import type { RetryOptions } from "../middleware/retry.ts";
import { RequestError } from "../request-error.ts";
import type { ClientOptions, EndpointClient, ServedModel } from "./client.ts";
import { detectShapes } from "./detect-shapes.ts";
import { endpointMemory } from "./endpoint-memory.ts";
import { endpointModel } from "./endpoint-model.ts";
import { type EndpointReference, readEndpointReference } from "./endpoint-reference.ts";
import type { PixelSize } from "./frame-tokens.ts";
import { geminiClient } from "./gemini-client.ts";
import { type MediaOptions, openMedia, sentSize } from "./media.ts";
import { openAiClient } from "./openai-client.ts";
import { endpointPlanner } from "./plan-prompt.ts";
import type { ShapeName } from "./shape.ts";

export type EndpointOptions = Readonly<{
  /** Default: what is remembered of the endpoint, else detected and remembered. */
  shape?: ShapeName;
  /** Only texts will be asked: no shape is needed. */
  textOnly?: boolean;
  /** Nothing will be asked: the shape is guessed where it is not known. */
  isDryRun?: boolean;
  /** The environment variable that holds the key. */
  keyName?: string;
  environment?: Readonly<Record<string, string | undefined>>;
  /** See MediaOptions. */
  localFiles?: MediaOptions["localFiles"];
  maxPixels?: number;
  /** Seconds that an answer may take. Default 600. */
  timeout?: number;
  /** Folder of what is remembered. Default: the user's cache folder. */
  memory?: string;
  /** How failures are met. */
  retry?: Pick<RetryOptions, "attempts" | "firstPause" | "longestPause" | "rng" | "wait" | "onRetry">;
  /** Told what the user should know and no error says. */
  onNote?: (note: string) => void;
  signal?: AbortSignal;
}>;

/** Throws a RangeError where the reference is wrong, RequestError where the server does not answer. */
export async function openEndpoint(reference: string, options: EndpointOptions = {}): Promise<ChatModel> {
  const { read, client, model, served } = await connect(reference, options);
  const { localFiles = "data", maxPixels, retry = {}, signal } = options;
  const settings: MediaOptions = {
    localFiles,
    ...(maxPixels !== undefined && { maxPixels }),
    // Our own server answers as the model does here, so nothing may be lost on the way to it.
    ...(served?.owner === "zoetrope" && { lossless: true }),
  };
  const media = openMedia(settings);
  const memory = endpointMemory({ baseUrl: read.baseUrl, model }, options.memory);
  const known = memory.recall();
  const made = (shapes: readonly ShapeName[]) => {
    const size = (own: PixelSize) => sentSize(own, maxPixels);
    const planner = endpointPlanner({
      model,
      context: served?.context ?? null,
      shape: shapes[0],
      known,
      sentSize: size,
    });
    const common = { name: reference, baseUrl: read.baseUrl, model, client, media, shapes, planner };
    // Where the server names its weights, another checkpoint under the same name is another model.
    const weights = served?.fingerprint ? { weights: served.fingerprint } : {};
    return endpointModel({ ...common, settings: { ...settings, ...weights } });
  };
  if (options.shape) return made([checkShape(options.shape, read)]);
  if (options.textOnly) return made([]);
  if (known) return made(known.shapes);
  if (options.isDryRun) return made([isGemini(read, undefined) ? "gemini" : "frames"]);
  const shapes = await detectShapes(client, { media, owner: ownerOf(read, served), retry, ...(signal && { signal }) });
  memory.remember({ shapes, by: "detection" });
  options.onNote?.(
    shapes.length === 0
      ? `${reference} takes no pictures.`
      : `${reference} is sent ${shapes[0]}; zoetrope doctor --endpoint tells whether it tells the time right so.`,
  );
  return made(shapes);
}

export type Connection = Readonly<{
  read: EndpointReference;
  client: EndpointClient;
  model: string;
  /** null where the server does not list its models. */
  served: ServedModel | null;
  /** Is it Google's own API that is spoken? */
  isGemini: boolean;
}>;

/** Find out which model is meant. One request, that costs nothing. */
export async function connect(reference: string, options: EndpointOptions = {}): Promise<Connection> {
  const { environment, keyName, timeout, onNote, signal } = options;
  const read = readEndpointReference(reference, {
    ...(environment && { environment }),
    ...(keyName !== undefined && { keyName }),
    isKeyless: options.isDryRun ?? false,
  });
  const open = (model: string) => {
    const settings: ClientOptions = {
      baseUrl: read.baseUrl,
      key: read.key,
      model,
      ...(timeout !== undefined && { timeout }),
      ...(onNote && { onNote }),
    };
    return isGemini(read, options.shape) ? geminiClient(settings) : openAiClient(settings);
  };
  const list = await listModels(open(read.model ?? ""), { read, isDryRun: options.isDryRun, signal });
  const model = chooseModel(read, list);
  const served = list?.find(({ id }) => id === model) ?? null;
  return { read, client: open(model), model, served, isGemini: isGemini(read, options.shape) };
}

type Listing = Readonly<{
  read: EndpointReference;
  isDryRun: boolean | undefined;
  signal: AbortSignal | undefined;
}>;

/** null where there is no such list, which a named model can do without; for a plan the server need not even be there. */
async function listModels(client: EndpointClient, { read, isDryRun, signal }: Listing): Promise<ServedModel[] | null> {
  try {
    return await client.models(signal);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const isUnlisted = error.status === 404 || error.status === 405 || error.status === 501 || error.fault === "failed";
    if ((isUnlisted || isDryRun) && read.model !== null) return null;
    throw error;
  }
}

function chooseModel({ model, baseUrl }: EndpointReference, list: readonly ServedModel[] | null): string {
  const names = (list ?? []).map(({ id }) => id);
  // Long lists are of services whose names have aliases; a wrong name is told by the first question there.
  if (model !== null && (names.includes(model) || names.length === 0 || names.length > 20)) return model;
  const [only] = names;
  if (model === null && only !== undefined && names.length === 1) return only;
  const served = names.length === 0 ? "none that it lists" : names.slice(0, 20).join(", ");
  throw new RangeError(
    `Expected a model that ${baseUrl} serves (${served}), got ${model === null ? "none" : `"${model}"`}. Pass ${baseUrl}#MODEL.`,
  );
}

function ownerOf({ protocol }: EndpointReference, served: ServedModel | null): string | null {
  return protocol === "gemini" ? "google" : (served?.owner ?? null);
}

/** Google's own API by its address, or by the user's word (a proxy that speaks it). */
function isGemini({ protocol }: EndpointReference, shape: ShapeName | undefined): boolean {
  return protocol === "gemini" || shape === "gemini";
}

function checkShape(shape: ShapeName, { protocol, baseUrl }: EndpointReference): ShapeName {
  if (protocol !== "gemini" || shape === "gemini") return shape;
  throw new RangeError(
    `Expected --shape gemini for ${baseUrl}, got "${shape}". Google's address with /openai at its end takes frames.`,
  );
}
