/**
 * SGLang: the file alone. How it is sampled is a flag of the server
 * (--mm-process-config '{"video":{"fps":2,"max_frames":128}}'); a rate in the request changes nothing.
 */
import type { VideoPart } from "../message.ts";
import { videosAsParts } from "./chat-messages.ts";
import { type Shape, wholeFileObjection } from "./shape.ts";

export const sglang: Shape = {
  name: "sglang",
  protocol: "chat-completions",
  sends: "file",
  asksRate: false,
  objection: wholeFileObjection,
  async body(messages, media) {
    const urls = async (part: VideoPart) => ({ type: "video_url", video_url: { url: await media.url(part) } });
    return { messages: await videosAsParts(messages, media, urls) };
  },
};
