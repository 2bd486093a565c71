/**
 * From an opened video to the frames that a model sees.
 */
import type { Frame, FrameSize, Video } from "../video/index.ts";
import { type Sampler, type SamplerName, samplers } from "./samplers.ts";

/** The frames that a sampler (by name, or a function) chooses, decoded; each carries its real time and source index. */
export async function sampleFrames(
  video: Pick<Video, "timeline" | "framesAtIndices">,
  sampler: SamplerName | Sampler,
  budget: number,
  size?: FrameSize,
): Promise<Frame[]> {
  const choose = typeof sampler === "function" ? sampler : samplers[sampler];
  if (!choose) {
    const known = Object.keys(samplers).join(", ");
    throw new RangeError(`Expected a sampler (${known}), got ${JSON.stringify(sampler)}.`);
  }
  const frames: Frame[] = [];
  for await (const frame of video.framesAtIndices(choose(video.timeline(), budget), size)) frames.push(frame);
  return frames;
}
