/**
 * What a request is refused with: a status and OpenAI's error object.
 */

/** The statuses that the server sends. */
export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 429 | 500 | 503 | 504;

export type ApiErrorFields = Readonly<{
  /** OpenAI's machine-readable name, "model_not_found" for example. */
  code?: string | null;
  /** The field at fault, "messages[0].content[2]" for example. */
  param?: string | null;
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
}>;

/** Thrown anywhere on a request's way; the message is for the client. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: ErrorStatus;
  readonly code: string | null;
  readonly param: string | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: ErrorStatus, message: string, fields: ApiErrorFields = {}) {
    super(message, { cause: fields.cause });
    this.status = status;
    this.code = fields.code ?? null;
    this.param = fields.param ?? null;
    this.headers = fields.headers ?? {};
  }

  /** The body of the answer. */
  toJSON() {
    const { message, code, param } = this;
    return { error: { message, type: errorType(this.status), param, code } };
  }
}

/** A 400 about one field. */
export function invalid(param: string, message: string, code: string | null = null): ApiError {
  return new ApiError(400, message, { param, code });
}

/** A 429 for when memory for requests is used up. */
export function serverBusy(): ApiError {
  return new ApiError(429, "The server holds as much as it can for other requests. Try again.", {
    code: "server_busy",
    headers: { "retry-after": "1" },
  });
}

/** A 503 for requests that come, or are not answered, when the server ends. */
export function shuttingDown(): ApiError {
  return new ApiError(503, "The server is shutting down.", {
    code: "shutting_down",
    headers: { "retry-after": "5", connection: "close" },
  });
}

/** An error of the server's own making says nothing about its insides. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(500, "The server failed at this request. Its log says more.", {
    code: "internal_error",
    cause: error,
  });
}

function errorType(status: ErrorStatus): string {
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}
