/**
 * Images in, H.264 packets out: libx264, driven directly.
 *
 * One thread and a fast preset for small pictures: starting threads costs more than encoding a 16-frame clip.
 */
import type { CodecContext, Frame, Packet, SoftwareScaleContext } from "node-av/lib";
import type { RgbaImage } from "../image/index.ts";
import { allocateFrame, freeFrame, type Libav } from "./libraries.ts";

/** A packet in Annex B form (parameter sets before every key frame) with the index of its frame. */
export type H264Packet = Readonly<{ data: Uint8Array; index: number; isKey: boolean }>;

export type H264Settings = Readonly<{
  width: number;
  height: number;
  fps: number;
  /** x264's constant rate factor: 0 (lossless) to 51; 18 is visually transparent. */
  crf: number;
  /** Frames between key frames at most. */
  keyInterval: number;
}>;

const rgba = 26; // AV_PIX_FMT_RGBA
const yuv420p = 0; // AV_PIX_FMT_YUV420P
const smpte170m = 6; // AVCOL_SPC_SMPTE170M and its primaries and transfer: BT.601, which libswscale writes by default
const limitedRange = 1; // AVCOL_RANGE_MPEG
const bilinear = 2; // SWS_BILINEAR
const accurate = 0x40000; // SWS_ACCURATE_RND
const smallFrame = 320 * 240;

export class H264Encoder {
  readonly #av: Libav;
  readonly #context: CodecContext;
  readonly #scaler: SoftwareScaleContext;
  readonly #packet: Packet;
  readonly #input: Frame;
  readonly #planes: Frame;
  readonly #settings: H264Settings;
  #count = 0;

  constructor(av: Libav, settings: H264Settings) {
    const { width, height, fps, crf, keyInterval } = settings;
    this.#av = av;
    this.#settings = settings;
    const codec = av.Codec.findEncoderByName("libx264" as Parameters<typeof av.Codec.findEncoderByName>[0]);
    if (!codec) throw new Error("this build of libav has no H.264 encoder (libx264)");
    const small = width * height <= smallFrame;
    const context = new av.CodecContext();
    context.allocContext3(codec);
    Object.assign(context, {
      width,
      height,
      pixelFormat: yuv420p,
      timeBase: new av.Rational(1000, Math.round(fps * 1000)),
      framerate: new av.Rational(Math.round(fps * 1000), 1000),
      gopSize: keyInterval,
      maxBFrames: 0,
      threadCount: small ? 1 : 0,
      colorSpace: smpte170m,
      colorPrimaries: smpte170m,
      colorTrc: smpte170m,
      colorRange: limitedRange,
    });
    context.setOption("preset", "veryfast");
    context.setOption("tune", "zerolatency");
    context.setOption("crf", String(crf));
    const opened = context.open2Sync(codec);
    if (opened < 0) {
      context.freeContext();
      throw new Error(`libx264 refuses ${width}x${height} pixels at ${fps} fps: ${av.FFmpegError.strerror(opened)}`);
    }
    this.#context = context;
    this.#packet = new av.Packet();
    this.#packet.alloc();
    this.#input = videoFrame(av, width, height, rgba as Frame["format"]);
    this.#planes = videoFrame(av, width, height, yuv420p as Frame["format"]);
    const flags = (bilinear | accurate) as Parameters<SoftwareScaleContext["getContext"]>[6];
    this.#scaler = new av.SoftwareScaleContext();
    this.#scaler.getContext(
      width,
      height,
      this.#input.format as never,
      width,
      height,
      this.#planes.format as never,
      flags,
    );
  }

  /** Encode the next image; throws RangeError when its size is not the encoder's. */
  encode(image: RgbaImage): H264Packet[] {
    const { width, height } = this.#settings;
    if (image.width !== width || image.height !== height) {
      const got = `${image.width}x${image.height}`;
      throw new RangeError(`Expected every frame at ${width}x${height} pixels, got ${got} at frame ${this.#count}.`);
    }
    check(this.#av, this.#input.fromBuffer(Buffer.from(image.data.buffer, image.data.byteOffset, image.data.length)));
    check(this.#av, this.#planes.makeWritable());
    check(this.#av, this.#scaler.scaleFrameSync(this.#planes, this.#input));
    this.#planes.pts = BigInt(this.#count++);
    check(this.#av, this.#context.sendFrameSync(this.#planes));
    return this.#drain();
  }

  /** The packets still held back; the encoder is finished after this. */
  finish(): H264Packet[] {
    check(this.#av, this.#context.sendFrameSync(null));
    return this.#drain();
  }

  close(): void {
    this.#context.freeContext();
    this.#scaler.freeContext();
    this.#packet.free();
    freeFrame(this.#input);
    freeFrame(this.#planes);
  }

  #drain(): H264Packet[] {
    const packets: H264Packet[] = [];
    while (this.#context.receivePacketSync(this.#packet) >= 0) {
      const { data, pts, isKeyframe } = this.#packet;
      if (data) packets.push({ data: new Uint8Array(data), index: Number(pts), isKey: isKeyframe });
      this.#packet.unref();
    }
    return packets;
  }
}

function videoFrame(av: Libav, width: number, height: number, format: Frame["format"]): Frame {
  const frame = allocateFrame(av);
  frame.width = width;
  frame.height = height;
  frame.format = format;
  check(av, frame.getBuffer());
  return frame;
}

function check(av: Libav, code: number): void {
  if (code < 0) throw new Error(`cannot encode a frame: ${av.FFmpegError.strerror(code)}`);
}
