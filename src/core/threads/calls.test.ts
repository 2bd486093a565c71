/** Calls over a message port; what the other end does is written out here. */
import { MessageChannel } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { answerCalls, Caller, portLine } from "./calls.ts";

type Call = Readonly<{ say: string; fail?: boolean; wait?: boolean }>;

class NoSuchWord extends Error {
  override readonly name = "NoSuchWord";
}

const channel = new MessageChannel();
const stopped: string[] = [];
const caller = new Caller<Call, string, number>(portLine(channel.port1), [NoSuchWord]);
answerCalls<Call, string, number>(portLine(channel.port2), async ({ say, fail, wait }, { emit, signal }) => {
  for (let i = 1; i <= say.length; i++) emit(i);
  if (fail) throw Object.assign(new NoSuchWord(say), { code: 7 });
  if (wait) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  if (signal.aborted) stopped.push(say);
  return say.toUpperCase();
});
channel.port1.unref();
channel.port2.unref();
afterEach(() => stopped.splice(0));

test("calls side by side get their own events and results", async () => {
  const events = { ab: [] as number[], xyz: [] as number[] };
  const results = await Promise.all(
    (["ab", "xyz"] as const).map((say) => caller.call({ say }, { onEvent: (event) => events[say].push(event) })),
  );
  expect(results).toEqual(["AB", "XYZ"]);
  expect(events).toEqual({ ab: [1, 2], xyz: [1, 2, 3] });
});

test("an error comes back with its class and fields", async () => {
  const error = await caller.call({ say: "no", fail: true }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(NoSuchWord);
  expect(error).toMatchObject({ message: "no", code: 7 });
});

test("an abort rejects at once with its reason and reaches the other end", async () => {
  const stop = new AbortController();
  const call = caller.call({ say: "long", wait: true }, { signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(call).rejects.toThrow("enough");
  // The line keeps its order: once this is answered, the abort has been heard.
  await caller.call({ say: "next" });
  expect(stopped).toEqual(["long"]);
  await expect(caller.call({ say: "late" }, { signal: stop.signal })).rejects.toThrow("enough");
});

test("when the other end is gone, calls under way reject", async () => {
  const calls = ["a", "b"].map((say) => caller.call({ say, wait: true }));
  caller.fail(new Error("gone"));
  for (const call of calls) await expect(call).rejects.toThrow("gone");
});
