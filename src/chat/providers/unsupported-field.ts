/**
 * Parameters that a server does not take: which one an error names, and what can be sent instead. Only parameters that shape
 * the answer are ever left out, and it is said; what a video means is never dropped.
 */
import { RequestError } from "../request-error.ts";

/** Field of a body -> how errors speak of it. */
const optional: Readonly<Record<string, RegExp>> = {
  response_format: /response_format|json_schema|\bschema\b|grammar|structured output|guided/i,
  top_logprobs: /top_logprobs/i,
  logprobs: /logprobs/i,
  temperature: /temperature/i,
  top_p: /top_p/i,
  seed: /\bseed\b/i,
  stop: /'stop'|"stop"|\bstop\b.*(?:not supported|unsupported)/i,
  stream_options: /stream_options/i,
};

/** The field of a body that the error refuses; null where it names none that can be left out. */
export function refusedField(body: Readonly<Record<string, unknown>>, error: unknown): string | null {
  if (!(error instanceof RequestError) || error.fault !== "refused") return null;
  if (error.message.includes("max_completion_tokens") && "max_tokens" in body) return "max_tokens";
  return Object.keys(optional).find((name) => name in body && optional[name]?.test(error.message)) ?? null;
}

/** The body without that field; the limit of tokens is sent under its other name instead. */
export function withoutField(body: Readonly<Record<string, unknown>>, field: string): Record<string, unknown> {
  if (!(field in body)) return { ...body };
  const { [field]: value, ...rest } = body;
  if (field === "max_tokens") return { ...rest, max_completion_tokens: value };
  // Alternatives without the tokens themselves are an error everywhere.
  return Object.fromEntries(Object.entries(rest).filter(([name]) => field !== "logprobs" || name !== "top_logprobs"));
}
