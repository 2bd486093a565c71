/**
 * Frames as pictures, each behind its time as text: what nearly every server of the chat completions API takes, and the one
 * shape whose times cannot be lost on the way.
 */
import { chatMessages, timedPictures } from "./chat-messages.ts";
import { type Shape, toldTimes } from "./shape.ts";

export const frames: Shape = {
  name: "frames",
  protocol: "chat-completions",
  sends: "frames",
  asksRate: false,
  objection: () => null,
  async body(messages, media) {
    const times = toldTimes(messages);
    return { messages: await chatMessages(messages, (part) => timedPictures(part, media, times)) };
  },
};
