/**
 * From messages to token ids: the checkpoint's own chat template, then one image token a visual token.
 *
 * Templates come in two kinds. Newer ones take the parts of a message and write the image placeholder themselves; older
 * ones take plain text, for which every image becomes a line "<image>\n". Which kind it is, is found by trying.
 */
import { type LanguageConfig, tokensPerImage } from "../nn/models/index.ts";
import type { TemplateMessage, Tokenizer } from "../nn/tokenizer/index.ts";
import { framesOf, type Message } from "./message.ts";

/** Token ids of a conversation that ends where the model's answer begins; images take their places as image tokens. */
export type ChatPrompt = (messages: readonly Message[]) => number[];

/** Throws an Error when the tokenizer has no chat template, or no image token although the model takes images. */
export function chatPrompt(config: LanguageConfig, tokenizer: Tokenizer): ChatPrompt {
  const imageId = config.model_type === "llava" ? config.image_token_index : null;
  const perImage = config.model_type === "llava" ? tokensPerImage(config) : 0;
  const placeholder = imageId === null ? "<image>" : tokenizer.tokenOf(imageId);
  if (placeholder === undefined) {
    throw new Error(`Expected a tokenizer with the image token ${imageId} of config.json, got none of that id.`);
  }
  const takesParts = templateTakesParts(tokenizer, placeholder);
  return (messages) => {
    const turns = messages.map((message) => (takesParts ? asParts(message) : asText(message, placeholder)));
    const text = tokenizer.applyChatTemplate(turns, { addGenerationPrompt: true });
    const ids = tokenizer.encode(text);
    const images = framesOf(messages).length;
    const found = imageId === null ? 0 : ids.filter((id) => id === imageId).length;
    if (found !== images) {
      throw new RangeError(
        `Expected ${images} image placeholders for ${images} frames in the prompt, got ${found}. Is "${placeholder}" part of the question?`,
      );
    }
    return ids.flatMap((id) => (id === imageId ? new Array<number>(perImage).fill(id) : [id]));
  };
}

function templateTakesParts(tokenizer: Tokenizer, placeholder: string): boolean {
  const content = [{ type: "image" }, { type: "text", text: "question" }];
  try {
    const text = tokenizer.applyChatTemplate([{ role: "user", content }], { addGenerationPrompt: true });
    return text.split(placeholder).length === 2 && text.includes("question");
  } catch {
    // A template that adds strings cannot render parts; whether it renders text shows at the first prompt.
    return false;
  }
}

function asParts({ role, content }: Message): TemplateMessage {
  return {
    role,
    content: content.map((part) => (part.type === "image" ? { type: "image" } : { type: "text", text: part.text })),
  };
}

function asText({ role, content }: Message, placeholder: string): TemplateMessage {
  const texts = content.map((part) => (part.type === "image" ? `${placeholder}\n` : part.text));
  return { role, content: texts.join("") };
}
