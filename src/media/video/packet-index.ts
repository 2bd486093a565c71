/**
 * What the container says about every packet, with nothing decoded: presentation order, timestamps, key frames.
 *
 * Packets are stored in decode order, frames are numbered in presentation order. Packets whose time on screen ends at or
 * before 0 (cut off by an edit list) are needed to decode others but are never shown: they have no frame index.
 */
import type { EncodedPacketSink, InputVideoTrack } from "mediabunny";
import { type Timeline, timeline } from "../../core/time/index.ts";
import type { Mediabunny } from "./libraries.ts";

export type PacketIndex = Readonly<{
  timeline: Timeline;
  /** Frame index of packet p (decode order); negative for packets that are never shown. */
  frameOfPacket: Int32Array;
  /** Packet position of each frame index. */
  packetOfFrame: Int32Array;
  /** Decode-order positions of key packets, ascending. */
  keyPackets: Int32Array;
  /** Timestamps in decode order, seconds. */
  packetTimes: Float64Array;
  /** Packets cut off before the start by an edit list. */
  hiddenPackets: number;
}>;

/** Scan a track's packet metadata. Resolves to null when the track has no frame to show. */
export async function readPacketIndex(
  sink: EncodedPacketSink,
  maxPackets: number,
): Promise<PacketIndex | "too many" | null> {
  const times: number[] = [];
  const ends: number[] = [];
  const keys: number[] = [];
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    if (times.length >= maxPackets) return "too many";
    if (packet.type === "key") keys.push(times.length);
    times.push(packet.timestamp);
    ends.push(packet.timestamp + packet.duration);
  }
  // Ties keep decode order, so that every packet has an index of its own.
  const order = times.map((_, p) => p).sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
  const shown = order.filter((p) => (times[p] as number) >= 0 || (ends[p] as number) > 1e-6);
  if (shown.length === 0) return null;
  const hidden = order.length - shown.length;
  const frameOfPacket = new Int32Array(order.length);
  order.forEach((p, rank) => {
    frameOfPacket[p] = rank - hidden;
  });
  const timestamps = Float64Array.from(shown, (p) => times[p] as number);
  const end = shown.reduce((latest, p) => Math.max(latest, ends[p] as number), -Infinity);
  return {
    timeline: timeline(timestamps, end),
    frameOfPacket,
    packetOfFrame: Int32Array.from(shown),
    keyPackets: Int32Array.from(keys),
    packetTimes: Float64Array.from(times),
    hiddenPackets: hidden,
  };
}

/** The key packet (decode-order position) from which decoding must begin to reach a frame; 0 when none is marked. */
export function keyPacketFor(index: PacketIndex, frame: number): number {
  const packet = index.packetOfFrame[frame] as number;
  const time = index.timeline.timestamps[frame] as number;
  let found = 0;
  for (let low = 0, high = index.keyPackets.length - 1; low <= high; ) {
    const middle = (low + high) >>> 1;
    const key = index.keyPackets[middle] as number;
    // A leading picture of an open GOP lies behind its key packet but is shown before it and leans on the GOP before.
    if (key <= packet && (index.packetTimes[key] as number) <= time) {
      found = key;
      low = middle + 1;
    } else high = middle - 1;
  }
  return found;
}

/** Packets with data from a key packet on, in decode order. */
export async function* packetsFrom(
  { EncodedPacketSink }: Mediabunny,
  track: InputVideoTrack,
  index: PacketIndex,
  key: number,
): AsyncGenerator<{ data: Uint8Array; position: number; isKey: boolean }, void, undefined> {
  const sink = new EncodedPacketSink(track);
  const start = key === 0 ? await sink.getFirstPacket() : await sink.getKeyPacket(index.packetTimes[key] as number);
  if (!start) return;
  let position = key;
  for await (const packet of sink.packets(start)) {
    yield { data: packet.data, position: position++, isKey: packet.type === "key" };
  }
}
