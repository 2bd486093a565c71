/**
 * Fetching a file on a stranger's word: from the public internet only, to a size, in a time.
 *
 * A name is resolved once for each hop and the connection goes to the very address that was checked, so that a name that
 * changes its mind between the two (DNS rebinding) gains nothing. Every redirect is checked as the first URL is.
 */
import { createHash } from "node:crypto";
import { lookup as systemLookup } from "node:dns/promises";
import { createWriteStream } from "node:fs";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { pipeline } from "node:stream/promises";
import { type AddressKind, addressKind } from "./address.ts";
import { ApiError } from "./api-error.ts";

export type FetchOptions = Readonly<{
  /** The file that is written. */
  path: string;
  maxBytes: number;
  /** Called with the size of each part that came; throws to stop. */
  onBytes?: (bytes: number) => void;
  signal: AbortSignal;
  allowPrivateNetwork?: boolean;
  /** The field of the request that named the URL. */
  param: string;
  /** All addresses of a name. Default: the system's. */
  lookup?: (name: string) => Promise<readonly string[]>;
}>;

const maxRedirects = 3;

/** Fetch http(s) into a file. Resolves to the SHA-256 of its bytes; throws ApiError. */
export async function fetchFile(url: string, options: FetchOptions): Promise<string> {
  let target = parseUrl(url, options.param);
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await open(target, options);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
      response.destroy();
      const next = parseUrl(headers.location, options.param, target);
      if (target.protocol === "https:" && next.protocol !== "https:")
        throw refused(options.param, "it redirects from https to http");
      target = next;
      continue;
    }
    return await save(response, options);
  }
  throw refused(options.param, `it redirects more than ${maxRedirects} times`);
}

function parseUrl(text: string, param: string, base?: URL): URL {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    throw refused(param, "it is no URL");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw refused(param, `its scheme is "${url.protocol.slice(0, 20)}"`);
  if (url.username !== "" || url.password !== "") throw refused(param, "it carries a user name or password");
  return url;
}

/** Connect to an address that was checked, and read the head of the response. */
async function open(url: URL, options: FetchOptions): Promise<IncomingMessage> {
  const { signal, param } = options;
  const address = await checkedAddress(url, options);
  const { request } = url.protocol === "https:" ? https : http;
  return await new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) =>
      reject(
        signal.aborted ? signal.reason : refused(param, `it cannot be fetched (${error.code ?? "no connection"})`),
      );
    const connection = {
      agent: false,
      signal,
      headers: { accept: "video/*, image/*", "accept-encoding": "identity", "user-agent": "zoetrope" },
      maxHeaderSize: 16_384,
      autoSelectFamily: false,
      lookup: ((_name, _options, found) => found(null, address, isIP(address))) satisfies LookupFunction,
    };
    request(url, connection).on("response", resolve).on("error", fail).end();
  });
}

async function checkedAddress({ hostname }: URL, options: FetchOptions): Promise<string> {
  const { param, allowPrivateNetwork = false, lookup = allAddresses, signal } = options;
  signal.throwIfAborted();
  const name = hostname.replace(/^\[(.*)\]$/, "$1");
  const addresses = isIP(name) > 0 ? [name] : await lookup(name).catch(() => []);
  signal.throwIfAborted();
  const isAllowed = (kind: AddressKind) => kind === "public" || (allowPrivateNetwork && kind === "private");
  const [first] = addresses;
  if (first === undefined) throw refused(param, "its name has no address");
  // One bad address among good ones is a trap, not a choice.
  if (addresses.every((address) => isAllowed(addressKind(address)))) return first;
  const remedy = addresses.some((address) => addressKind(address) === "forbidden")
    ? ""
    : " The server's owner can allow it with --allow-private-network.";
  throw refused(param, `it leads into a network that is not public.${remedy}`);
}

async function allAddresses(name: string): Promise<string[]> {
  return (await systemLookup(name, { all: true, verbatim: true })).map(({ address }) => address);
}

async function save(response: IncomingMessage, options: FetchOptions): Promise<string> {
  const { path, maxBytes, onBytes, signal, param } = options;
  const tooLarge = () => refused(param, `it is larger than ${(maxBytes / 2 ** 20).toFixed(0)} MiB`);
  const hash = createHash("sha256");
  let size = 0;
  try {
    const { statusCode, headers } = response;
    if (statusCode !== 200) throw refused(param, `its server answered ${statusCode}`);
    const encoding = headers["content-encoding"] ?? "identity";
    if (encoding !== "identity") throw refused(param, "its server compresses it although it was asked not to");
    if (Number(headers["content-length"] ?? 0) > maxBytes) throw tooLarge();
    const watch = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge();
        onBytes?.(chunk.length);
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(response, watch, createWriteStream(path, { flags: "wx", mode: 0o600 }), { signal });
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (signal.aborted) throw signal.reason;
    throw refused(param, `it broke off (${(error as NodeJS.ErrnoException).code ?? "connection lost"})`);
  } finally {
    response.destroy();
  }
  if (size === 0) throw refused(param, "it is empty");
  return hash.digest("hex");
}

function refused(param: string, reason: string): ApiError {
  const end = reason.endsWith(".") ? "" : ".";
  return new ApiError(400, `Expected a URL that can be fetched, got one that cannot: ${reason}${end}`, {
    param,
    code: "url_refused",
  });
}
