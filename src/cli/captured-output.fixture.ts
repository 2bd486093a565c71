/**
 * What a command writes while a test runs, kept instead of shown.
 */
import { afterEach, beforeEach, vi } from "vitest";

/** Text since the test began, or since the test last emptied it. */
export type CapturedOutput = { stdout: string; stderr: string };

/** Capture every test of the file that calls this; after each, spies are taken away and no exit status is left behind. */
export function captureOutput(): CapturedOutput {
  const captured: CapturedOutput = { stdout: "", stderr: "" };
  beforeEach(() => {
    for (const stream of ["stdout", "stderr"] as const) {
      captured[stream] = "";
      vi.spyOn(process[stream], "write").mockImplementation((text) => {
        captured[stream] += String(text);
        return true;
      });
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });
  return captured;
}
