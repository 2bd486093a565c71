/**
 * One writer a file: a lock beside it, PATH.lock, that names the process that holds it. A process that dies, kill -9 included,
 * leaves its lock behind; the next one on this machine sees that nobody holds it any more and takes it over.
 */
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { hostname } from "node:os";

/** A lock that this process holds. Releasing twice does nothing. */
export type FileLock = Readonly<{ release(): void }>;

type Holder = Readonly<{ pid: number; host: string; began: string }>;

/** Half a lock file is being written by someone else, unless it is older than this. */
const writingMs = 10_000;

/** Take the lock of a file that one process writes. Throws an Error that names the holder where there is one. */
export function lockFile(path: string): FileLock {
  const lock = `${path}.lock`;
  if (!create(lock)) takeOver(path, lock);
  let isHeld = true;
  return {
    release() {
      if (isHeld) rmSync(lock, { force: true });
      isHeld = false;
    },
  };
}

/** Is the file's lock held by a process that lives, as far as this machine can tell? */
export function isLocked(path: string): boolean {
  return holderOf(`${path}.lock`) !== null;
}

/** Two that take over at once must not both win: who removes a stale lock holds a second lock meanwhile. */
function takeOver(path: string, lock: string): void {
  refuseHeld(path, lock);
  const second = `${lock}.takeover`;
  if (!create(second)) refuse(path, second, holderOf(second) ?? "unknown");
  try {
    // Another process may have taken it over between the first look and the second lock.
    refuseHeld(path, lock);
    rmSync(lock, { force: true });
    if (!create(lock)) refuse(path, lock, holderOf(lock) ?? "unknown");
  } finally {
    rmSync(second, { force: true });
  }
}

function refuseHeld(path: string, lock: string): void {
  const holder = holderOf(lock);
  if (holder !== null) refuse(path, lock, holder);
}

function refuse(path: string, lock: string, holder: Holder | "unknown"): never {
  const by = holder === "unknown" ? "another process" : `process ${holder.pid} on ${holder.host}`;
  const isHere = holder !== "unknown" && holder.host === hostname();
  const remedy = isHere ? "Wait for it or stop it" : `Wait for it, or delete ${lock} if it is over`;
  throw new Error(`Expected nobody else to write ${path}, got ${by}, which holds its lock. ${remedy}.`);
}

/** Make the lock file; false where there is one. */
function create(lock: string): boolean {
  let file: number;
  try {
    file = openSync(lock, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new Error(`Cannot lock ${lock}: ${(error as Error).message}. Pass another folder.`, { cause: error });
  }
  const holder: Holder = { pid: process.pid, host: hostname(), began: processOf(process.pid)?.began ?? "" };
  writeSync(file, JSON.stringify(holder));
  closeSync(file);
  return true;
}

/** Who holds the lock; null where nobody does, "unknown" where it cannot be read yet. */
function holderOf(lock: string): Holder | "unknown" | null {
  let text: string;
  try {
    text = readFileSync(lock, "utf8");
  } catch {
    return null;
  }
  const holder = parse(text);
  if (holder === undefined) return isOlderThan(lock, writingMs) ? null : "unknown";
  if (holder.host !== hostname()) return holder;
  if (!isAlive(holder.pid)) return null;
  const told = processOf(holder.pid);
  if (told === undefined) return holder;
  // Killed, and its parent has not looked after it yet.
  if (told.state === "Z") return null;
  // Process numbers come round again, at once in a container: the same number with another beginning is another process.
  return holder.began !== "" && told.began !== holder.began ? null : holder;
}

function parse(text: string): Holder | undefined {
  try {
    const { pid, host, began } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === "number" && typeof host === "string" ? { pid, host, began: began ?? "" } : undefined;
  } catch {
    return undefined;
  }
}

function isOlderThan(path: string, ms: number): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > ms;
  } catch {
    return true;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** State letter of a process and when it began, in ticks since the machine did (Linux's /proc/PID/stat); undefined elsewhere. */
function processOf(pid: number): Readonly<{ state: string; began: string }> | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", began: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}
