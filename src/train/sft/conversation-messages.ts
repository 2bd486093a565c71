/**
 * A row's conversation as messages to a model: pictures and videos in the places of their <image> and <video>.
 */
import type { Message, MessagePart } from "../../chat/index.ts";
import type { Conversation } from "../../data/index.ts";

export type OpenedMedia = Readonly<{ images: readonly MessagePart[]; videos: readonly MessagePart[] }>;

const roles = { system: "system", human: "user", gpt: "assistant" } as const;

/** Throws a RangeError where a turn speaks of a picture or video that the row does not have. */
export function conversationMessages({ id, turns }: Conversation, { images, videos }: OpenedMedia): Message[] {
  const left = { "<image>": [...images], "<video>": [...videos] };
  const messages = turns.map(({ from, value }): Message => {
    if (from !== "human") return { role: roles[from], content: [{ type: "text", text: value }] };
    // The line break beside a token is the template's business.
    const parts = value.split(/\n?(<image>|<video>)\n?/).flatMap((piece): MessagePart[] => {
      if (piece !== "<image>" && piece !== "<video>") return piece === "" ? [] : [{ type: "text", text: piece }];
      const shown = left[piece].shift();
      if (shown === undefined)
        throw new RangeError(
          `Expected a file for every ${piece} of row "${id}", got one too few. Add it, or drop the token.`,
        );
      return [shown];
    });
    return { role: roles[from], content: parts };
  });
  const unused = left["<image>"].length + left["<video>"].length;
  if (unused === 0) return messages;
  throw new RangeError(
    `Expected <image> or <video> for every file of row "${id}", got ${unused} files without one. Add it.`,
  );
}
