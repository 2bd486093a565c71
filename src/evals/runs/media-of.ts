/** Which file frames came from, so that another encoding of a video under the same name is told from it. */
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Media } from "./format/index.ts";

const partBytes = 1 << 20;

/**
 * A file as a row tells it. The hash is SHA-256 over the length in bytes, the first MiB and the last one: a video that was encoded
 * anew has another, and hours of video are not read for it.
 */
export function mediaOf(file: string, { frames, duration }: Pick<Media, "frames" | "duration">): Media {
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const hash = createHash("sha256").update(`${size}\n`);
    for (const from of new Set([0, Math.max(0, size - partBytes)])) {
      const part = Buffer.alloc(Math.min(partBytes, size - from));
      readSync(handle, part, 0, part.length, from);
      hash.update(part);
    }
    return { file, bytes: size, hash: hash.digest("hex").slice(0, 32), frames, duration };
  } finally {
    closeSync(handle);
  }
}
