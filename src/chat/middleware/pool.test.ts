import { expect, test } from "vitest";
import type { ChatModel } from "../chat-model.ts";
import { userMessage } from "../message.ts";
import { RequestError } from "../request-error.ts";
import { failed, question, reply } from "./computed-model.fixture.ts";
import { poolMany } from "./pool.ts";

test("a pool asks each question once, leaves out what nobody wants, and goes on behind a failure", async () => {
  const asked: string[] = [];
  const generate: ChatModel["generate"] = async (messages) => {
    const text = JSON.stringify(messages[0]?.content[0]);
    asked.push(text);
    if (text.includes("bad")) throw failed();
    return reply(text);
  };
  const list = ["a", "bad", "unwanted", "b"].map((text) => [userMessage(text)]);
  const told = new Map<number, string>();
  const many = poolMany(generate, { most: 2 })(list, {
    onReply: ({ text }, i) => void told.set(i, text),
    isWanted: (i) => i !== 2,
  });
  await expect(many).rejects.toThrow("failed");
  expect(asked).toHaveLength(3);
  expect([...told.keys()].sort()).toEqual([0, 2, 3]);
  expect(told.get(2)).toBe("");
});

test("an error that every question would meet ends the run after those under way", async () => {
  let calls = 0;
  const generate = async () => {
    calls++;
    throw new RequestError("wrong key", { fault: "forbidden" });
  };
  await expect(poolMany(generate, { most: 3 })(new Array(50).fill(question))).rejects.toThrow("wrong key");
  expect(calls).toBeLessThanOrEqual(3);
});
