/**
 * Progress through a file whose rows nobody has counted yet: by bytes.
 */
import { statSync } from "node:fs";
import type { CommandContext } from "./context.ts";

/** A task that is told byte offsets and stops on Ctrl-C. Throws an Error where there is no such file. */
export function readingProgress(
  context: CommandContext,
  name: string,
  { path, signal }: { path: string; signal: AbortSignal },
): { onOffset: (offset: number) => void; finish: () => void } {
  const megabytes = (bytes: number) => Math.floor(bytes / 1e6);
  const total = Math.max(1, megabytes(sizeOf(path)));
  const bar = context.progress().task(name, { total, unit: "MB" });
  let shown = 0;
  return {
    onOffset(offset) {
      signal.throwIfAborted();
      if (offset - shown < 1e6) return;
      shown = offset;
      bar.update(megabytes(offset));
    },
    finish() {
      bar.update(total);
      bar.finish();
    },
  };
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Error(`Expected a file, got none at "${path}". Check the path.`);
  if (found.isDirectory()) throw new Error(`Expected a file, got the folder "${path}". Pass one of its files.`);
  return found.size;
}
