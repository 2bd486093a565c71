/**
 * The body of a request as JSON: never more bytes than allowed, whatever its headers promise, and checked before it costs.
 */
import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { ApiError, serverBusy } from "./api-error.ts";
import type { Holding } from "./byte-budget.ts";
import { hasMoreItems } from "./json-size.ts";
import type { ServeLimits } from "./limits.ts";

/** Read and parse. Throws ApiError; rejects with the signal's reason when the client goes. */
export async function readBody(
  request: IncomingMessage,
  { limits, holding, signal }: Readonly<{ limits: ServeLimits; holding: Holding; signal: AbortSignal }>,
): Promise<unknown> {
  const type = request.headers["content-type"] ?? "";
  // A page of another origin can send anything but this without asking first, so this is a guard and not only a courtesy.
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new ApiError(
      415,
      `Expected a body of type application/json, got ${type === "" ? "none" : `"${type.slice(0, 100)}"`}. Send the header "Content-Type: application/json".`,
      { code: "unsupported_media_type" },
    );
  }
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw new ApiError(415, `Expected a body as it is, got one in "${encoding.slice(0, 100)}". Send it uncompressed.`, {
      code: "unsupported_content_encoding",
    });
  }
  const bytes = await readBytes(request, { limits, holding, signal });
  if (!isUtf8(bytes))
    throw new ApiError(400, "Expected a body in UTF-8, got bytes that are not.", { code: "bad_utf8" });
  if (hasMoreItems(bytes, limits.jsonItems)) {
    throw new ApiError(400, `Expected a body of at most ${limits.jsonItems} values, got more.`, {
      code: "too_many_items",
    });
  }
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    const reason = (error as Error).message.slice(0, 200);
    throw new ApiError(400, `Expected a body of JSON: ${reason}.`, { code: "invalid_json" });
  }
}

function readBytes(
  request: IncomingMessage,
  { limits, holding, signal }: Readonly<{ limits: ServeLimits; holding: Holding; signal: AbortSignal }>,
): Promise<Buffer> {
  const { bodyBytes } = limits;
  const tooLarge = () => {
    const limit = `${(bodyBytes / 2 ** 20).toFixed(bodyBytes < 2 ** 20 ? 3 : 0)} MiB`;
    return new ApiError(413, `Expected a body of at most ${limit}, got more. Send fewer or smaller frames.`, {
      code: "body_too_large",
    });
  };
  if (Number(request.headers["content-length"] ?? 0) > bodyBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (settle: () => void) => {
      request.off("data", take).off("end", finish).off("error", fail);
      signal.removeEventListener("abort", abort);
      settle();
    };
    const fail = (error: unknown) => end(() => reject(error));
    const abort = () => fail(signal.reason);
    const finish = () => end(() => resolve(Buffer.concat(chunks)));
    const take = (chunk: Buffer) => {
      size += chunk.length;
      // Parsing makes a string of it beside the bytes.
      if (size > bodyBytes) fail(tooLarge());
      else if (!holding.grow(2 * chunk.length)) fail(serverBusy());
      else chunks.push(chunk);
    };
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    request.on("data", take).on("end", finish).on("error", fail);
  });
}
