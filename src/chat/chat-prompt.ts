/**
 * From messages to token ids: the checkpoint's own chat template, then one token a row of its pictures.
 *
 * Templates come in two kinds. Newer ones take the parts of a message and write the image placeholder themselves; older
 * ones take plain text, for which every image becomes a line "<image>\n". Which kind it is, is found by trying.
 */
import type { Eyes } from "../nn/models/index.ts";
import type { TemplateMessage, Tokenizer } from "../nn/tokenizer/index.ts";
import { type Dialogue, dialogueIds } from "./dialogue.ts";
import type { FrameEncoder } from "./frame-encoder.ts";
import { framesOf, type Message } from "./message.ts";
import { readParts, type VisualPart, visualsOf } from "./visual-parts.ts";

export type ChatPrompt = Readonly<{
  /** Token ids of a conversation that ends where the model's answer begins; images take their places as image tokens. */
  ids(messages: readonly Message[]): number[];
  /** Token ids of each text as the beginning of that answer, as the template writes it (behind a space, say). */
  continuations(messages: readonly Message[], texts: readonly string[]): number[][];
  /** A conversation with its answers, to learn them: see dialogueIds. */
  dialogue(messages: readonly Message[], stopIds: readonly number[]): Dialogue;
}>;

/** `encoder` is the model's eyes, null of a model that reads text alone. Throws an Error when the tokenizer lacks its token. */
export function chatPrompt(tokenizer: Tokenizer, encoder: FrameEncoder | null): ChatPrompt {
  const eyes = encoder?.eyes;
  const placeholder = eyes === undefined || eyes.tokenId < 0 ? eyes?.placeholder : tokenizer.tokenOf(eyes.tokenId);
  if (eyes !== undefined && placeholder === undefined) {
    throw new Error(
      `Expected a tokenizer with the ${eyes.placeholder} token ${eyes.tokenId} of config.json, got none of that id. Copy the tokenizer's files of this model.`,
    );
  }
  const shown = eyes?.placeholderFor ?? "frame";
  const style: Style = {
    shown,
    placeholder: placeholder ?? "<image>",
    type: shown === "frame" ? "image" : "video",
    introduce: eyes?.introduce,
  };
  const takesParts = templateTakesParts(tokenizer, style);
  const render = (messages: readonly Message[], addGenerationPrompt: boolean) => {
    const turns = messages.map((message) => (takesParts ? asParts(message, style) : asText(message, style)));
    return tokenizer.applyChatTemplate(turns, { addGenerationPrompt });
  };
  const encode = (text: string, messages: readonly Message[]) => {
    const visuals = encoder === null ? [] : visualsOf(messages, shown);
    const [tokenId, pieces] = encodePieces(tokenizer, text, {
      tokenId: eyes?.tokenId ?? null,
      placeholder: style.placeholder,
    });
    if (pieces.length - 1 !== visuals.length) {
      const frames = framesOf(messages).length;
      throw new RangeError(
        `Expected ${visuals.length} ${style.type} placeholders for ${frames} frames in the prompt, got ${pieces.length - 1}. Is "${style.placeholder}" part of the question?`,
      );
    }
    return pieces.flatMap((piece, i) => {
      const rows = i < visuals.length ? (encoder?.rows(visuals[i] ?? []) ?? 0) : 0;
      return [...piece, ...new Array<number>(rows).fill(tokenId)];
    });
  };
  return {
    ids: (messages) => encode(render(messages, true), messages),
    dialogue: (messages, stopIds) => dialogueIds(messages, { render, encode, stopIds }),
    continuations(messages, texts) {
      const open = render(messages, true);
      const openIds = tokenizer.encode(open);
      return texts.map((text) => {
        if (text === "") throw new RangeError("Expected answers of at least one character to score, got an empty one.");
        const answer: Message = { role: "assistant", content: [{ type: "text", text }] };
        const whole = render([...messages, answer], false);
        const written = whole.startsWith(open) ? whole.slice(open.length) : text;
        const end = written.indexOf(text);
        const beginning = end < 0 ? text : written.slice(0, end + text.length);
        const ids = tokenizer.encode(open + beginning);
        // A tokenizer that joins the answer's first letters with the prompt's last ones leaves no clean cut.
        return openIds.every((id, i) => ids[i] === id) ? ids.slice(openIds.length) : tokenizer.encode(beginning);
      });
    },
  };
}

type Style = Readonly<{
  shown: "frame" | "video";
  placeholder: string;
  type: "image" | "video";
  introduce: Eyes["introduce"];
}>;

/** The ids between the placeholders. Where no token stands for them, the text is cut before it is encoded. */
function encodePieces(
  tokenizer: Tokenizer,
  text: string,
  { tokenId, placeholder }: Readonly<{ tokenId: number | null; placeholder: string }>,
): [tokenId: number, pieces: number[][]] {
  if (tokenId === null) return [-1, [tokenizer.encode(text)]];
  if (tokenId < 0) return [tokenId, text.split(placeholder).map((piece) => tokenizer.encode(piece))];
  const pieces: number[][] = [[]];
  for (const id of tokenizer.encode(text)) {
    if (id === tokenId) pieces.push([]);
    else pieces.at(-1)?.push(id);
  }
  return [tokenId, pieces];
}

function templateTakesParts(tokenizer: Tokenizer, { placeholder, type }: Style): boolean {
  const content = [{ type }, { type: "text", text: "question" }];
  try {
    const text = tokenizer.applyChatTemplate([{ role: "user", content }], { addGenerationPrompt: true });
    return text.split(placeholder).length === 2 && text.includes("question");
  } catch {
    // A template that adds strings cannot render parts; whether it renders text shows at the first prompt.
    return false;
  }
}

function asParts({ role, content }: Message, { shown, type }: Style): TemplateMessage {
  return {
    role,
    content: readParts(content, shown).map((part) =>
      part.type === "visual" ? { type } : { type: "text", text: part.text },
    ),
  };
}

/** A video's times in words, where the model was trained to be told. */
function introduction({ frames, duration }: VisualPart, introduce: Style["introduce"]): string {
  if (introduce === undefined || frames.length === 0) return "";
  const seconds = frames.map(({ time }) => time);
  return `${introduce(seconds, duration ?? Math.max(...seconds))}\n`;
}

function asText({ role, content }: Message, { shown, placeholder, introduce }: Style): TemplateMessage {
  const texts = readParts(content, shown).map((part) =>
    part.type === "visual" ? `${placeholder}\n${introduction(part, introduce)}` : part.text,
  );
  return { role, content: texts.join("") };
}
