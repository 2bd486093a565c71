/**
 * A short film whose every second is known: three coloured things that appear and go, at a constant and at a variable rate, with
 * and without a clock burnt in.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VideoPart } from "../chat/index.ts";
import type { RgbaImage } from "../media/image/index.ts";
import { clockLabels, visualPrompt } from "../media/overlay/index.ts";
import { atRate, sampleFrames } from "../media/sampling/index.ts";
import { openVideo, writeMp4 } from "../media/video/index.ts";
import { durationOf, momentsOf, renderFrame, type Scene, type Script, sceneAt } from "../world/index.ts";

/** Pixels; even, and large enough for a clock that can be read. */
export const clipSize = { width: 320, height: 240 } as const;

const items = [
  { colour: "red", shape: "circle" },
  { colour: "blue", shape: "square" },
  { colour: "green", shape: "triangle" },
] as const;

/** Whole seconds at which each thing comes and goes; not evenly spaced, so that a stretched clock shows. */
const onScreen = [
  [4, 7],
  [9, 12],
  [16, 19],
] as const;
const seconds = 20;

/** "red circle" and the second at which it appears. */
export type ClipEvent = Readonly<{ name: string; start: number }>;

export const clipScript: Script = { kind: "static", seed: 20, fps: 10, scenes: scenes() };
export const clipDuration = durationOf(clipScript);
export const clipEvents: readonly ClipEvent[] = momentsOf(clipScript).map(({ label, start }) => ({
  name: label,
  start,
}));

export type ClipKind = "constant" | "variable" | "clock";

/** The films in a folder of their own; close it to remove them. */
export type ClockClips = AsyncDisposable &
  Readonly<{
    /** The film with the frames that so many a second give. */
    video(kind: ClipKind, fps: number): Promise<VideoPart>;
  }>;

export async function makeClockClips(): Promise<ClockClips> {
  const folder = await mkdtemp(join(tmpdir(), "zoetrope-doctor-"));
  const pathOf = (kind: ClipKind) => join(folder, `${kind}.mp4`);
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const even = Array.from({ length: seconds * clipScript.fps }, (_, i) => i / clipScript.fps);
    await writeMp4(pathOf("constant"), render(even, false), { fps: clipScript.fps });
    await writeMp4(pathOf("clock"), render(even, true), { fps: clipScript.fps });
    const uneven = unevenTimes();
    await writeMp4(pathOf("variable"), render(uneven, false), { fps: 25, timestamps: uneven, end: seconds });
  } catch (error) {
    await close();
    throw error;
  }
  const watch = async (kind: ClipKind, fps: number): Promise<VideoPart> => {
    await using video = await openVideo(pathOf(kind));
    const frames = await sampleFrames(video, atRate(fps), Math.ceil(seconds * fps));
    const { path, duration, frameCount } = video;
    return { type: "video", path, frames, fps, duration, frameCount };
  };
  const watched = new Map<string, Promise<VideoPart>>();
  return {
    video(kind, fps) {
      const key = `${kind} ${fps}`;
      const part = watched.get(key) ?? watch(kind, fps);
      watched.set(key, part);
      return part;
    },
    [Symbol.asyncDispose]: close,
  };
}

/** 25 frames a second for 4 s, 2.5 for 12 s, 10 for 4 s: counting frames by their average rate is off by seconds. */
export function unevenTimes(): number[] {
  const stretch = (from: number, to: number, fps: number) =>
    Array.from({ length: Math.round((to - from) * fps) }, (_, i) => from + i / fps);
  return [...stretch(0, 4, 25), ...stretch(4, 16, 2.5), ...stretch(16, seconds, 10)];
}

/** Nothing moves within a scene, so that one picture a scene is enough. */
function* render(times: readonly number[], hasClock: boolean) {
  const clock = visualPrompt(clockLabels(), { color: "white", position: "top-left" });
  const pictures = new Map<number, RgbaImage>();
  for (const [i, time] of times.entries()) {
    const { index } = sceneAt(clipScript, time);
    const image = pictures.get(index) ?? renderFrame(clipScript, time, clipSize);
    pictures.set(index, image);
    yield hasClock ? clock({ image, time, index: i }).image : image;
  }
}

function scenes(): Scene[] {
  const empty = { items: [], background: "gray", brightness: "normal", ramp: "none" } as const;
  const list: Scene[] = [];
  let now = 0;
  for (const [i, [start, end]] of onScreen.entries()) {
    const item = items[i] as (typeof items)[number];
    const placed = {
      ...item,
      texture: "plain",
      size: "large",
      position: "in the middle",
      motion: "still",
      growth: "none",
    } as const;
    list.push({ ...empty, seconds: start - now }, { ...empty, items: [placed], seconds: end - start });
    now = end;
  }
  return [...list, { ...empty, seconds: seconds - now }];
}
