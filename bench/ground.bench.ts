/**
 * "When does a red circle grow?" from the command to the answer, in a process of its own: start of Node, model, video, inference.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../src/core/files/index.ts";
import { type Figures, flagValue, median } from "./bench.ts";

export const name = "ground";

const rounds = 5;

export async function run(flags: readonly string[]): Promise<Figures> {
  const model = flagValue(flags, "--model") ?? "micro-grounding";
  const root = packageFolder();
  const command = join(root, "bin", "zoetrope.mjs");
  const video = join(root, "examples", "red-circle-grows.mp4");
  const seconds = Array.from({ length: rounds }, () => {
    const began = performance.now();
    execFileSync(process.execPath, [command, "ground", video, "a red circle grows", "--model", model, "--json"], {
      stdio: "ignore",
    });
    return (performance.now() - began) / 1000;
  });
  return {
    model,
    runs: existsSync(join(root, "dist")) ? "build" : "sources",
    wallSeconds: Number(median(seconds).toFixed(2)),
    slowestSeconds: Number(Math.max(...seconds).toFixed(2)),
  };
}
