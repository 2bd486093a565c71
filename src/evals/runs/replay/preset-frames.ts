/**
 * Which frames of a row's video a preset would have shown. The timeline comes from the video's own file where it is still there and
 * still the same, else from the number of frames and the length that the log holds, evenly spaced.
 */
import { existsSync } from "node:fs";
import { fileIdentity } from "../../../core/files/index.ts";
import { evenTimeline, type Timeline, timeAt } from "../../../core/time/index.ts";
import { openVideo, VideoError } from "../../../media/video/index.ts";
import { within } from "../../look.ts";
import type { RunRow, ShownFrame } from "../format/index.ts";
import type { ReplayPreset } from "./presets.ts";

/** Timelines by file; a null is not known. `isExact`: read from the file, not laid out evenly. */
export type KnownTimeline = Readonly<{ timeline: Timeline; isExact: boolean }>;

/** Reads each video once. */
export class Timelines {
  readonly #known = new Map<string, KnownTimeline | null>();

  async of({ temporal }: RunRow): Promise<KnownTimeline | null> {
    const { media } = temporal;
    if (media === null) return null;
    const key = `${media.file}\n${media.hash}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const read = (await fromFile(media.file, media.hash)) ?? evenly(media.frames, media.duration);
    this.#known.set(key, read);
    return read;
  }
}

/** The frames that a preset shows where the run showed `shown` of them. */
export function presetFrames(preset: ReplayPreset, { timeline }: KnownTimeline, { temporal }: RunRow): ShownFrame[] {
  const { clip, frames } = temporal;
  const budget = preset.frames ?? frames?.length ?? 0;
  if (budget === 0) return [];
  const sampler = clip === null ? preset.sampler : within(preset.sampler, { start: clip[0], end: clip[1] });
  return sampler(timeline, budget).map((index, i) => ({ i, pts: timeAt(timeline, index), src_index: index }));
}

async function fromFile(file: string, hash: string): Promise<KnownTimeline | null> {
  if (!existsSync(file) || fileIdentity(file).hash !== hash) return null;
  try {
    await using video = await openVideo(file);
    return { timeline: video.timeline(), isExact: true };
  } catch (error) {
    if (error instanceof VideoError) return null;
    throw error;
  }
}

function evenly(frames: number, duration: number): KnownTimeline | null {
  return frames > 0 && duration > 0 ? { timeline: evenTimeline(frames, frames / duration), isExact: false } : null;
}
