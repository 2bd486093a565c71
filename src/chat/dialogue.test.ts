/** Oracle: ids and masks written out by hand for three kinds of chat template. */
import { expect, test } from "vitest";
import { createTokenizer, trainWordTokenizer, wordTokenizerConfig } from "../nn/tokenizer/index.ts";
import { chatPrompt } from "./chat-prompt.ts";
import type { Message } from "./message.ts";

const words = ["user", "assistant", "USER", "ASSISTANT", "red", "blue", "what", "and", "then"];
const special = ["<pad>", "<s>", "</s>", "<end>"];

function prompts(chatTemplate: string) {
  const roles = { bos: "<s>", eos: "</s>", pad: "<pad>", chatTemplate };
  const tokenizer = createTokenizer(
    new Map([
      ["tokenizer.json", JSON.stringify(trainWordTokenizer(words, special))],
      ["tokenizer_config.json", JSON.stringify(wordTokenizerConfig(roles))],
    ]),
  );
  const id = (token: string) => tokenizer.idOf(token) ?? expect.fail(`no token ${token}`);
  const prompt = chatPrompt(tokenizer, null);
  /** The dialogue as text, what the model is to say in brackets. */
  const marked = (messages: Message[], stops: string[]) => {
    const { ids, isAnswer } = prompt.dialogue(messages, stops.map(id));
    expect(isAnswer).toHaveLength(ids.length);
    return ids.map((each, i) => (isAnswer[i] ? `[${tokenizer.decode([each])}]` : tokenizer.decode([each]))).join("");
  };
  return { tokenizer, prompt, marked };
}

const say = (role: Message["role"], text: string): Message => ({ role, content: [{ type: "text", text }] });
const one = [say("user", "what"), say("assistant", "red")];
const two = [...one, say("user", "and then"), say("assistant", "blue red")];

const chatml =
  "{% for m in messages %}{{ m.role }}\n{{ m.content }}<end>\n{% endfor %}{% if add_generation_prompt %}assistant\n{% endif %}";
const vicuna =
  "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}USER: {{ m.content }} {% else %}ASSISTANT: {{ m.content }}{{ eos_token }}{% endif %}{% endfor %}{% if add_generation_prompt %}ASSISTANT:{% endif %}";
/** As llava-hf's: no end behind an answer. */
const endless =
  "{% for m in messages %}{% if m.role == 'user' %}USER: {{ m.content }} {% else %}ASSISTANT: {{ m.content }} {% endif %}{% endfor %}{% if add_generation_prompt %}ASSISTANT:{% endif %}";
const questionsOnly =
  "{% for m in messages %}{% if m.role == 'user' %}USER: {{ m.content }} ASSISTANT:{% endif %}{% endfor %}";

test("every answer counts up to the token that ends it, and nothing else does", () => {
  expect(prompts(chatml).marked(two, ["<end>"])).toBe(
    "user\nwhat<end>\nassistant\n[red][<end>]\nuser\nand then<end>\nassistant\n[blue][ red][<end>]",
  );
  expect(prompts(vicuna).marked(two, ["</s>"])).toBe(
    "<s>USER: what ASSISTANT:[ red][</s>]USER: and then ASSISTANT:[ blue][ red][</s>]",
  );
});

test("a template that ends no answer gets an end behind the last one, and no space that nobody says", () => {
  expect(prompts(endless).marked(two, ["</s>"])).toBe(
    "USER: what ASSISTANT:[ red] USER: and then ASSISTANT:[ blue][ red][</s>]",
  );
});

test("ids up to an answer are those that asking has", () => {
  for (const template of [chatml, vicuna, endless]) {
    const { prompt, tokenizer } = prompts(template);
    const { ids, isAnswer } = prompt.dialogue(two, [tokenizer.idOf("</s>") as number]);
    const asked = prompt.ids(two.slice(0, -1));
    expect(ids.slice(0, asked.length)).toEqual(asked);
    expect(isAnswer[asked.length]).toBe(true);
  }
});

test("a template of questions alone serves single questions", () => {
  const { marked } = prompts(questionsOnly);
  expect(marked(one, ["</s>"])).toBe("USER: what ASSISTANT:[red][</s>]");
  expect(() => marked(two, ["</s>"])).toThrow(/writes every turn.*"red"/);
  expect(() => marked([say("user", "what")], ["</s>"])).toThrow(/Expected a conversation with an answer/);
});
