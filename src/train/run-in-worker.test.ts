/**
 * Work in a thread of its own, as seen from here; the oracle is the same work done in this thread.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runInWorker } from "./run-in-worker.ts";
import { tinyTraining } from "./tiny-training.fixture.ts";
import { train } from "./train.ts";
import { TrainingDiverged } from "./training-diverged.ts";
import type { TrainingEvent } from "./training-event.ts";

const module = new URL("./worker-jobs.fixture.ts", import.meta.url);
const root = mkdtempSync(join(tmpdir(), "zoetrope-worker-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("a worker gives the result and tells the events of the same training here", async () => {
  const told: number[] = [];
  const onEvent = (event: TrainingEvent) => {
    if (event.type === "step") told.push(event.loss);
  };
  const losses = await runInWorker<number[], TrainingEvent>(
    { module, export: "trainTiny", options: { steps: 4 } },
    { onEvent },
  );
  expect(losses).toEqual((await train(tinyTraining({ steps: 4 }))).losses);
  expect(told).toEqual(losses);
});

test("an abort stops the training at a step, with a checkpoint that it goes on from", async () => {
  const stop = new AbortController();
  const options = { steps: 100_000, dir: join(root, "aborted") };
  const onEvent = (event: TrainingEvent) => {
    if (event.type === "step") stop.abort();
  };
  const running = runInWorker({ module, export: "trainTiny", options }, { onEvent, signal: stop.signal });
  await expect(running).rejects.toMatchObject({ name: "AbortError", message: expect.stringContaining(options.dir) });
  expect(readdirSync(options.dir).length).toBe(1);
  const again = runInWorker({ module, export: "trainTiny", options }, { signal: stop.signal });
  await expect(again).rejects.toThrow("aborted");
});

test("errors keep class, name, message and fields; a listener's error ends the work", async () => {
  const diverged = await runInWorker({ module, export: "diverge", options: {} }).catch((error: unknown) => error);
  expect(diverged).toBeInstanceOf(TrainingDiverged);
  expect(diverged).toMatchObject({ name: "TrainingDiverged", stage: "tiny", step: 7, loss: Number.NaN, gradNorm: 1 });
  expect((diverged as Error).message).toContain("Go slower.");
  expect((diverged as Error).stack).toContain("worker-jobs.fixture");
  const onEvent = () => {
    throw new RangeError("no terminal");
  };
  const job = { module, export: "trainTiny", options: { steps: 100_000 } };
  await expect(runInWorker(job, { onEvent })).rejects.toThrow(new RangeError("no terminal"));
});

test("a worker that cannot begin, or ends without a word, is an error that names it", async () => {
  const start = (name: string) => runInWorker({ module, export: name, options: {} });
  await expect(start("notAFunction")).rejects.toThrow(/function "notAFunction" in file:.*got number\. Export it/);
  await expect(start("breakDown")).rejects.toThrow(/"breakDown" ended with code 3/);
  await expect(runInWorker({ module: new URL("./none.ts", module), export: "x", options: {} })).rejects.toThrow(
    /none\.ts/,
  );
});

test("the same works from source under tsx, started in another folder", () => {
  const script = `
    const { runInWorker } = await import(${JSON.stringify(new URL("./run-in-worker.ts", import.meta.url).href)});
    const module = new URL(${JSON.stringify(module.href)});
    const losses = await runInWorker({ module, export: "trainTiny", options: { steps: 2 } });
    process.stdout.write(String(losses.length));`;
  const flags = ["--import", import.meta.resolve("tsx"), "--input-type=module", "--eval", script];
  expect(execFileSync(process.execPath, flags, { cwd: root, encoding: "utf8" })).toBe("2");
});
