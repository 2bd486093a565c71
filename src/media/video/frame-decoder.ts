/**
 * Packets in, native frames out: one libav decoder that survives broken packets.
 *
 * Frames are named by the presentation index that rides through the decoder as the packet's pts, so no float timestamp is
 * ever matched. The frame handed to `onFrame` is reused: it must be read before the callback returns.
 */
import type { CodecContext, Frame, Packet } from "node-av/lib";
import { allocateFrame, freeFrame, type Libav } from "./libraries.ts";

/** WebCodecs' names (mediabunny's) to libav's decoder names. */
export const decoderNames: Readonly<Record<string, readonly string[]>> = {
  avc: ["h264"],
  hevc: ["hevc"],
  vp8: ["vp8"],
  vp9: ["vp9"],
  av1: ["libdav1d", "av1"],
  prores: ["prores"],
};

export type DecoderSetup = Readonly<{
  codec: string;
  codedWidth: number;
  codedHeight: number;
  /** avcC, hvcC, ...; absent for Annex B and for codecs without one. */
  description: Uint8Array | null;
  /** Streams of larger pictures than this are refused before memory is taken for them: the stream has the last word on sizes. */
  maxPixels: number;
}>;

/**
 * What libav complained about. `patched`: the frame of this index came out with holes filled in. Otherwise a packet was
 * refused, and the index may be a few frames late, because decoder threads report late.
 */
export type BrokenFrame = Readonly<{ index: number; reason: string; patched: boolean }>;

const again = -11; // AVERROR(EAGAIN)
const endOfStream = -541478725; // AVERROR_EOF
const noTimestamp = -(2n ** 63n); // AV_NOPTS_VALUE
const corruptFlag = 1; // AV_FRAME_FLAG_CORRUPT
/** Frames below this many pixels decode faster on the calling thread than a hop to another one takes. */
const smallFrame = 320 * 240;

export class FrameDecoder {
  readonly #av: Libav;
  readonly #context: CodecContext;
  readonly #packet: Packet;
  readonly #frame: Frame;
  readonly #small: boolean;
  #skipping = false;
  readonly #onFrame: (frame: Frame, index: number) => void;
  readonly #onBroken: (broken: BrokenFrame) => void;

  /** Throws when libav has no such decoder or refuses the stream's parameters. */
  constructor(
    av: Libav,
    setup: DecoderSetup,
    onFrame: (frame: Frame, index: number) => void,
    onBroken: (broken: BrokenFrame) => void = () => {},
  ) {
    const codec = (decoderNames[setup.codec] ?? [])
      .map((name) => av.Codec.findDecoderByName(name as Parameters<typeof av.Codec.findDecoderByName>[0]))
      .find((found) => found !== null);
    if (!codec) throw new Error(`no decoder for the codec ${JSON.stringify(setup.codec)}`);
    this.#av = av;
    this.#onFrame = onFrame;
    this.#onBroken = onBroken;
    this.#small = setup.codedWidth * setup.codedHeight <= smallFrame;
    this.#context = new av.CodecContext();
    this.#context.allocContext3(codec);
    this.#context.width = setup.codedWidth;
    this.#context.height = setup.codedHeight;
    if (setup.description) this.#context.extraData = Buffer.from(setup.description);
    this.#context.threadCount = this.#small ? 1 : 0;
    // Strict: honour inferred H.264 reordering where the stream does not signal it (mediabunny issue 488). Set as an option:
    // a Dictionary handed to open2 is freed twice (node-av 6.1.1).
    this.#context.setOption("strict", "1");
    if (setup.maxPixels < Infinity) this.#context.setOption("max_pixels", String(setup.maxPixels));
    const opened = this.#context.open2Sync(codec);
    if (opened < 0) {
      this.#context.freeContext();
      throw new Error(describe(av, opened));
    }
    this.#packet = new av.Packet();
    this.#packet.alloc();
    this.#frame = allocateFrame(av);
  }

  /**
   * Feed one packet and hand out every frame that is ready. A broken packet is reported, not thrown. An unneeded packet is
   * skipped by the decoder when no other picture refers to it.
   */
  async decode(data: Uint8Array, index: number, options: Readonly<{ isKey: boolean; needed: boolean }>): Promise<void> {
    if (options.needed === this.#skipping) {
      this.#context.setOption("skip_frame", options.needed ? "default" : "noref");
      this.#skipping = !options.needed;
    }
    const packet = this.#packet;
    packet.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    packet.isKeyframe = options.isKey;
    packet.pts = BigInt(index);
    packet.dts = noTimestamp;
    packet.duration = 1n;
    const sent = this.#small ? this.#context.sendPacketSync(packet) : await this.#context.sendPacket(packet);
    packet.unref();
    if (sent < 0) this.#onBroken({ index, reason: describe(this.#av, sent), patched: false });
    await this.#drain();
  }

  /** Hand out the frames still held back and make ready for another key packet. */
  async flush(): Promise<void> {
    await this.#context.sendPacket(null);
    await this.#drain();
    this.reset();
  }

  /** Drop the frames still held back: decoding goes on elsewhere. */
  reset(): void {
    this.#context.flushBuffers();
  }

  close(): void {
    this.#context.freeContext();
    this.#packet.free();
    freeFrame(this.#frame);
  }

  async #drain(): Promise<void> {
    for (;;) {
      const frame = this.#frame;
      const got = this.#small ? this.#context.receiveFrameSync(frame) : await this.#context.receiveFrame(frame);
      if (got === again || got === endOfStream) return;
      if (got < 0) {
        this.#onBroken({ index: Number.NaN, reason: describe(this.#av, got), patched: false });
        return;
      }
      const index = Number(frame.pts);
      if (frame.decodeErrorFlags !== 0 || (frame.flags & corruptFlag) !== 0) {
        this.#onBroken({ index, reason: "the picture was patched over damaged data", patched: true });
      }
      this.#onFrame(frame, index);
      frame.unref();
    }
  }
}

function describe(av: Libav, code: number): string {
  return av.FFmpegError.strerror(code);
}
