/**
 * Files of a folder by the path of an address, and nothing outside it: the pages, the checkpoints beside them.
 */
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { Readable } from "node:stream";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".jsonl": "application/x-ndjson; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".mp4": "video/mp4",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** Names that a build gives to content: they never change under their name. */
const hashed = /-[\w-]{8}\.\w+$/;

/**
 * The file that a path names, or null where there is none: it must lie in the folder after links are followed, and no part of
 * its path may begin with a dot. A range of bytes is answered as one, which players of video need.
 */
export async function fileResponse(folder: string, path: string, request: Request): Promise<Response | null> {
  const file = await fileWithin(folder, path);
  if (file === null) return null;
  const facts = await stat(file);
  const headers = new Headers({
    "content-type": types[extname(file)] ?? "application/octet-stream",
    "accept-ranges": "bytes",
    "cache-control": hashed.test(file) ? "public, max-age=31536000, immutable" : "no-cache",
  });
  const range = rangeOf(request.headers.get("range"), facts.size);
  if (range === "unsatisfiable")
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${facts.size}` } });
  const { start, end } = range ?? { start: 0, end: facts.size };
  headers.set("content-length", String(end - start));
  if (range !== null) headers.set("content-range", `bytes ${start}-${end - 1}/${facts.size}`);
  const body = request.method === "HEAD" || end === start ? null : streamOf(file, start, end);
  return new Response(body, { status: range === null ? 200 : 206, headers });
}

/** The real path of a file within a folder, or null. */
export async function fileWithin(folder: string, path: string): Promise<string | null> {
  const parts = decoded(path)
    ?.split("/")
    .filter((part) => part !== "");
  if (parts === undefined || parts.some((part) => part.startsWith(".") || /[\\\0]/.test(part))) return null;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, ...parts));
    return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : null;
  } catch {
    // There is no such file, or it may not be read: the same to whoever asks.
    return null;
  }
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** "bytes=10-19", "bytes=10-" and "bytes=-5" as [start, end); null of anything else, which asks for the whole file. */
function rangeOf(header: string | null, size: number): { start: number; end: number } | "unsatisfiable" | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return null;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  return start < end ? { start, end } : "unsatisfiable";
}

function streamOf(file: string, start: number, end: number): ReadableStream {
  return Readable.toWeb(createReadStream(file, { start, end: end - 1 })) as ReadableStream;
}
