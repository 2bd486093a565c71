/**
 * One walk of a decoder over a source: seek to a key packet, feed packets, receive native frames.
 */
import type { Frame } from "node-av/lib";
import type { Source } from "./container.ts";
import { type BrokenFrame, FrameDecoder } from "./frame-decoder.ts";
import { packetsFrom } from "./packet-index.ts";
import { messageOf } from "./video-error.ts";

type Packets = ReturnType<typeof packetsFrom>;

export class DecodePass {
  readonly #source: Source;
  readonly #decoder: FrameDecoder;
  readonly #onBroken: (broken: BrokenFrame) => void;
  #packets: Packets | null = null;
  #position = -1;

  /** `onFrame` gets each native frame with its presentation index (negative: never shown) and must not keep it. */
  constructor(
    source: Source,
    onFrame: (frame: Frame, index: number) => void,
    onBroken: (broken: BrokenFrame) => void = () => {},
  ) {
    this.#source = source;
    this.#onBroken = onBroken;
    this.#decoder = new FrameDecoder(source.av, source.setup, onFrame, onBroken);
  }

  /** The decode-order position of the next packet to be fed; -1 before the first seek. */
  get position(): number {
    return this.#position;
  }

  /** Go to a key packet (decode-order position). Frames still held back are dropped. */
  async seek(keyPacket: number): Promise<void> {
    await this.#packets?.return();
    if (this.#position >= 0) this.#decoder.reset();
    const { mediabunny, track, index } = this.#source;
    this.#packets = packetsFrom(mediabunny, track, index, keyPacket);
    this.#position = keyPacket;
  }

  /**
   * Feed one packet; false once the source has ended and every frame has come out. Frames that `needed` denies need not
   * come out: the decoder may leave them undecoded.
   */
  async step(needed: (index: number) => boolean = () => true): Promise<boolean> {
    const { frameOfPacket } = this.#source.index;
    let packet: Awaited<ReturnType<Packets["next"]>> | undefined;
    try {
      packet = await this.#packets?.next();
    } catch (error) {
      // The container promises bytes that the file does not have: what was fed so far still counts.
      if (this.#source.input.disposed) throw error;
      const index = frameOfPacket[this.#position] ?? Number.NaN;
      this.#onBroken({ index, reason: messageOf(error), patched: false });
    }
    if (!packet || packet.done) {
      await this.#decoder.flush();
      const next = frameOfPacket[this.#position];
      if (packet && next !== undefined) {
        this.#onBroken({ index: next, reason: "the file ends before its last frames", patched: false });
      }
      this.#position = frameOfPacket.length;
      return false;
    }
    const { data, isKey, position } = packet.value;
    this.#position = position + 1;
    const index = frameOfPacket[position] ?? Number.NaN;
    await this.#decoder.decode(data, index, { isKey, needed: needed(index) });
    return true;
  }

  /** Bring out the frames that the decoder holds back, as at the end of the source. */
  flush(): Promise<void> {
    return this.#decoder.flush();
  }

  async close(): Promise<void> {
    await this.#packets?.return();
    this.#decoder.close();
  }
}
