import { expect, test } from "vitest";
import { chatPrompt } from "./chat-prompt.ts";
import { userMessage } from "./message.ts";
import {
  noiseFrames,
  partsTemplate,
  textTemplate,
  tinyEncoder,
  tinyParts,
  tinyTokenizer,
} from "./tiny-llava.fixture.ts";

const parts = tinyParts();
const { tokenizer } = parts;
const encoder = tinyEncoder(parts);
const frames = noiseFrames(2, "prompt");
/** (8 / 4)^2 patches. */
const image = "<image>".repeat(4);

test("a text template gets one line a frame (oracle: the conversation written out by hand)", () => {
  const ids = chatPrompt(tokenizer, encoder).ids([userMessage("What is shown first?", frames)]);
  expect(tokenizer.decode(ids)).toBe(`<s>USER: ${image}\n${image}\nWhat is shown first?ASSISTANT:`);
});

test("a template that takes parts writes its placeholders itself", () => {
  const ids = chatPrompt(tinyTokenizer(partsTemplate), encoder).ids([userMessage("What is shown first?", frames)]);
  expect(tokenizer.decode(ids)).toBe(`USER: ${image}\n${image}\nWhat is shown first? ASSISTANT:`);
});

test("earlier turns are part of the prompt", () => {
  const answer = { role: "assistant", content: [{ type: "text", text: "red" }] } as const;
  const ids = chatPrompt(tokenizer, encoder).ids([userMessage("colour", frames), answer, userMessage("a circle")]);
  expect(tokenizer.decode(ids)).toBe(`<s>USER: ${image}\n${image}\ncolourASSISTANT:red</s>USER: a circleASSISTANT:`);
});

test("an answer is scored as the template writes it (oracle: written out by hand)", () => {
  const spaced = textTemplate.replace("ASSISTANT:{{ m.content }}", "ASSISTANT: {{ m.content }}");
  const written = (template: string) =>
    chatPrompt(tinyTokenizer(template), encoder).continuations([userMessage("What?")], ["red circle", "a"]);
  expect(written(textTemplate).map((ids) => tokenizer.decode(ids))).toEqual(["red circle", "a"]);
  expect(written(spaced).map((ids) => tokenizer.decode(ids))).toEqual([" red circle", " a"]);
  expect(written(spaced).map(({ length }) => length)).toEqual([2, 1]);
});

test("a placeholder inside the question is refused, because the model would take it for a frame", () => {
  expect(() => chatPrompt(tokenizer, encoder).ids([userMessage("What is <image>?", frames)])).toThrow(
    /2 image placeholders for 2 frames.*got 3/,
  );
});

test("a tokenizer without a chat template is refused in a sentence", () => {
  const bare = tinyTokenizer("");
  expect(chatPrompt(bare, encoder).ids).toBeTypeOf("function");
  expect(() => chatPrompt(bare, encoder).ids([userMessage("What?", frames)])).toThrow(/placeholders/);
});

test("a model of videos has one placeholder a video, is told its times in words, and need not have a token for it (by hand)", () => {
  const video = { type: "video", frames, duration: 4 } as const;
  const introduce = (seconds: readonly number[], duration: number) => `What ${seconds.join()} ${duration}`;
  const eyes = { ...encoder.eyes, placeholderFor: "video", tokenId: -200, placeholder: "<shown>", introduce } as const;
  const prompt = chatPrompt(tokenizer, { ...encoder, eyes, rows: (shown) => shown.length + 1 });
  const ids = prompt.ids([userMessage("first", video), userMessage("red", frames)]);
  const texts = ids.flatMap((id, i) => (id === -200 ? [] : [[i, tokenizer.decode([id])] as const]));
  expect(texts.map(([, text]) => text).join("")).toBe(
    "<s>USER: \nWhat 0,0.5 4\nfirstUSER: \nWhat 0,0.5 0.5\nredASSISTANT:",
  );
  expect(ids.filter((id) => id === -200)).toHaveLength(6);
  expect(() => prompt.ids([userMessage("a <shown> first", video)])).toThrow(/1 video placeholders for 2 frames.*got 2/);
});
