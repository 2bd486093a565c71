/** The command as a process of its own, and what it refuses before it opens anything. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import OpenAI from "openai";
import { afterEach, expect, test, vi } from "vitest";
import { packageFolder } from "../core/files/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";

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
  const flags = [
    "--import",
    "tsx",
    "src/cli/main.ts",
    "serve",
    "--port",
    "0",
    "--api-key-env",
    "ZOETROPE_TEST_KEY",
    "--json",
  ];
  const env = { ...process.env, ZOETROPE_TEST_KEY: "key-of-a-test", NODE_OPTIONS: "" };
  const child = spawn(process.execPath, flags, { cwd: packageFolder(), env, stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const { summary, models } = JSON.parse(line) as { summary: { address: string; pid: number }; models: string[] };
  expect([models, summary.pid]).toEqual([["micro"], child.pid]);
  const client = new OpenAI({ baseURL: summary.address, apiKey: "key-of-a-test", maxRetries: 0 });
  const messages = [{ role: "user" as const, content: "What color is a red circle?" }];
  const { choices } = await client.chat.completions.create({ model: "micro", messages, max_tokens: 8 });
  expect(choices[0]?.message.content).toMatch(/\w/);
  child.kill(signal);
  expect(await once(child, "exit")).toEqual([0, null]);
});
