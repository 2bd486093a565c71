/** The command as a process of its own, and what it refuses before it opens anything. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import OpenAI from "openai";
import { afterEach, expect, test, vi } from "vitest";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";
import { startServeProcess } from "./serve-process.fixture.ts";

const captured = captureOutput();
const started: ChildProcess[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

test.each<[string[], RegExp]>([
  [["--host", "0.0.0.0"], /--api-key-env NAME for --host 0\.0\.0\.0/],
  [["--host", "::", "--model", "micro"], /--api-key-env/],
  [["--api-key-env", "NO_SUCH_KEY"], /variable NO_SUCH_KEY, got none/],
  [["--host", "0.0.0.0", "--api-key-env", "SHORT_KEY"], /at least 8 visible/],
  [["--port", "65536"], /--port.*"65536"/],
  [["--model", "mirco"], /"mirco"/],
  [["--model", "micro", "--model", "micro"], /"micro" twice/],
  [["--model", "http://127.0.0.1:1/v1#m"], /in this process/],
  [["--allow-file", "/no/such/folder"], /--allow-file.*"\/no\/such\/folder"/],
  [["--max-frames", "none"], /--max-frames.*"none"/],
  [["--timeout", "-1"], /--timeout.*"-1"/],
])("serve %j ends with 1 and one line", async (flags, message) => {
  vi.stubEnv("SHORT_KEY", "short");
  expect(await run(["serve", ...flags])).toBe(1);
  expect(captured.stderr).toMatch(message);
  expect(captured.stderr).toMatch(/^(?:Opening .*\n)?zoetrope: .*\n$/);
  expect(captured.stdout).toBe("");
});

test("a port that is taken is told as one", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  expect(await run(["serve", "--port", String(port)])).toBe(1);
  expect(captured.stderr).toMatch(/another program listens there\. Pass another --port/);
  other.close();
});

test.each(["SIGTERM", "SIGINT"] as const)("a process serves until %s and ends with 0", async (signal) => {
  const key = "key-of-a-test";
  const { child, url, models } = await startServeProcess(["--api-key-env", "ZOETROPE_TEST_KEY"], {
    ZOETROPE_TEST_KEY: key,
  });
  started.push(child);
  expect(models).toEqual(["micro"]);
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  const messages = [{ role: "user" as const, content: "What color is a red circle?" }];
  const { choices } = await client.chat.completions.create({ model: "micro", messages, max_tokens: 8 });
  expect(choices[0]?.message.content).toMatch(/\w/);
  child.kill(signal);
  expect(await once(child, "exit")).toEqual([0, null]);
});
