/**
 * From the parts of a request to frames for a model: media are fetched, decoded elsewhere, and kept for a while, because one
 * video is usually asked about more than once.
 */
import type { ImageProcessor } from "../chat/index.ts";
import { type ApiError, invalid } from "./api-error.ts";
import { ByteBudget } from "./byte-budget.ts";
import { ByteLru } from "./byte-lru.ts";
import type { RequestMessage } from "./chat-request.ts";
import type { PicturePart, RequestPart } from "./content-parts.ts";
import { type Decoded, type DecodedFrame, type DecodeJob, Undecodable } from "./decode-job.ts";
import { DecoderProcess } from "./decoder-process.ts";
import type { ServeLimits } from "./limits.ts";
import { type FileContext, MediaFiles, type MediaRules, sha256 } from "./media-files.ts";

/** A frame with a name that stays the same for the same picture, so that a model need not look at it twice. */
export type NamedFrame = DecodedFrame & Readonly<{ id: string }>;

/** A message as a model thread gets it. */
export type PreparedMessage = Readonly<{
  role: RequestMessage["role"];
  content: readonly (
    | Readonly<{ type: "text"; text: string }>
    | Readonly<{ type: "image"; frame: NamedFrame }>
    | Readonly<{ type: "video"; frames: readonly NamedFrame[]; duration: number | null }>
  )[];
}>;

/** Which frame was shown: its second, null for a picture, and its place in its file or among the pictures. */
export type SeenFrame = Readonly<{ time: number | null; index: number }>;

/** `duration` is that of the only video, null where there is none or more than one. Call `release` when the answer is there. */
export type Prepared = Readonly<{
  messages: readonly PreparedMessage[];
  seen: readonly SeenFrame[];
  duration: number | null;
  release(): void;
}>;

type MediaPart = Exclude<RequestPart, { type: "text" }>;
type VideoPart = Extract<RequestPart, { type: "video" }>;
type Context = FileContext & Readonly<{ processor: ImageProcessor | null }>;
type Shown = Readonly<{ frames: readonly NamedFrame[]; duration: number | null }>;

const cacheBytes = 128 * 2 ** 20;

export class MediaReader {
  readonly decoder = new DecoderProcess();
  readonly #limits: ServeLimits;
  readonly #files: MediaFiles;
  readonly #decoded: ByteBudget;
  readonly #cache = new ByteLru<Shown>(cacheBytes);
  /** Media parts that were found in the cache, and all of them. */
  hits = 0;
  parts = 0;

  constructor(limits: ServeLimits, rules: MediaRules = {}) {
    this.#limits = limits;
    this.#files = new MediaFiles(limits, rules);
    this.#decoded = new ByteBudget(limits.decodedBytes);
    this.decoder.start();
  }

  /** Bytes of pictures that requests under way hold, and those that are kept. */
  get bytes(): Readonly<{ decoded: number; kept: number }> {
    return { decoded: this.#decoded.held, kept: this.#cache.bytes };
  }

  /** Throws ApiError for media that cannot be had; rejects with the signal's reason. */
  async read(messages: readonly RequestMessage[], context: Context): Promise<Prepared> {
    const media = messages.flatMap(({ content }) => content.filter((part) => part.type !== "text"));
    const pictures = media.flatMap(picturesOf);
    let left = this.#limits.frames - pictures.length;
    if (left < media.filter(({ type }) => type === "video").length) throw this.#tooMany(media[0] as MediaPart);
    const decoded = (await this.#pictures(pictures, context)).entries();
    const shown = new Map<MediaPart, Shown>();
    for (const part of media) {
      if (part.type === "video") {
        const video = await this.#video(part, left, context);
        left -= video.frames.length;
        shown.set(part, video);
      } else
        shown.set(part, { frames: timed(part, decoded), duration: part.type === "frames" ? part.cut.duration : null });
    }
    const framesOf = (part: MediaPart) => shown.get(part)?.frames ?? [];
    const frames = media.flatMap(framesOf);
    const durations = media.flatMap((part) => (part.type === "picture" ? [] : [shown.get(part)?.duration ?? null]));
    return {
      messages: messages.map(({ role, content }) => ({
        role,
        content: content.map((part): PreparedMessage["content"][number] => {
          if (part.type === "text") return part;
          const { frames, duration } = shown.get(part) as Shown;
          return part.type === "picture"
            ? { type: "image", frame: frames[0] as NamedFrame }
            : { type: "video", frames, duration };
        }),
      })),
      seen: media.flatMap((part) =>
        framesOf(part).map(({ time, index }) => ({ time: part.type === "picture" ? null : time, index })),
      ),
      duration: durations.length === 1 ? (durations[0] ?? null) : null,
      release: this.#decoded.hold(sizeOf(frames)),
    };
  }

  async close(): Promise<void> {
    await this.decoder.close();
    this.#files.close();
  }

  /** Those that are not known are decoded together. */
  async #pictures(pictures: readonly PicturePart[], context: Context): Promise<NamedFrame[]> {
    const found: NamedFrame[] = [];
    const missing: { bytes: Uint8Array; id: string; place: number }[] = [];
    for (const [place, { source, param }] of pictures.entries()) {
      const file = await this.#files.open(source, param, context);
      try {
        const id = keyOf(file.key, context.processor);
        const known = this.#cache.get(id)?.frames[0];
        if (known) found[place] = known;
        else missing.push({ bytes: await file.bytes(), id, place });
      } finally {
        await file.forget();
      }
    }
    this.#count(pictures.length, missing.length);
    if (missing.length === 0) return found;
    try {
      const job = { kind: "pictures", pictures: missing.map(({ bytes }) => bytes) } as const;
      const { frames } = await this.#decode(job, missing.length, context);
      for (const [i, { id, place }] of missing.entries()) {
        const frame = { ...(frames[i] as DecodedFrame), id };
        found[place] = frame;
        this.#cache.set(id, { frames: [frame], duration: null }, sizeOf([frame]));
      }
    } catch (error) {
      if (!(error instanceof Undecodable)) throw error;
      throw undecodable(error, "a picture", pictures[missing[error.item]?.place ?? 0]?.param as string);
    }
    return found;
  }

  async #video({ source, wish, param }: VideoPart, left: number, context: Context): Promise<Shown> {
    const file = await this.#files.open(source, param, context);
    try {
      const name = keyOf(file.key, context.processor);
      const wished = `${name} ${JSON.stringify(wish)}`;
      const known = this.#cache.get(wished);
      this.#count(1, known ? 0 : 1);
      if (known && known.frames.length <= left) return known;
      const { frames, duration } = await this.#decode({ kind: "video", path: await file.path(), wish }, left, context);
      const shown = { frames: frames.map((frame) => ({ ...frame, id: `${name}#${frame.index}` })), duration };
      this.#cache.set(wished, shown, sizeOf(frames));
      return shown;
    } catch (error) {
      throw error instanceof Undecodable ? undecodable(error, "a video", param) : error;
    } finally {
      await file.forget();
    }
  }

  #count(parts: number, missing: number): void {
    this.parts += parts;
    this.hits += parts - missing;
  }

  #tooMany({ param }: MediaPart): ApiError {
    const sentence = `Expected at most ${this.#limits.frames} pictures and frames in a request, got more.`;
    return invalid(param, sentence, "too_many_frames");
  }

  async #decode(
    job:
      | Readonly<{ kind: "pictures"; pictures: readonly Uint8Array[] }>
      | Pick<Extract<DecodeJob, { kind: "video" }>, "kind" | "path" | "wish">,
    frames: number,
    { processor, signal }: Context,
  ): Promise<Decoded> {
    const { pixels, videoSeconds, videoFrames, decodedBytes, decodeMs } = this.#limits;
    const whole: DecodeJob = {
      ...job,
      processor,
      limits: { pixels, videoSeconds, videoFrames, frames, bytes: decodedBytes / 2 },
    };
    const before = () => this.#decoded.room(signal);
    const decoded = await this.decoder.decode(whole, { signal, timeoutMs: decodeMs, before });
    return { frames: decoded.frames.map(shared), duration: decoded.duration };
  }
}

/** The frame in memory that threads share: it is handed to a model's thread without a copy, however often it is asked about. */
function shared(frame: DecodedFrame): DecodedFrame {
  const data = new Uint8ClampedArray(new SharedArrayBuffer(frame.data.length));
  data.set(frame.data);
  return { ...frame, data };
}

/** The pictures that a part brings along. */
function picturesOf(part: MediaPart): readonly PicturePart[] {
  if (part.type === "picture") return [part];
  return part.type === "frames" ? part.pictures : [];
}

/** The next decoded pictures as those of a part, with its times. */
function timed(part: Exclude<MediaPart, VideoPart>, decoded: Iterator<[number, NamedFrame]>): NamedFrame[] {
  const next = () => decoded.next().value as [number, NamedFrame];
  if (part.type === "frames") {
    const { times, indices } = part.cut;
    return part.pictures.map((_, i) => ({ ...next()[1], time: times[i] as number, index: indices[i] as number }));
  }
  const [index, frame] = next();
  return [{ ...frame, time: 0, index }];
}

function undecodable({ message }: Undecodable, what: string, param: string): ApiError {
  const sentence = `Expected ${what} that can be decoded at ${param}, got one that cannot: ${message}.`;
  return invalid(param, sentence, "undecodable_media");
}

function sizeOf(frames: readonly DecodedFrame[]): number {
  return frames.reduce((sum, { data }) => sum + data.length, 0);
}

/** The name of a content as one model's processor makes it. */
function keyOf(hash: string, processor: ImageProcessor | null): string {
  if (processor === null) return hash;
  const name = processorNames.get(processor) ?? sha256(Buffer.from(JSON.stringify(processor))).slice(0, 8);
  processorNames.set(processor, name);
  return `${hash} ${name}`;
}

const processorNames = new WeakMap<ImageProcessor, string>();
