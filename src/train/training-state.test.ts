/**
 * Checkpoints under a process that may be killed at any call to the disk, and on a disk that fills up.
 */
import type * as FileSystem from "node:fs";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { readTrainingState, type TrainingState, writeTrainingState } from "./training-state.ts";

/** Called before every call that changes the disk; may throw instead of it. */
const disk = vi.hoisted(() => ({ before: (_call: string) => {} }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof FileSystem>();
  const watched = ["openSync", "writeSync", "fsyncSync", "closeSync", "renameSync", "mkdirSync", "rmSync"] as const;
  const wrap = (name: (typeof watched)[number]) => {
    const call = fs[name] as (...given: unknown[]) => unknown;
    return (...given: unknown[]) => {
      disk.before(name);
      return call(...given);
    };
  };
  return { ...fs, ...Object.fromEntries(watched.map((name) => [name, wrap(name)])) };
});

const root = mkdtempSync(join(tmpdir(), "zoetrope-state-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(root, String(folders++));
beforeEach(() => {
  disk.before = () => {};
});

/** A state whose numbers tell its step. */
function state(step: number): TrainingState {
  const values = Float32Array.of(step, step + 0.5);
  return {
    ...{ stage: "tiny", step, seconds: step / 2, config: { seed: 1 } },
    weights: new Map([["w", { shape: [2], data: values }]]),
    optimizer: { steps: step, first: { w: values.map((x) => -x) }, second: { w: values.map((x) => x * x) } },
  };
}

test("what is written is read again, and the two newest are kept", () => {
  const folder = newFolder();
  for (const step of [5, 90, 1000]) writeTrainingState(folder, state(step));
  expect(readTrainingState(folder)).toEqual({ state: state(1000), notes: [] });
  expect(readdirSync(folder).sort()).toEqual(["step-00000090", "step-00001000"]);
  expect(readTrainingState(join(folder, "nowhere")).state).toBe(undefined);
});

test("killed at whatever call to the disk, the older or the newer checkpoint is there whole", () => {
  const folder = newFolder();
  for (const step of [1, 2]) writeTrainingState(folder, state(step));
  const copies: string[] = [];
  let busy = false;
  disk.before = () => {
    if (busy) return;
    busy = true;
    copies.push(newFolder());
    cpSync(folder, copies.at(-1) as string, { recursive: true });
    busy = false;
  };
  writeTrainingState(folder, state(3));
  disk.before = () => {};
  const found = copies.map((copy) => readTrainingState(copy));
  expect(found.flatMap(({ notes }) => notes)).toEqual([]);
  const steps = found.map(({ state: read }) => {
    expect(read).toEqual(state(read?.step as number));
    return read?.step;
  });
  expect([steps[0], steps.at(-1)]).toEqual([2, 3]);
  expect(copies.some((copy) => readdirSync(copy).includes("step-00000003.partial"))).toBe(true);
  // What the kill left behind goes with the next write.
  const torn = copies.find((copy) => readdirSync(copy).includes("step-00000003.partial")) as string;
  writeTrainingState(torn, state(4));
  expect(readdirSync(torn).sort()).toEqual(["step-00000002", "step-00000004"]);
});

test("a full disk is told in a sentence, at whatever call it comes, and the older checkpoint stays", () => {
  let calls = 0;
  disk.before = () => calls++;
  const counted = newFolder();
  writeTrainingState(counted, state(2));
  for (let failing = 1; failing < calls; failing++) {
    disk.before = () => {};
    const folder = newFolder();
    writeTrainingState(folder, state(1));
    let call = 0;
    let failed = "";
    disk.before = (name) => {
      call++;
      // Closing and removing need no room.
      if (call !== failing || name === "closeSync" || name === "rmSync") return;
      failed = name;
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    };
    const write = () => writeTrainingState(folder, state(2));
    const atEnd = () => readTrainingState(folder).state;
    try {
      write();
      expect(failed).toBe("");
    } catch (error) {
      const older = join(folder, existsSync(join(folder, "step-00000002")) ? "step-00000002" : "step-00000001");
      expect((error as Error).message).toBe(
        `Could not write the checkpoint of stage "tiny" at step 2 into ${folder}: the disk is full. The older one is kept: ` +
          `${older}. Free some space and run the same again to resume.`,
      );
    }
    disk.before = () => {};
    const { step } = atEnd() as TrainingState;
    expect(atEnd()).toEqual(state(step));
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
  }
});

test("a newer checkpoint that cannot be read is passed over with a note; none at all is an error", () => {
  const folder = newFolder();
  for (const step of [1, 2]) writeTrainingState(folder, state(step));
  truncateSync(join(folder, "step-00000002", "optimizer.safetensors"), 40);
  const found = readTrainingState(folder);
  expect(found.state).toEqual(state(1));
  expect(found.notes).toEqual([expect.stringMatching(/^Passed over checkpoint step-00000002: .*truncated/)]);
  writeFileSync(join(folder, "step-00000001", "state.json"), "{");
  expect(() => readTrainingState(folder)).toThrow(/Expected a checkpoint in .*, got none that can be read/);
  // The unreadable one is replaced when its step comes again.
  writeTrainingState(folder, state(2));
  expect(readTrainingState(folder)).toEqual({ state: state(2), notes: [] });
});

test("a folder that is a file is refused with its path", () => {
  const folder = newFolder();
  mkdirSync(root, { recursive: true });
  writeFileSync(folder, "");
  expect(() => writeTrainingState(folder, state(1))).toThrow(new RegExp(`into ${folder}: `));
});
