/**
 * What passes between a worker (worker-entry.ts) and the thread that started it (run-in-worker.ts).
 *
 * Structured cloning forgets an error's class, so errors travel as plain fields.
 */
import { TrainingDiverged } from "./training-diverged.ts";

/** What the worker is started with. */
export type Job = Readonly<{ module: string; export: string; options: unknown }>;

/** To the worker. */
export type Order = Readonly<{ type: "abort"; reason: PlainError }>;

/** From the worker. */
export type Report =
  | Readonly<{ type: "event"; event: unknown }>
  | Readonly<{ type: "result"; result: unknown }>
  | Readonly<{ type: "error"; error: PlainError }>;

export type PlainError = Readonly<{
  name: string;
  message: string;
  stack: string | undefined;
  /** Own fields that are numbers, strings or booleans, such as `code` or `step`. */
  fields: Readonly<Record<string, string | number | boolean>>;
  cause: PlainError | undefined;
}>;

/** An error, or whatever was thrown, as plain fields. */
export function toPlainError(thrown: unknown): PlainError {
  if (!(thrown instanceof Error)) {
    return { name: "Error", message: String(thrown), stack: undefined, fields: {}, cause: undefined };
  }
  const fields = Object.fromEntries(
    Object.entries(thrown).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value)),
  );
  const cause = thrown.cause === undefined ? undefined : toPlainError(thrown.cause);
  return { name: thrown.name, message: thrown.message, stack: thrown.stack, fields, cause };
}

/** The error again: of its class where the class is ours or the platform's, else an Error of that name. */
export function fromPlainError({ name, message, stack, fields, cause }: PlainError): Error {
  // A DOMException's name and fields cannot be assigned.
  if (name === "AbortError") return new DOMException(message, name);
  const prototype = classes.get(name)?.prototype as object | undefined;
  const error = new Error(message, cause && { cause: fromPlainError(cause) });
  if (prototype) Object.setPrototypeOf(error, prototype);
  Object.assign(error, fields);
  Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  Object.defineProperty(error, "stack", { value: stack, configurable: true, writable: true });
  return error;
}

const classes = new Map<string, { prototype: unknown }>(
  Object.entries({ TrainingDiverged, TypeError, RangeError, SyntaxError }),
);
