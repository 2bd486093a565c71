/**
 * A disk in memory under the names of node:fs that the sources of src/ read with: a checkpoint folder that was fetched, a
 * log that was dropped. Loaders, checks and error messages are then the very same as on the command line.
 *
 * Nothing is ever written: a browser has no disk of ours.
 */
import { normalize } from "./path.ts";

const files = new Map<string, Uint8Array>();
const handles = new Map<number, Uint8Array>();
let nextHandle = 1;

/** Put a file on the disk, or replace it. */
export function placeFile(path: string, bytes: Uint8Array): void {
  files.set(normalize(path), bytes);
}

/** Take a file, or everything under a folder, off the disk. */
export function removeFiles(path: string): void {
  const name = normalize(path);
  for (const each of [...files.keys()]) if (each === name || each.startsWith(`${name}/`)) files.delete(each);
}

export function existsSync(path: string): boolean {
  return files.has(normalize(path)) || isFolder(path);
}

export function readFileSync(path: string): Uint8Array;
export function readFileSync(path: string, encoding: "utf8"): string;
export function readFileSync(path: string, encoding?: "utf8"): Uint8Array | string {
  const bytes = contentOf(path);
  return encoding === undefined ? bytes : new TextDecoder().decode(bytes);
}

export function statSync(path: string) {
  const isDirectory = isFolder(path);
  const size = isDirectory ? 0 : contentOf(path).length;
  return { size, isDirectory: () => isDirectory, isFile: () => !isDirectory };
}

export function readdirSync(path: string): string[] {
  const folder = `${normalize(path)}/`;
  const inside = [...files.keys()].filter((name) => name.startsWith(folder));
  return [...new Set(inside.map((name) => name.slice(folder.length).split("/")[0] as string))].sort();
}

export function openSync(path: string): number {
  handles.set(nextHandle, contentOf(path));
  return nextHandle++;
}

export function fstatSync(handle: number): { size: number } {
  return { size: opened(handle).length };
}

export function readSync(handle: number, target: Uint8Array, offset: number, length: number, position: number): number {
  const part = opened(handle).subarray(position, position + length);
  target.set(part, offset);
  return part.length;
}

export function closeSync(handle: number): void {
  handles.delete(handle);
}

function isFolder(path: string): boolean {
  const folder = normalize(path) === "/" ? "/" : `${normalize(path)}/`;
  return [...files.keys()].some((name) => name.startsWith(folder));
}

function contentOf(path: string): Uint8Array {
  const bytes = files.get(normalize(path));
  if (bytes === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
  return bytes;
}

function opened(handle: number): Uint8Array {
  const bytes = handles.get(handle);
  if (bytes === undefined) throw new Error(`EBADF: file ${handle} is closed`);
  return bytes;
}

function refuse(): never {
  throw new Error("Expected a disk to write to, got a browser. Save the result with a button of the page instead.");
}

export {
  refuse as appendFileSync,
  refuse as chmodSync,
  refuse as copyFileSync,
  refuse as createReadStream,
  refuse as fsyncSync,
  refuse as ftruncateSync,
  refuse as linkSync,
  refuse as mkdirSync,
  refuse as mkdtempSync,
  refuse as renameSync,
  refuse as rmSync,
  refuse as truncateSync,
  refuse as writeFileSync,
  refuse as writeSync,
};
