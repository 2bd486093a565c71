/**
 * What passes between a worker (worker-entry.ts) and the thread that started it (run-in-worker.ts).
 *
 * Structured cloning forgets an error's class, so errors travel as plain fields.
 */

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

/** A class of errors that come back as themselves, by the name that its errors carry. */
export type ErrorClass = Readonly<{ name: string; prototype: object }>;

/** The error again: of its class where that is the platform's or one of those given, else an Error of that name. */
export function fromPlainError(error: PlainError, classes: readonly ErrorClass[] = []): Error {
  const { name, message, stack, fields } = error;
  // A DOMException's name and fields cannot be assigned.
  if (name === "AbortError") return new DOMException(message, name);
  const known = [...classes, TypeError, RangeError, SyntaxError].find((each) => each.name === name);
  const made = new Error(message, error.cause && { cause: fromPlainError(error.cause, classes) });
  if (known) Object.setPrototypeOf(made, known.prototype);
  Object.assign(made, fields);
  Object.defineProperty(made, "name", { value: name, configurable: true, writable: true });
  Object.defineProperty(made, "stack", { value: stack, configurable: true, writable: true });
  return made;
}
