/**
 * README's commands are run: every block fenced as "bash test" goes through bash in a folder that holds nothing but examples/, with `zoetrope` being
 * the command of this checkout. Lines that begin with "$ " are commands, others are their output and are not compared.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const readme = join(root, "README.md");
const text = existsSync(readme) ? readFileSync(readme, "utf8") : "";
const blocks = [...text.matchAll(/^```bash test\n([\s\S]*?)^```$/gm)].map((match) => match[1] as string);

/** The commands of a block: all of its lines, or those behind "$ " where there are any. */
function commandsOf(block: string): string {
  const lines = block.split("\n");
  const prompted = lines.filter((line) => line.startsWith("$ ")).map((line) => line.slice(2));
  return (prompted.length > 0 ? prompted : lines).join("\n");
}

const reason = text === "" ? " (skipped: there is no README.md)" : " (skipped: no block is fenced as bash test)";

describe.skipIf(blocks.length === 0)(`README.md${blocks.length === 0 ? reason : ""}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "zoetrope-readme-"));
  beforeAll(() => {
    const shim = join(folder, "zoetrope");
    const [loader, main] = ["node_modules/tsx/dist/loader.mjs", "src/cli/main.ts"].map((path) => join(root, path));
    writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" --import "${loader}" "${main}" "$@"\n`);
    chmodSync(shim, 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(blocks.map((block, i) => [i + 1, block] as const))("block %i runs", (_, block) => {
    const cwd = mkdtempSync(join(folder, "block-"));
    symlinkSync(join(root, "examples"), join(cwd, "examples"));
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
    const run = () => execFileSync("bash", ["-euo", "pipefail", "-c", commandsOf(block)], { cwd, env, stdio: "pipe" });
    expect(run).not.toThrow();
  });
});
