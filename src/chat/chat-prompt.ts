/**
 * From messages to token ids: the checkpoint's own chat template, then one image token a visual token.
 *
 * Templates come in two kinds. Newer ones take the parts of a message and write the image placeholder themselves; older
 * ones take plain text, for which every image becomes a line "<image>\n". Which kind it is, is found by trying.
 */
import { type LanguageConfig, tokensPerImage } from "../nn/models/index.ts";
import type { TemplateMessage, Tokenizer } from "../nn/tokenizer/index.ts";
import { framesOf, type Message, picturesAndText } from "./message.ts";

export type ChatPrompt = Readonly<{
  /** Token ids of a conversation that ends where the model's answer begins; images take their places as image tokens. */
  ids(messages: readonly Message[]): number[];
  /** Token ids of each text as the beginning of that answer, as the template writes it (behind a space, say). */
  continuations(messages: readonly Message[], texts: readonly string[]): number[][];
}>;

/** Throws an Error when the tokenizer has no chat template, or no image token although the model takes images. */
export function chatPrompt(config: LanguageConfig, tokenizer: Tokenizer): ChatPrompt {
  const imageId = config.model_type === "llava" ? config.image_token_index : null;
  const perImage = config.model_type === "llava" ? tokensPerImage(config) : 0;
  const placeholder = imageId === null ? "<image>" : tokenizer.tokenOf(imageId);
  if (placeholder === undefined) {
    throw new Error(`Expected a tokenizer with the image token ${imageId} of config.json, got none of that id.`);
  }
  const takesParts = templateTakesParts(tokenizer, placeholder);
  const render = (messages: readonly Message[], addGenerationPrompt: boolean) => {
    const turns = messages.map((message) => (takesParts ? asParts(message) : asText(message, placeholder)));
    return tokenizer.applyChatTemplate(turns, { addGenerationPrompt });
  };
  return {
    ids(messages) {
      const ids = tokenizer.encode(render(messages, true));
      const images = framesOf(messages).length;
      const found = imageId === null ? 0 : ids.filter((id) => id === imageId).length;
      if (found !== images) {
        throw new RangeError(
          `Expected ${images} image placeholders for ${images} frames in the prompt, got ${found}. Is "${placeholder}" part of the question?`,
        );
      }
      return ids.flatMap((id) => (id === imageId ? new Array<number>(perImage).fill(id) : [id]));
    },
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
    content: picturesAndText(content).map((part) =>
      part.type === "image" ? { type: "image" } : { type: "text", text: part.text },
    ),
  };
}

function asText({ role, content }: Message, placeholder: string): TemplateMessage {
  const texts = picturesAndText(content).map((part) => (part.type === "image" ? `${placeholder}\n` : part.text));
  return { role, content: texts.join("") };
}
