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

/** A file on the disk, with what names its content. Whoever gets a temporary one removes it. */
export type MediaFile = Readonly<{ path: string; key: string; isTemporary: boolean }>;

/** A folder of its own until it is closed. Its methods throw ApiError about `param`, the field that names the source. */
export class MediaFiles {
  readonly #limits: ServeLimits;
  readonly #rules: MediaRules;
  readonly #folder = mkdtempSync(join(tmpdir(), "zoetrope-serve-"));

  constructor(limits: ServeLimits, rules: MediaRules) {
    this.#limits = limits;
    this.#rules = rules;
  }

  async bytes(source: MediaSource, param: string, context: FileContext): Promise<Buffer> {
    if (source.kind === "base64") return decodeBase64(source.data, param);
    const { path, isTemporary } = await this.file(source, param, context);
    try {
      return await readFile(path);
    } finally {
      if (isTemporary) await rm(path, { force: true });
    }
  }

  async file(source: MediaSource, param: string, context: FileContext): Promise<MediaFile> {
    if (source.kind === "url" && /^file:/i.test(source.url)) return this.#allowed(source.url, param);
    const path = join(this.#folder, randomUUID());
    if (source.kind === "url")
      return { path, key: await this.#fetch(source.url, { path, param, ...context }), isTemporary: true };
    const bytes = decodeBase64(source.data, param);
    await writeFile(path, bytes, { flag: "wx", mode: 0o600 });
    return { path, key: sha256(bytes), isTemporary: true };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #allowed(url: string, param: string): MediaFile {
    const path = allowedFile(url, this.#rules.allowFile ?? [], param);
    const { size, mtimeMs, ino } = statSync(path);
    const limit = this.#limits.fetchBytes;
    if (size > limit) throw invalid(param, `Expected a file of at most ${limit} bytes, got ${size}.`, "file_refused");
    return { path, key: sha256(Buffer.from(`${path} ${size} ${mtimeMs} ${ino}`)), isTemporary: false };
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
