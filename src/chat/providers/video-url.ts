/**
 * vLLM, where the server decodes the file and samples it at the rate that the client asks for.
 *
 * `media_io_kwargs` (vllm#34778) says how its loader reads the file, `mm_processor_kwargs` how the processor samples; servers
 * that know neither ignore both without a word, so the rate must be checked by the number of tokens. Only one of fps and
 * num_frames would wipe the server's default of the other.
 */
import type { VideoPart } from "../message.ts";
import { videosAsParts } from "./chat-messages.ts";
import { type Shape, videosOf, wholeFileObjection } from "./shape.ts";

export const videoUrl: Shape = {
  name: "video-url",
  protocol: "chat-completions",
  sends: "file",
  asksRate: true,
  objection: wholeFileObjection,
  async body(messages, media) {
    const chat = await videosAsParts(messages, media, async (part) => ({
      type: "video_url",
      video_url: { url: await media.url(part) },
    }));
    const fps = videosOf(messages)
      .map(askedRate)
      .find((rate) => rate !== null);
    if (fps === undefined) return { messages: chat };
    return {
      messages: chat,
      mm_processor_kwargs: { fps, do_sample_frames: true },
      media_io_kwargs: { video: { fps, num_frames: -1 } },
    };
  },
};

/** Frames a second that give as many frames as were chosen here; null where the length is not known. */
export function askedRate({ fps, frames, span, duration }: VideoPart): number | null {
  if (fps !== undefined) return fps;
  const length = span ? span.end - span.start : (duration ?? 0);
  if (!(length > 0) || frames.length === 0) return null;
  return Number((frames.length / length).toPrecision(6));
}
