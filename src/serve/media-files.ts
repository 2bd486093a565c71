/**
 * The bytes behind a media source: base64 out of the request, files from the network, files of folders that are open.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allowedFile } from "./allowed-file.ts";
import { invalid, serverBusy } from "./api-error.ts";
import type { Holding } from "./byte-budget.ts";
import { type FetchOptions, fetchFile } from "./fetch-file.ts";
import type { ServeLimits } from "./limits.ts";
import type { MediaSource } from "./media-source.ts";

/** What addresses may name. */
export type MediaRules = Readonly<{
  allowPrivateNetwork?: boolean;
  /** Folders whose files file:// may name. Default: none. */
  allowFile?: readonly string[];
  lookup?: FetchOptions["lookup"];
}>;

export type FileContext = Readonly<{ holding: Holding; signal: AbortSignal }>;

/** A file that is here or can be, with what names its content. */
export type MediaFile = Readonly<{
  key: string;
  /** Where it lies on the disk; written only now where it came in the request. */
  path(): Promise<string>;
  bytes(): Promise<Uint8Array>;
  /** Remove it, unless it was there before. */
  forget(): Promise<void>;
}>;

/** A folder of its own until it is closed. Its methods throw ApiError about `param`, the field that names the source. */
export class MediaFiles {
  readonly #limits: ServeLimits;
  readonly #rules: MediaRules;
  readonly #folder = mkdtempSync(join(tmpdir(), "zoetrope-serve-"));

  constructor(limits: ServeLimits, rules: MediaRules) {
    this.#limits = limits;
    this.#rules = rules;
  }

  /** Whoever opens a file forgets it in the end. */
  async open(source: MediaSource, param: string, context: FileContext): Promise<MediaFile> {
    if (source.kind === "url" && /^file:/i.test(source.url)) return this.#allowed(source.url, param);
    const path = join(this.#folder, randomUUID());
    if (source.kind === "base64") return fileOf(decodeBase64(source.data, param), path);
    const key = await this.#fetch(source.url, { path, param, ...context });
    return { key, path: async () => path, bytes: () => readFile(path), forget: () => rm(path, { force: true }) };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #allowed(url: string, param: string): MediaFile {
    const path = allowedFile(url, this.#rules.allowFile ?? [], param);
    const { size, mtimeMs, ino } = statSync(path);
    const limit = this.#limits.fetchBytes;
    if (size > limit) throw invalid(param, `Expected a file of at most ${limit} bytes, got ${size}.`, "file_refused");
    const key = sha256(Buffer.from(`${path} ${size} ${mtimeMs} ${ino}`));
    return { key, path: async () => path, bytes: () => readFile(path), forget: async () => {} };
  }

  async #fetch(
    url: string,
    { path, param, holding, signal }: FileContext & Readonly<{ path: string; param: string }>,
  ): Promise<string> {
    const { fetchBytes, fetchMs } = this.#limits;
    const { allowPrivateNetwork = false, lookup } = this.#rules;
    const timeout = AbortSignal.timeout(fetchMs);
    const onBytes = (bytes: number) => {
      if (!holding.grow(bytes)) throw serverBusy();
    };
    const options = { path, param, maxBytes: fetchBytes, onBytes, allowPrivateNetwork, ...(lookup && { lookup }) };
    try {
      return await fetchFile(url, { ...options, signal: AbortSignal.any([signal, timeout]) });
    } catch (error) {
      await rm(path, { force: true });
      if (!timeout.aborted || signal.aborted) throw error;
      const seconds = fetchMs / 1000;
      throw invalid(
        param,
        `Expected a URL that can be fetched in ${seconds} s, got one that takes longer.`,
        "url_refused",
      );
    }
  }
}

function fileOf(bytes: Uint8Array, path: string): MediaFile {
  let isWritten = false;
  return {
    key: sha256(bytes),
    async path() {
      await writeFile(path, bytes, { flag: "wx", mode: 0o600 });
      isWritten = true;
      return path;
    },
    bytes: async () => bytes,
    async forget() {
      if (isWritten) await rm(path, { force: true });
    },
  };
}

/** Strict where Buffer is not: what is cut short or holds other characters is a fault, and told as one. */
function decodeBase64(text: string, param: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  if (text !== "" && text.length % 4 === 0 && bytes.length === (text.length / 4) * 3 - padding) return bytes;
  throw invalid(
    param,
    `Expected base64 at ${param}, got text that is empty, cut short or no base64.`,
    "invalid_base64",
  );
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}
