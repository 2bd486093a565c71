/** `zoetrope serve` as a process of its own, for tests that talk to it from outside. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { packageFolder } from "../core/files/index.ts";

export type ServeProcess = Readonly<{ child: ChildProcess; url: string; models: readonly string[] }>;

/** Resolves when it listens, on a port that is free. Whoever starts it ends it. */
export async function startServeProcess(
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<ServeProcess> {
  const args = ["--import", "tsx", "src/cli/main.ts", "serve", "--port", "0", "--json", ...flags];
  const child = spawn(process.execPath, args, {
    cwd: packageFolder(),
    env: { ...process.env, NODE_OPTIONS: "", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const { summary, models } = JSON.parse(line) as { summary: { url: string }; models: string[] };
  return { child, url: summary.url, models };
}
