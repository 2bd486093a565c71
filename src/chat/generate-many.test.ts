/** What generateMany tells while it works; the oracle is what it gives in the end, and what each conversation gets alone. */
import { expect, test } from "vitest";
import { localModel } from "./local-model.ts";
import { userMessage } from "./message.ts";
import { scriptedModel } from "./scripted-model.ts";
import { tinyParts } from "./tiny-llava.fixture.ts";

const questions = ["What is shown first", "red", "What colour is a circle", "circle circle"];
const conversations = questions.map((question) => [userMessage(question)]);

/** Pieces by conversation. */
function listener() {
  const pieces = questions.map(() => [] as string[]);
  return { pieces, onText: (piece: string, i: number) => void pieces[i]?.push(piece) };
}

test.each([
  ["in batches", () => localModel({ ...tinyParts(), batch: 2 })],
  ["one by one", () => scriptedModel(["one two", "", "three"])],
] as const)("pieces told %s are the replies, and none is empty", async (_, open) => {
  const model = open();
  const { pieces, onText } = listener();
  const replies = await model.generateMany(conversations, { maxNewTokens: 12, onText });
  expect(pieces.map((each) => each.join(""))).toEqual(replies.map(({ text }) => text));
  expect(pieces.flat()).not.toContain("");
  await model.dispose();
});

test("a reply that nobody wants breaks off, the others stay as they are", async () => {
  const model = localModel({ ...tinyParts(), batch: 4 });
  const whole = await model.generateMany(conversations, { maxNewTokens: 12 });
  const { pieces, onText } = listener();
  const isWanted = (i: number) => i !== 1 || (pieces[1] as string[]).length < 2;
  const replies = await model.generateMany(conversations, { maxNewTokens: 12, onText, isWanted });
  expect(whole[1]?.newTokens).toBe(12);
  expect(replies[1]?.newTokens).toBeLessThan(12);
  expect(whole[1]?.text.startsWith(replies[1]?.text as string)).toBe(true);
  expect(replies.filter((_, i) => i !== 1)).toEqual(whole.filter((_, i) => i !== 1));
  await model.dispose();
});

test("conversations that nobody wants are not asked one by one", async () => {
  const model = scriptedModel(["first", "second"]);
  const replies = await model.generateMany(conversations, { isWanted: (i) => i % 2 === 0 });
  expect(replies.map(({ text }) => text)).toEqual(["first", "", "second", ""]);
});
