/**
 * The two libraries under this folder, loaded on first use (together about 0.25 s, which commands without video save).
 *
 * mediabunny reads and writes containers: tracks, timestamps, packets. libav (node-av) turns packets into pixels and back;
 * it is driven directly rather than through @mediabunny/server because a packet that does not decode must be skipped, not
 * end the process, and because one scaler step can rotate, square the pixels, resize and convert to RGBA.
 */
import type * as libav from "node-av/lib";

export type Libav = typeof libav;
export type Mediabunny = typeof import("mediabunny");

let libavOnce: Promise<Libav> | undefined;
let mediabunnyOnce: Promise<Mediabunny> | undefined;

/** libav with its log switched off: decoders report broken packets by return codes, which we turn into values. */
export function loadLibav(): Promise<Libav> {
  libavOnce ??= import("node-av/lib").then((av) => {
    av.Log.setLevel(-8 as Parameters<typeof av.Log.setLevel>[0]); // AV_LOG_QUIET
    return av;
  });
  return libavOnce;
}

export function loadMediabunny(): Promise<Mediabunny> {
  mediabunnyOnce ??= import("mediabunny").then((mediabunny) => {
    mediabunny.Logging.level = mediabunny.LogLevel.Silent;
    return mediabunny;
  });
  return mediabunnyOnce;
}

let liveFrames = 0;

/** Allocate a native frame; every one must be given back through `freeFrame`. */
export function allocateFrame(av: Libav): libav.Frame {
  const frame = new av.Frame();
  frame.alloc();
  liveFrames++;
  return frame;
}

/** Free a native frame and the pixels that it references. */
export function freeFrame(frame: libav.Frame): void {
  frame.free();
  liveFrames--;
}

/** How many native frames are alive now, for tests of leaks. */
export function liveFrameCount(): number {
  return liveFrames;
}
