/**
 * Sound from one file into another, packet by packet, without decoding: for videos whose pictures are written anew.
 */
import type { EncodedPacket, Input, Output } from "mediabunny";
import { loadMediabunny, type Mediabunny } from "./libraries.ts";
import { messageOf, VideoError } from "./video-error.ts";

/** The sound that goes along with the pictures. */
export type AudioCopy = Readonly<{
  /** Copy the packets that begin before this second. Called along with the pictures, so that both lie interleaved. */
  upTo(seconds: number): Promise<void>;
  close(): void;
}>;

/** The codec of a file's first sound track by WebCodecs' short name ("aac", "opus"), or null where it has none. */
export async function audioCodecOf(path: string): Promise<string | null> {
  const input = openInput(await loadMediabunny(), path);
  try {
    const track = await input.getPrimaryAudioTrack();
    return track && ((await track.getCodec()) ?? String((await track.getInternalCodecId()) ?? "unknown"));
  } catch (error) {
    throw new VideoError(path, messageOf(error), "Fetch or export the file again.", error);
  } finally {
    input.dispose();
  }
}

/**
 * Announce the sound of a file to an output that has not yet started; null where the file has none. Throws VideoError where
 * the output's container has no place for its codec.
 */
export async function openAudioCopy(path: string, output: Output): Promise<AudioCopy | null> {
  const mediabunny = await loadMediabunny();
  const input = openInput(mediabunny, path);
  try {
    const track = await input.getPrimaryAudioTrack();
    const codec = track && (await track.getCodec());
    const decoderConfig = track && (await track.getDecoderConfig());
    if (track === null) {
      input.dispose();
      return null;
    }
    const possible = output.format.getSupportedAudioCodecs();
    if (!codec || !decoderConfig || !possible.includes(codec)) {
      const name = JSON.stringify(codec ?? String((await track.getInternalCodecId()) ?? "unknown"));
      const remedy = `Leave the sound out, or convert it first to one of ${possible.slice(0, 4).join(", ")}.`;
      throw new VideoError(path, `its sound (${name}) has no place in an MP4`, remedy);
    }
    const source = new mediabunny.EncodedAudioPacketSource(codec);
    output.addAudioTrack(source);
    const packets = new mediabunny.EncodedPacketSink(track).packets();
    const add = (packet: EncodedPacket, isFirst: boolean) => source.add(packet, isFirst ? { decoderConfig } : {});
    return { upTo: copier(packets, add), close: () => input.dispose() };
  } catch (error) {
    input.dispose();
    throw error;
  }
}

function copier(
  packets: AsyncGenerator<EncodedPacket, void, unknown>,
  add: (packet: EncodedPacket, isFirst: boolean) => Promise<void>,
): AudioCopy["upTo"] {
  let waiting: EncodedPacket | undefined;
  let count = 0;
  let isOver = false;
  return async (seconds) => {
    while (!isOver) {
      waiting ??= (await packets.next()).value ?? undefined;
      if (waiting === undefined) isOver = true;
      else if (waiting.timestamp >= seconds) return;
      else {
        // What lies before 0 primes the decoder and is never heard.
        if (waiting.timestamp >= 0) await add(waiting, count++ === 0);
        waiting = undefined;
      }
    }
  };
}

function openInput(mediabunny: Mediabunny, path: string): Input {
  return new mediabunny.Input({
    source: new mediabunny.FilePathSource(path, { handleUnhandledError: () => {} }),
    formats: mediabunny.ALL_FORMATS.filter((format) => format !== mediabunny.HLS),
  });
}
