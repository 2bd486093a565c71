/**
 * Opening a file: which container, which video track, what the track says about itself. Nothing is decoded here.
 *
 * Every way in which a file can be no video ends in a VideoError that names the file, the cause and what to do.
 */
import { open, stat } from "node:fs/promises";
import type { Input, InputVideoTrack } from "mediabunny";
import { headBytes, kindOfBytes, unknownKind } from "./file-kind.ts";
import { type DecoderSetup, decoderNames } from "./frame-decoder.ts";
import { type Libav, loadLibav, loadMediabunny, type Mediabunny } from "./libraries.ts";
import { type PacketIndex, readPacketIndex } from "./packet-index.ts";
import type { Orientation } from "./pixel-converter.ts";
import { messageOf, VideoError } from "./video-error.ts";

/** An opened file with one video track and the index of its packets. `input` must be disposed. */
export type Source = Readonly<{
  path: string;
  fileSize: number;
  av: Libav;
  mediabunny: Mediabunny;
  input: Input;
  track: InputVideoTrack;
  /** For example "MP4", "Matroska", "WebM". */
  container: string;
  /** WebCodecs parameter string, for example "avc1.64001f"; null where the stream does not say. */
  codecString: string | null;
  setup: DecoderSetup;
  orientation: Orientation;
  pixelAspect: Readonly<{ num: number; den: number }>;
  /** Shown size: square pixels, upright. */
  width: number;
  height: number;
  index: PacketIndex;
}>;

/** What a file may have at most, for files from strangers. Default: whatever it has. */
export type VideoLimits = Readonly<{
  /** Width times height, shown and coded, whatever the container and the stream claim. */
  pixels?: number;
  /** Frames in the file. */
  frames?: number;
}>;

const convert = "Convert it first, for example: ffmpeg -i INPUT -c:v libx264 -pix_fmt yuv420p OUTPUT.mp4";

/** Open a video file (path), or throw a VideoError. */
export async function openSource(path: string, limits: VideoLimits = {}): Promise<Source> {
  const fileSize = await sizeOf(path);
  const [av, mediabunny] = await Promise.all([loadLibav(), loadMediabunny()]);
  const input = new mediabunny.Input({
    source: new mediabunny.FilePathSource(path, { handleUnhandledError: () => {} }),
    formats: mediabunny.ALL_FORMATS.filter((format) => format !== mediabunny.HLS),
  });
  try {
    return await describe({ path, fileSize, av, mediabunny, input }, limits);
  } catch (error) {
    input.dispose();
    if (error instanceof VideoError) throw error;
    const reason = `its structure is damaged or cut short (${messageOf(error)})`;
    throw new VideoError(path, reason, "Fetch or export the file again.", error);
  }
}

type Opened = Pick<Source, "path" | "fileSize" | "av" | "mediabunny" | "input">;

async function describe(opened: Opened, limits: VideoLimits): Promise<Source> {
  const { path, mediabunny, input } = opened;
  const container = await containerName(opened);
  const track = await input.getPrimaryVideoTrack();
  if (!track) {
    const kinds = (await input.getTracks()).map((each) => each.type);
    if (kinds.length === 0) {
      const reason = `the ${container} file lists no tracks: it is cut short or damaged`;
      throw new VideoError(path, reason, "Fetch or export the file again.");
    }
    const found = kinds.length > 0 ? `only ${[...new Set(kinds)].join(" and ")}` : "no track at all";
    throw new VideoError(
      path,
      `the ${container} file has no video track, ${found}`,
      "Pass a file with pictures in it.",
    );
  }
  const codec = await track.getCodec();
  if (codec === null || !(codec in decoderNames)) {
    const id = String(codec ?? (await track.getInternalCodecId()) ?? "unknown");
    throw new VideoError(path, `its video codec ${JSON.stringify(id)} is not supported`, `${convert}.`);
  }
  const [codedWidth, codedHeight] = [await track.getCodedWidth(), await track.getCodedHeight()];
  const width = Math.max(1, Math.round(await track.getDisplayWidth()));
  const height = Math.max(1, Math.round(await track.getDisplayHeight()));
  const { pixels: maxPixels = Infinity, frames: maxFrames = Infinity } = limits;
  if (Math.max(codedWidth * codedHeight, width * height) > maxPixels) {
    const reason = `its pictures of ${width}x${height} (coded ${codedWidth}x${codedHeight}) have more than ${maxPixels} pixels`;
    throw new VideoError(path, reason, "Scale it down first.");
  }
  const index = await readPacketIndex(new mediabunny.EncodedPacketSink(track), maxFrames);
  if (index === "too many") throw new VideoError(path, `it has more than ${maxFrames} frames`, "Cut it first.");
  if (!index) {
    throw new VideoError(path, `its ${container} video track has no frames`, "Fetch or export the file again.");
  }
  const config = await track.getDecoderConfig();
  return {
    ...opened,
    track,
    container,
    codecString: await track.getCodecParameterString(),
    setup: {
      codec,
      codedWidth,
      codedHeight,
      description: bytesOf(config?.description),
      maxPixels,
    },
    orientation: { rotation: await track.getRotation(), flip: await track.getFlip() },
    pixelAspect: await track.getPixelAspectRatio(),
    width,
    height,
    index,
  };
}

async function containerName({ path, mediabunny, input }: Opened): Promise<string> {
  try {
    return (await input.getFormat()).name;
  } catch (error) {
    const kind = await guess(path);
    // Files of a few bytes make the format detection itself fail.
    if (!(error instanceof mediabunny.UnsupportedInputFormatError) && kind === unknownKind) throw error;
    throw new VideoError(
      path,
      `expected MP4, MOV, MKV, WebM or MPEG-TS, got ${kind}`,
      `If it is a video, convert it first: ffmpeg -i INPUT -c:v libx264 -pix_fmt yuv420p OUTPUT.mp4.`,
      error,
    );
  }
}

async function guess(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(headBytes), 0, headBytes, 0);
    return kindOfBytes(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ENOENT" ? "there is no such file" : messageOf(error);
    throw new VideoError(path, reason, "Check the path and its permissions.", error);
  });
  if (facts.isDirectory()) throw new VideoError(path, "it is a folder", "Pass one video file.");
  if (facts.size === 0) throw new VideoError(path, "the file is empty (0 bytes)", "Fetch or export it again.");
  return facts.size;
}

function bytesOf(source: AllowSharedBufferSource | undefined): Uint8Array | null {
  if (!source) return null;
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}
