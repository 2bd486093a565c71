import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { RequestError, retryAfterSeconds } from "../request-error.ts";
import { busy, computed, failed, question } from "./computed-model.fixture.ts";
import { pause } from "./pause.ts";
import { patiently, withRetries } from "./retry.ts";

test("pauses double up to a minute, each between a half and the whole (oracle: 1, 2, 4, ... by hand)", async () => {
  const waits: number[] = [];
  const wait = async (seconds: number) => void waits.push(seconds);
  const never = patiently(() => Promise.reject(failed()), { attempts: 9, rng: new Rng("r"), wait });
  await expect(never).rejects.toThrow("failed");
  expect(waits).toHaveLength(8);
  [1, 2, 4, 8, 16, 32, 60, 60].forEach((most, i) => {
    expect(waits[i]).toBeGreaterThanOrEqual(most / 2);
    expect(waits[i]).toBeLessThan(most);
  });
});

test("the server's own time is waited at least, and one that asks for too long is given up", async () => {
  const waits: number[] = [];
  const options = { rng: new Rng("r"), wait: async (seconds: number) => void waits.push(seconds) };
  const errors = [busy(20), busy(20)];
  const answer = await patiently(async () => {
    const error = errors.shift();
    if (error) throw error;
    return "yes";
  }, options);
  expect(answer).toBe("yes");
  expect(waits.every((seconds) => seconds >= 20 && seconds < 21)).toBe(true);
  await expect(patiently(() => Promise.reject(busy(3600)), options)).rejects.toThrow("busy");
  expect(waits).toHaveLength(2);
});

test("Retry-After is a number of seconds, a date, or OpenAI's milliseconds", () => {
  const of = (headers: Record<string, string>) =>
    retryAfterSeconds(new Headers(headers), Date.parse("2030-01-01T00:00:00Z"));
  expect(of({ "retry-after": "3" })).toBe(3);
  expect(of({ "retry-after": "Tue, 01 Jan 2030 00:01:30 GMT" })).toBe(90);
  expect(of({ "retry-after": "Mon, 31 Dec 2029 00:00:00 GMT" })).toBe(0);
  expect(of({ "retry-after-ms": "250", "retry-after": "9" })).toBe(0.25);
  expect(of({ "retry-after": "soon" })).toBeNull();
  expect(retryAfterSeconds(undefined, 0)).toBeNull();
});

test("what no patience helps is not tried again, and a signal ends the waiting", async () => {
  for (const fault of ["refused", "forbidden"] as const) {
    const model = computed(() => Promise.reject(new RequestError(fault, { fault })));
    await expect(withRetries(model).generate(question)).rejects.toThrow(fault);
    expect(model.calls).toBe(1);
  }
  const control = new AbortController();
  const model = computed(() => {
    control.abort(new Error("enough"));
    throw busy(100);
  });
  await expect(withRetries(model).generate(question, { signal: control.signal })).rejects.toThrow("enough");
  await expect(pause(1000, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
});
