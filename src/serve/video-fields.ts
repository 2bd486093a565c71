/**
 * What a body's top level says about its videos: vLLM's media_io_kwargs and mm_processor_kwargs (vllm#34778, vllm#40133), and
 * frame_indices for an exact choice (vllm#46153).
 */
import { z } from "zod";
import { invalid } from "./api-error.ts";
import type { FrameWish } from "./frame-wish.ts";

const rate = z.number().positive().max(1000);
const indices = z.array(z.int().nonnegative()).min(1);
/** -1, which "all" means to vLLM, and null leave a field to the others. */
const unset = z.literal(-1).or(z.null());

export const videoKwargs = {
  media_io_kwargs: z
    .looseObject({
      video: z
        .looseObject({
          fps: rate.or(unset).optional(),
          num_frames: z.int().positive().or(unset).optional(),
          frame_indices: indices.nullish(),
          frames_indices: indices.nullish(),
          frame_times: z.array(z.number()).min(1).nullish(),
          duration: z.number().positive().nullish(),
        })
        .nullish(),
    })
    .nullish(),
  mm_processor_kwargs: z
    .looseObject({
      fps: z
        .union([rate, z.array(rate).min(1)])
        .or(unset)
        .optional(),
      num_frames: z.int().positive().or(unset).optional(),
    })
    .nullish(),
};
const body = z.object(videoKwargs);

/** The fields that a body set; `byDefault` is the server's wish for files of which the request says nothing. */
export type VideoFields = Readonly<{
  fps?: number;
  frames?: number;
  indices?: readonly number[];
  cutIndices?: readonly number[];
  cutTimes?: readonly number[];
  duration?: number;
  byDefault: FrameWish;
}>;

export function videoFields(kwargs: z.output<typeof body>, byDefault: FrameWish): VideoFields {
  const io = kwargs.media_io_kwargs?.video ?? {};
  const processor = kwargs.mm_processor_kwargs ?? {};
  const processorFps = Array.isArray(processor.fps) ? processor.fps[0] : processor.fps;
  const fps = given(io.fps) ?? given(processorFps);
  const frames = given(io.num_frames) ?? given(processor.num_frames);
  return {
    ...(fps !== undefined && { fps }),
    ...(frames !== undefined && { frames }),
    ...(io.frame_indices && { indices: io.frame_indices }),
    ...(io.frames_indices && { cutIndices: io.frames_indices }),
    ...(io.frame_times && { cutTimes: io.frame_times }),
    ...(io.duration && { duration: io.duration }),
    byDefault,
  };
}

function given(value: number | null | undefined): number | undefined {
  return value === null || value === undefined || value <= 0 ? undefined : value;
}

/** Which frames of a file are wanted. */
export function wishOf({ fps, frames, indices, byDefault }: VideoFields): FrameWish {
  if (indices) return { indices };
  if (fps === undefined && frames === undefined) return byDefault;
  return { ...(fps !== undefined && { fps }), ...(frames !== undefined && { frames }) };
}

/** Frames that the client cut: when each is shown and which of its file it is, and how long that file is. */
export type CutFrames = Readonly<{ times: readonly number[]; indices: readonly number[]; duration: number | null }>;

/**
 * Times that the client gives win; else frame numbers of a rate; else one frame after the other at that rate, or at one a
 * second where there is none. Throws where there are more or fewer of them than frames.
 */
export function frameTimes(fields: VideoFields, count: number, param: string): CutFrames {
  const { cutTimes, cutIndices, fps = 1, duration = null } = fields;
  for (const [name, list] of [
    ["frame_times", cutTimes],
    ["frames_indices", cutIndices],
  ] as const) {
    if (list && list.length !== count) {
      const field = `media_io_kwargs.video.${name}`;
      throw invalid(
        field,
        `Expected ${field} to have one entry for each of the ${count} frames at ${param}, got ${list.length}.`,
      );
    }
  }
  const indices = cutIndices ?? Array.from({ length: count }, (_, i) => i);
  return { times: cutTimes ?? indices.map((index) => index / fps), indices, duration };
}
