/**
 * A question that an endpoint did not answer, and what can be done about it.
 */

/**
 * - `refused`: the server will not take this question (too long, a part that it does not know, a content filter)
 * - `failed`: an error or a broken answer; another attempt may succeed
 * - `busy`: too many requests; later
 * - `unreachable`: no connection
 * - `forbidden`: key, address, model or quota; only the user can change that
 */
export type RequestFault = "refused" | "failed" | "busy" | "unreachable" | "forbidden";

export class RequestError extends Error {
  readonly fault: RequestFault;
  /** HTTP status, where there was an answer. */
  readonly status: number | null;
  /** Seconds after which the server asked to come back. */
  readonly retryAfter: number | null;

  constructor(
    message: string,
    details: Readonly<{ fault: RequestFault; status?: number | null; retryAfter?: number | null; cause?: unknown }>,
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "RequestError";
    this.fault = details.fault;
    this.status = details.status ?? null;
    this.retryAfter = details.retryAfter ?? null;
  }
}

/** What an HTTP status and an error code mean. */
export function faultOf(status: number, code: string | null | undefined): RequestFault {
  // OpenAI answers 429 also where the account has run dry, which no waiting helps.
  if (code === "insufficient_quota") return "forbidden";
  if (status === 429 || status === 503 || status === 529) return "busy";
  if (status === 401 || status === 402 || status === 403 || status === 404) return "forbidden";
  if (status === 408 || status === 409 || status >= 500) return "failed";
  return "refused";
}

/** Seconds of a Retry-After header (a number, or a date against `now` in milliseconds), or of OpenAI's retry-after-ms. */
export function retryAfterSeconds(headers: Headers | undefined, now: number): number | null {
  const milliseconds = headers?.get("retry-after-ms");
  if (milliseconds && Number(milliseconds) >= 0) return Number(milliseconds) / 1000;
  const value = headers?.get("retry-after")?.trim();
  if (!value) return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, (date - now) / 1000);
}
