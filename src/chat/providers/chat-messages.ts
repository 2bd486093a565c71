/**
 * Messages as the chat completions API has them: plain text where that is all, else a list of parts.
 */
import { type Message, type MessagePart, timedFrames, type VideoPart } from "../message.ts";
import { type Media, timeDecimals, timeText } from "./shape.ts";

export type ContentPart = Readonly<{ type: string } & Record<string, unknown>>;
export type ChatMessage = Readonly<{ role: Message["role"]; content: string | readonly ContentPart[] }>;

/** The messages with each part written by `write`; neighbouring texts stay apart. */
export async function chatMessages(
  messages: readonly Message[],
  write: (part: Exclude<MessagePart, { type: "text" }>) => Promise<readonly ContentPart[]>,
): Promise<ChatMessage[]> {
  return Promise.all(
    messages.map(async ({ role, content }): Promise<ChatMessage> => {
      if (content.every(({ type }) => type === "text"))
        return { role, content: content.map((part) => (part.type === "text" ? part.text : "")).join("") };
      const parts = content.map((part) => (part.type === "text" ? [textPart(part.text)] : write(part)));
      return { role, content: (await Promise.all(parts)).flat() };
    }),
  );
}

/** Every video as the server's own kind of part, every picture behind its time. */
export function videosAsParts(
  messages: readonly Message[],
  media: Media,
  write: (video: VideoPart) => Promise<ContentPart>,
): Promise<ChatMessage[]> {
  return chatMessages(messages, async (part) =>
    part.type === "image" ? timedPictures(part, media, [part.frame.time]) : [await write(part)],
  );
}

/** A picture without its time. */
export async function imagePart(frame: Parameters<Media["picture"]>[0], media: Media): Promise<ContentPart> {
  const { base64, type } = await media.picture(frame);
  return { type: "image_url", image_url: { url: `data:${type};base64,${base64}` } };
}

export function textPart(text: string): ContentPart {
  return { type: "text", text };
}

/** Every picture and every frame of a video behind its time. `times` are those of the whole conversation. */
export async function timedPictures(
  part: Exclude<MessagePart, { type: "text" }>,
  media: Media,
  times: readonly number[],
): Promise<ContentPart[]> {
  const decimals = timeDecimals(times);
  const parts = timedFrames(part).map(async ({ image, time }) => [
    textPart(timeText(time, decimals)),
    await imagePart(image, media),
  ]);
  return (await Promise.all(parts)).flat();
}
