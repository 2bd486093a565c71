/**
 * Which file this is, without reading hours of video: SHA-256 over the length in bytes, the first MiB and the last one.
 */
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const partBytes = 1 << 20;

/** Length and the first 32 hex digits of the hash: a video that was encoded anew has another. */
export type FileIdentity = Readonly<{ bytes: number; hash: string }>;

/** Of a file by its path, or of its content. Throws Node's error where it cannot be read. */
export function fileIdentity(file: string | Uint8Array): FileIdentity {
  if (typeof file !== "string") return identityOf(file.length, (from, length) => file.subarray(from, from + length));
  const handle = openSync(file, "r");
  try {
    return identityOf(fstatSync(handle).size, (from, length) => {
      const part = Buffer.alloc(length);
      readSync(handle, part, 0, length, from);
      return part;
    });
  } finally {
    closeSync(handle);
  }
}

function identityOf(bytes: number, read: (from: number, length: number) => Uint8Array): FileIdentity {
  const hash = createHash("sha256").update(`${bytes}\n`);
  for (const from of new Set([0, Math.max(0, bytes - partBytes)]))
    hash.update(read(from, Math.min(partBytes, bytes - from)));
  return { bytes, hash: hash.digest("hex").slice(0, 32) };
}
