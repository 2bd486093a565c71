/**
 * llama-server of llama.cpp 0.3.0 and later: raw base64 without a data: prefix (llama.cpp#24269, llama-swap#1047). It needs
 * ffmpeg beside it, chooses frames itself and rejects video_url.
 */
import type { VideoPart } from "../message.ts";
import { videosAsParts } from "./chat-messages.ts";
import { type Shape, wholeFileObjection } from "./shape.ts";

export const llamaServer: Shape = {
  name: "llama-server",
  protocol: "chat-completions",
  sends: "file",
  asksRate: false,
  objection: wholeFileObjection,
  async body(messages, media) {
    const content = async (part: VideoPart) => {
      const { base64 } = await media.file(part);
      return { type: "input_video", input_video: { data: base64 } };
    };
    return { messages: await videosAsParts(messages, media, content) };
  },
};
