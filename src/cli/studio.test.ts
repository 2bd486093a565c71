/** What `zoetrope studio` refuses before it listens. */
import { expect, test } from "vitest";
import { captureOutput } from "./captured-output.fixture.ts";
import { createProgram } from "./program.ts";

captureOutput();

async function studio(...args: string[]): Promise<void> {
  const program = await createProgram(["studio"]);
  await program.parseAsync(["studio", "--no-open", ...args], { from: "user" });
}

test.each([
  [["--port", "70000"], 'Expected --port to be at most 65535, got "70000".'],
  [["--port", "x"], 'Expected --port to be a whole number from 0 on, got "x".'],
  [["--runs", "/nowhere/at/all"], 'Expected --runs to be a folder, got "/nowhere/at/all".'],
])("%s is refused in a sentence", async (args, message) => {
  await expect(studio(...args)).rejects.toThrow(message);
});
