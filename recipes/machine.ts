/**
 * What a result was made on: the machine and the commit, for reports and results files.
 */
import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { packageFolder } from "../src/core/files/index.ts";

/** "Intel(R) Xeon(R) ..., 2 cores, 24 GiB, Node v20.20.2, linux x64". */
export function machine(): string {
  const all = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const name = all[0]?.model.trim() ?? "unknown processor";
  return `${name}, ${all.length} cores, ${memory} GiB, Node ${process.version}, ${process.platform} ${process.arch}`;
}

/** The commit of the sources, with a mark when they were changed; "unknown" outside a checkout. */
export function commit(): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: packageFolder(), encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return `${git("rev-parse", "--short", "HEAD")}${git("status", "--porcelain") === "" ? "" : " with changes"}`;
  } catch {
    return "unknown";
  }
}
