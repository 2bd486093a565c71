/**
 * Gemini's own API: the file as inlineData or fileData, with the rate and the part of it that the server is to look at
 * (ai.google.dev/gemini-api/docs/video-understanding). Rates lie in (0, 24]; without one it is 1.
 */
import type { MessagePart, VideoPart } from "../message.ts";
import { fileObjection, type Media, type Shape, timeDecimals, timeText, toldTimes } from "./shape.ts";
import { askedRate } from "./video-url.ts";

type GeminiPart = Readonly<Record<string, unknown>>;

export const gemini: Shape = {
  name: "gemini",
  protocol: "gemini",
  sends: "file",
  asksRate: true,
  // Frames on their own are sent as pictures behind their times.
  objection: (messages) => fileObjection(messages.map(({ role, content }) => ({ role, content: videosOnly(content) }))),
  async body(messages, media) {
    const decimals = timeDecimals(toldTimes(messages));
    const write = async (content: readonly MessagePart[]) =>
      (await Promise.all(content.map((part) => partsOf(part, media, decimals)))).flat();
    const system = messages.filter(({ role }) => role === "system").flatMap(({ content }) => content);
    const turns = messages.filter(({ role }) => role !== "system");
    const contents = turns.map(async ({ role, content }) => ({
      role: role === "assistant" ? "model" : "user",
      parts: await write(content),
    }));
    return {
      ...(system.length > 0 && { systemInstruction: { parts: await write(system) } }),
      contents: await Promise.all(contents),
    };
  },
};

async function partsOf(part: MessagePart, media: Media, decimals: number): Promise<GeminiPart[]> {
  if (part.type === "text") return [{ text: part.text }];
  if (part.type === "image") {
    const { base64, type } = await media.picture(part.frame.image);
    return [{ text: timeText(part.frame.time, decimals) }, { inlineData: { mimeType: type, data: base64 } }];
  }
  const videoMetadata = metadataOf(part);
  if (part.path !== undefined && /^(?:https?|gs):\/\//.test(part.path))
    return [{ fileData: { fileUri: part.path }, videoMetadata }];
  const { base64, type } = await media.file(part);
  return [{ inlineData: { mimeType: type, data: base64 }, videoMetadata }];
}

function metadataOf(part: VideoPart) {
  const rate = askedRate(part);
  const offset = (seconds: number) => `${Number(seconds.toFixed(3))}s`;
  return {
    ...(rate !== null && { fps: Math.min(rate, 24) }),
    ...(part.span && { startOffset: offset(Math.max(0, part.span.start)), endOffset: offset(part.span.end) }),
  };
}

function videosOnly(content: readonly MessagePart[]): MessagePart[] {
  return content.filter(({ type }) => type === "video");
}
