import { expect, test } from "vitest";
import { Budget, withBudget } from "./budget.ts";
import { BudgetSpentError } from "./budget-spent-error.ts";
import { computed, question, reply } from "./computed-model.fixture.ts";

test("a budget of requests, tokens or money is never overdrawn by more than one request (oracle: counted)", async () => {
  const price = { read: 1e5, written: 3e5 };
  for (const [limits, expected] of [
    [{ requests: 4 }, 4],
    // Ten read and ten written a request: the fifth begins at 80.
    [{ tokens: 85 }, 5],
    // 10 * 0.1 + 10 * 0.3 = 4 a request.
    [{ cost: 12 }, 3],
  ] as const) {
    const model = computed(() => reply("yes"));
    const budget = new Budget(limits, price);
    const limited = withBudget(model, budget);
    const ask = async () => {
      for (let i = 0; i < 10; i++) await limited.generate(question);
    };
    await expect(ask()).rejects.toBeInstanceOf(BudgetSpentError);
    expect(model.calls).toBe(expected);
    expect(budget.spent).toEqual({
      requests: expected,
      tokensRead: 10 * expected,
      tokensWritten: 10 * expected,
      cost: 4 * expected,
    });
  }
  expect(() => new Budget({ cost: 1 })).toThrow(/--price/);
});

test("requests under way count at the largest so far, so that a crowd does not overdraw", async () => {
  const budget = new Budget({ tokens: 100 });
  budget.begin();
  budget.end(reply("yes", 20));
  budget.begin();
  expect(() => budget.begin()).not.toThrow();
  expect(() => budget.begin()).toThrow(BudgetSpentError);
});

test("a limit on tokens is refused as soon as the server is seen not to count them", async () => {
  const limited = withBudget(
    computed(() => reply("yes", null)),
    new Budget({ tokens: 1000 }),
  );
  await limited.generate(question);
  await expect(limited.generate(question)).rejects.toThrow(/does not count tokens/);
});

test("a model that answers many together keeps its batches within a budget, and says what was answered", async () => {
  const model = computed((_, call) => reply(String(call)));
  const kept: string[] = [];
  const many = withBudget(model, new Budget({ requests: 21 })).generateMany(new Array(40).fill(question), {
    onReply: ({ text }, i) => void kept.push(`${i}=${text}`),
  });
  await expect(many).rejects.toBeInstanceOf(BudgetSpentError);
  expect(kept).toEqual(Array.from({ length: 21 }, (_, i) => `${i}=${i}`));
});
