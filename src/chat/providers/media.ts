/**
 * Pictures and files as servers take them: base64 in the request, or an address.
 */
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { encodeJpeg, encodePng, type RgbaImage, resizeImage } from "../../media/image/index.ts";
import type { VideoPart } from "../message.ts";
import type { Media } from "./shape.ts";

/** Files in base64 that are kept for the next question; a benchmark asks many about a video before it goes on. */
const filesKept = 2;
/** In bytes: base64 of more does not fit a string of V8, and no server takes it. */
const largestFile = 256 * 2 ** 20;
const isAddress = (path: string) => /^(?:https?|gs|file|data):/.test(path);

export type MediaOptions = Readonly<{
  /** How servers that decode files get at one that lies here: in the request, or by its path on a disk that both see. */
  localFiles?: "data" | "file";
  /** Of JPEGs, 1 to 100. Default 90. */
  quality?: number;
  /** PNGs instead, which keep every pixel and are larger. */
  lossless?: boolean;
  /** Pictures with more pixels are shrunk. Default: as they are. */
  maxPixels?: number;
}>;

/** The size in which a picture is sent: its own, or the largest of its form that has so many pixels. */
export function sentSize(
  { width, height }: Readonly<{ width: number; height: number }>,
  maxPixels = Number.POSITIVE_INFINITY,
): { width: number; height: number } {
  const scale = Math.min(1, Math.sqrt(maxPixels / (width * height)));
  const shrunk = (side: number) => Math.max(1, Math.floor(side * scale));
  return scale === 1 ? { width, height } : { width: shrunk(width), height: shrunk(height) };
}

export function openMedia(options: MediaOptions = {}): Media {
  const { localFiles = "data", quality = 90, lossless = false, maxPixels } = options;
  const pictures = new WeakMap<RgbaImage, ReturnType<Media["picture"]>>();
  const files = new Map<string | Uint8Array, ReturnType<Media["file"]>>();
  const file = ({ path, bytes }: VideoPart): ReturnType<Media["file"]> => {
    const source = bytes ?? path;
    if (source === undefined) throw new TypeError("Expected a video with a path or bytes, got frames alone.");
    const known = files.get(source);
    if (known) return known;
    const encoded = encodeFile(source);
    files.set(source, encoded);
    for (const oldest of [...files.keys()].slice(0, -filesKept)) files.delete(oldest);
    encoded.catch(() => files.delete(source));
    return encoded;
  };
  return {
    picture(image) {
      const known = pictures.get(image);
      if (known) return known;
      const { width, height } = sentSize(image, maxPixels);
      const sent = width === image.width ? image : resizeImage(image, width, height);
      const encoded = (lossless ? encodePng(sent) : encodeJpeg(sent, { quality })).then((bytes) => ({
        base64: Buffer.from(bytes).toString("base64"),
        type: lossless ? "image/png" : "image/jpeg",
      }));
      pictures.set(image, encoded);
      return encoded;
    },
    file,
    async url(video) {
      const { path } = video;
      if (path !== undefined && isAddress(path)) return path;
      if (path !== undefined && localFiles === "file") return pathToFileURL(resolve(path)).href;
      const { base64, type } = await file(video);
      return `data:${type};base64,${base64}`;
    },
  };
}

async function encodeFile(source: string | Uint8Array): Promise<Readonly<{ base64: string; type: string }>> {
  if (typeof source === "string" && isAddress(source))
    throw new Error(`Expected a video file that can be sent, got the address ${source}. Download it first.`);
  if (typeof source === "string" && (await stat(source)).size > largestFile)
    throw new RangeError(
      `Expected a video of at most ${largestFile / 2 ** 20} MiB to put into a request, got ${source}. Pass --local-files file, --shape frames, or a shorter file.`,
    );
  const bytes =
    typeof source === "string" ? await readFile(source) : Buffer.from(source.buffer, source.byteOffset, source.length);
  return { base64: bytes.toString("base64"), type: videoType(bytes) };
}

/** Media type by the first bytes; "video/mp4" where they say nothing, which servers take as a hint at most. */
export function videoType(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 64)).toString("latin1");
  if (head.startsWith("\x1a\x45\xdf\xa3")) return head.includes("webm") ? "video/webm" : "video/x-matroska";
  if (head.startsWith("RIFF") && head.slice(8, 12) === "AVI ") return "video/x-msvideo";
  if (head.slice(4, 8) === "ftyp" && head.slice(8, 10) === "qt") return "video/quicktime";
  return "video/mp4";
}
