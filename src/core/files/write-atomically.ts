/**
 * A file appears whole or not at all: bytes go to a temporary neighbour, reach the disk, then take the name.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** A file on its way. End it with `commit` or `discard`; discarding after a commit does nothing. */
export type PendingFile = Readonly<{
  path: string;
  /** Append text or bytes; or, with a position in bytes, write there (and do not mix the two). */
  write(part: Uint8Array | string, position?: number): void;
  /**
   * Give the file its name, in place of an older one. Durable (the default): the bytes are on disk first, so that not even
   * a power failure leaves half a file; not worth its milliseconds for many files that are easily made again.
   */
  commit(options?: Readonly<{ durable?: boolean }>): void;
  /** Remove what was written; an older file of that name stays as it is. */
  discard(): void;
}>;

let serial = 0;

/** Begin a file, with its folder. Throws an Error that names it when it cannot be written, here and in every method. */
export function openPendingFile(path: string): PendingFile {
  const temporary = `${path}.${process.pid}-${serial++}.tmp`;
  let handle: number | undefined;
  let isPending = false;
  const attempt = <T>(step: () => T): T => {
    try {
      return step();
    } catch (error) {
      discard();
      throw new Error(
        `Cannot write ${path}: ${reasonOf(error)}. Free space or pass another path; what was there is as it was.`,
        { cause: error },
      );
    }
  };
  const close = (): void => {
    if (handle !== undefined) closeSync(handle);
    handle = undefined;
  };
  const discard = (): void => {
    if (!isPending) return;
    isPending = false;
    close();
    rmSync(temporary, { force: true });
  };
  attempt(() => {
    mkdirSync(dirname(path), { recursive: true });
    handle = openSync(temporary, "w");
    isPending = true;
  });
  return {
    path,
    write: (part, position) =>
      attempt(() => writeFully(handle as number, typeof part === "string" ? Buffer.from(part) : part, position)),
    commit: ({ durable = true } = {}) =>
      attempt(() => {
        if (durable) fsyncSync(handle as number);
        // Closed before it is renamed: Windows does not rename open files.
        close();
        renameSync(temporary, path);
        isPending = false;
        if (durable) syncFolder(dirname(path));
      }),
    discard,
  };
}

/** Write the parts end to end. On failure (a full disk, say) the old file stays and nothing lies beside it. */
export function writeAtomically(path: string, parts: Iterable<Uint8Array | string>): void {
  const file = openPendingFile(path);
  try {
    for (const part of parts) file.write(part);
    file.commit();
  } finally {
    file.discard();
  }
}

/** Node's message without the system call and the temporary name: "no space left on device", "permission denied". */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^E[A-Z]+: /, "").replace(/, [a-z]+(?: '.*)?$/, "");
}

/** One write takes at most 2 GiB on Linux. */
function writeFully(file: number, bytes: Uint8Array, position?: number): void {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(bytes.length - done, 2 ** 30);
    done += writeSync(file, bytes, done, length, position === undefined ? null : position + done);
  }
}

/** A new name is on the disk only when its folder is; Windows cannot open folders and does not need it. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
