/**
 * Frames as pictures, each behind its time as text: what nearly every server of the chat completions API takes, and the one
 * shape whose times cannot be lost on the way.
 */
import { framesOf } from "../message.ts";
import { chatMessages, timedPictures } from "./chat-messages.ts";
import type { Shape } from "./shape.ts";

export const frames: Shape = {
  name: "frames",
  protocol: "chat-completions",
  sends: "frames",
  objection: () => null,
  async body(messages, media) {
    const times = framesOf(messages).map(({ time }) => time);
    return { messages: await chatMessages(messages, (part) => timedPictures(part, media, times)) };
  },
};
