/**
 * Conversations with their answers as token ids, for training: what a model reads, and what it is to say.
 *
 * The text is what the checkpoint's chat template writes. Ids are those of asking: an answer begins where the ids of its prompt
 * end, whatever the tokenizer would make of both together.
 */
import type { Message } from "./message.ts";

/** Ids of a conversation and, for each, whether the model is to say it: the words of an answer and the token that ends it. */
export type Dialogue = Readonly<{ ids: readonly number[]; isAnswer: readonly boolean[] }>;

export type DialogueParts = Readonly<{
  render(messages: readonly Message[], addGenerationPrompt: boolean): string;
  /** Ids of a text that the template wrote; visual rows of the conversation stand where its placeholders are. */
  encode(text: string, messages: readonly Message[]): number[];
  /** Tokens that end an answer; the first is put behind the last answer where the template writes none. */
  stopIds: readonly number[];
}>;

/**
 * The dialogue up to its last answer. Throws a RangeError where there is none, or where the template writes a turn differently
 * once another one follows.
 */
export function dialogueIds(messages: readonly Message[], parts: DialogueParts): Dialogue {
  const answers = messages.flatMap(({ role }, i) => (role === "assistant" ? [i] : []));
  if (answers.length === 0) throw new RangeError("Expected a conversation with an answer, got none.");
  let ids: readonly number[] = [];
  const isAnswer: boolean[] = [];
  for (const turn of answers) {
    const before = messages.slice(0, turn);
    const open = parts.render(before, true);
    const prompt = parts.encode(open, before);
    if (!startsWith(prompt, ids)) throw rewritten(messages[turn - 1]);
    const told = answerIds(messages.slice(0, turn + 1), { open, prompt, isLast: turn === answers.at(-1) }, parts);
    ids = [...prompt, ...told];
    while (isAnswer.length < prompt.length) isAnswer.push(false);
    while (isAnswer.length < ids.length) isAnswer.push(true);
  }
  return { ids, isAnswer };
}

type Opened = Readonly<{ open: string; prompt: readonly number[]; isLast: boolean }>;

/** Ids of the last message as its template writes it, up to what ends it. */
function answerIds(messages: readonly Message[], { open, prompt, isLast }: Opened, parts: DialogueParts) {
  const { render, encode, stopIds } = parts;
  const [before, answer] = [messages.slice(0, -1), messages.at(-1)];
  const text = answer?.content.map((part) => (part.type === "text" ? part.text : "")).join("") ?? "";
  const closed = render(messages, false);
  const written = closed.startsWith(open) ? closed.slice(open.length) : "";
  const isWritten = written.includes(text.trim());
  if (!isWritten && !isLast) throw rewritten(answer);
  const behind = (words: string) => {
    const ids = encode(open + words, before);
    return startsWith(ids, prompt) ? ids.slice(prompt.length) : encode(words, []);
  };
  const whole = behind(isWritten ? written : text);
  const stop = whole.findIndex((id) => stopIds.includes(id));
  if (stop >= 0) return whole.slice(0, stop + 1);
  // Space behind an answer is the beginning of the next turn: nobody ever generates it.
  const bare = behind((isWritten ? written : text).trimEnd());
  return isLast ? [...bare, ...stopIds.slice(0, 1)] : bare;
}

function startsWith(list: readonly number[], beginning: readonly number[]): boolean {
  return beginning.length <= list.length && beginning.every((id, i) => list[i] === id);
}

function rewritten(message: Message | undefined): RangeError {
  const text = message?.content.map((part) => (part.type === "text" ? part.text : "")).join("") ?? "";
  return new RangeError(
    `Expected a chat template that writes every turn as it stands, got one that leaves out or rewrites ${JSON.stringify(text.slice(0, 40))} once the conversation goes on. Train on single questions, or add the turn to chat_template.jinja.`,
  );
}
