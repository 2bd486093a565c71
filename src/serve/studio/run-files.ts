/**
 * Logs of a folder for the studio to read: which there are, and their content. Nothing is ever written.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** log: a run log or another tool's; events: a training's; result: what a recipe leaves (results/*.json). */
export type RunFileKind = "log" | "events" | "result";

export type RunFile = Readonly<{
  /** Path within the folder, with "/". */
  path: string;
  kind: RunFileKind;
  bytes: number;
  /** Milliseconds since 1970. */
  changed: number;
}>;

const deepest = 5;
const most = 2000;

/** All logs of a folder, the latest first. A folder that is not there has none. */
export async function listRunFiles(folder: string): Promise<RunFile[]> {
  const found: RunFile[] = [];
  await collect(folder, "", 0, found);
  return found.sort((a, b) => b.changed - a.changed || (a.path < b.path ? -1 : 1));
}

async function collect(root: string, path: string, depth: number, found: RunFile[]): Promise<void> {
  if (depth > deepest || found.length >= most) return;
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const inside = path === "" ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) await collect(root, inside, depth + 1, found);
    const kind = entry.isFile() ? kindOf(entry.name) : null;
    if (kind === null || found.length >= most) continue;
    const { size, mtimeMs } = await stat(join(root, inside));
    found.push({ path: inside, kind, bytes: size, changed: Math.round(mtimeMs) });
  }
}

function kindOf(name: string): RunFileKind | null {
  if (name === "events.jsonl") return "events";
  if (name.endsWith(".jsonl")) return "log";
  return /^(?:results?|summary|reproduce-.*|probe-.*|report|look-inside|knock-out)\.json$/.test(name) ? "result" : null;
}
