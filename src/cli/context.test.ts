import { afterEach, expect, test, vi } from "vitest";
import { createContext } from "./context.ts";

afterEach(() => vi.restoreAllMocks());

/** What Ctrl-C does while nobody but us listens. */
const interrupt = () => process.emit("SIGINT");

test("the first Ctrl-C aborts with a note on stderr, the second ends the process", () => {
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const exit = vi.spyOn(process, "exit").mockImplementation((() => {}) as never);
  const context = createContext();
  const signal = context.interruptible("Stopping softly.");
  expect(context.isInterrupted()).toBe(false);
  interrupt();
  expect(signal.aborted).toBe(true);
  expect(signal.reason).toMatchObject({ name: "AbortError" });
  expect(stderr.mock.calls).toEqual([["Stopping softly.\n"]]);
  expect(exit).not.toHaveBeenCalled();
  interrupt();
  expect(exit).toHaveBeenCalledWith(130);
  context.close();
});

test("a command that does not ask for the signal leaves Ctrl-C alone, and closing gives it back", () => {
  const before = process.listenerCount("SIGINT");
  const context = createContext();
  expect(process.listenerCount("SIGINT")).toBe(before);
  context.interruptible();
  context.interruptible();
  expect(process.listenerCount("SIGINT")).toBe(before + 1);
  context.close();
  expect(process.listenerCount("SIGINT")).toBe(before);
});
