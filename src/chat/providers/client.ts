/**
 * What a shape's body is sent through: one API of one server, as the endpoint's model uses it.
 */
import type { Reply, ReplyOptions } from "../chat-model.ts";

/** The fields that carry the messages, as a shape makes them. */
export type MessageFields = Readonly<Record<string, unknown>>;

export type EndpointClient = Readonly<{
  /** Throws RequestError, or the signal's reason. */
  ask(fields: MessageFields, options: ReplyOptions): Promise<Reply>;
  stream(fields: MessageFields, options: ReplyOptions): AsyncGenerator<string, Reply, undefined>;
  /** What the server says that it serves. */
  models(signal?: AbortSignal): Promise<ServedModel[]>;
}>;

/** `owner` as servers name themselves ("vllm", "sglang", "llamacpp"); context in tokens where it is told. */
export type ServedModel = Readonly<{
  id: string;
  owner: string | null;
  context: number | null;
  /** Of the weights, where the server tells it (zoetrope serve does). */
  fingerprint?: string | null;
}>;

export type ClientOptions = Readonly<{
  /** Without a slash at the end. */
  baseUrl: string;
  model: string;
  key: string | null;
  /** Seconds that an answer may take. Default 600. */
  timeout?: number;
  /** Told once about each thing that the server does not take and that is then left out. */
  onNote?: (note: string) => void;
}>;

/** A whole number for servers, which take no names. */
export function seedNumber(seed: number | string): number {
  if (typeof seed === "number") return seed;
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash >>> 1;
}

/** The text with every trace of the key taken out. */
export function withoutKey(text: string, key: string | null): string {
  return key ? text.replaceAll(key, "***") : text;
}
