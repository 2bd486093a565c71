/**
 * An evaluation that is killed again and again: `zoetrope eval` in a process of its own, SIGKILL as soon as its log has so many
 * lines, the same command once more. Oracle: the log of the same evaluation left alone.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Rng } from "../../src/core/math/index.ts";
import { orderScript, wholeVocabulary, writeWorldVideo } from "../../src/world/index.ts";

const root = resolve(import.meta.dirname, "../..");

export type KilledEval = Readonly<{
  /** Rows of the log that was killed, and of the one that was not. */
  rows: readonly string[];
  expected: readonly string[];
  /** Lines that the log had when the process was dead, a number a kill. */
  killedAt: readonly number[];
  /** Kills that left a torn line or a lock behind. */
  torn: number;
  locked: number;
}>;

export type KillOptions = Readonly<{ folder: string; samples: number; kills: number; seed: number }>;

/** Run both. Five questions a video; the model is a script, so that a reply depends on its question alone. */
export async function killedEval({ folder, samples, kills, seed }: KillOptions): Promise<KilledEval> {
  const rng = new Rng(`kill/${seed}`);
  await writeData(folder, samples);
  const whole = await finish(folder, "whole");
  const path = logOf(folder, "killed");
  const points = Array.from({ length: kills }, () => rng.integer(1, samples - 1)).sort((a, b) => a - b);
  const killedAt: number[] = [];
  let [torn, locked] = [0, 0];
  for (const point of points) {
    const child = start(folder, "killed");
    const ended = new Promise<void>((done) => child.once("exit", () => done()));
    while (child.exitCode === null && linesOf(path) <= point) await setImmediate();
    child.kill("SIGKILL");
    await ended;
    if (child.signalCode !== "SIGKILL")
      throw new Error(`Expected to kill the evaluation at line ${point}, got there too late.`);
    killedAt.push(linesOf(path));
    if (!readFileSync(path, "utf8").endsWith("\n")) torn++;
    if (existsSync(`${path}.lock`)) locked++;
  }
  const killed = await finish(folder, "killed");
  return { rows: killed, expected: whole, killedAt, torn, locked };
}

async function writeData(folder: string, samples: number): Promise<void> {
  const perVideo = 5;
  const videos = Array.from({ length: Math.ceil(samples / perVideo) }, (_, v) => `video-${v}`);
  const questions = videos.map((video, v) => {
    const list = Array.from({ length: Math.min(perVideo, samples - v * perVideo) }, (_, i) => ({
      question: `Is shape ${v * perVideo + i} shown?`,
      answer: i % 2 === 0 ? "yes" : "no",
    }));
    return [video, { action: list }];
  });
  mkdirSync(join(folder, "questions"), { recursive: true });
  writeFileSync(join(folder, "questions", "yes_no.json"), JSON.stringify(Object.fromEntries(questions)));
  const script = orderScript(new Rng(1), wholeVocabulary);
  await writeWorldVideo(join(folder, "videos", "video-0.mp4"), script, { width: 32, height: 32 });
  const bytes = readFileSync(join(folder, "videos", "video-0.mp4"));
  for (const video of videos.slice(1)) writeFileSync(join(folder, "videos", `${video}.mp4`), bytes);
  const replies = { "shape \\d*[036]\\b": "Yes, it is.", "shape \\d*[147]\\b": "no", ".*": "I cannot tell." };
  writeFileSync(join(folder, "script.json"), JSON.stringify(replies));
}

function start(folder: string, name: string): ChildProcess {
  const flags = ["--data", folder, "--model", `scripted:${join(folder, "script.json")}`, "--frames", "2", "--quiet"];
  const command = ["--import", "tsx", join(root, "src/cli/main.ts"), "eval", "tempcompass", ...flags];
  const output = ["-o", join(folder, name), "--json"];
  return spawn(process.execPath, [...command, ...output], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}

/** Let an evaluation run to its end; the rows of its log. */
async function finish(folder: string, name: string): Promise<string[]> {
  const child = start(folder, name);
  const status = await new Promise<number | null>((done) => child.once("exit", done));
  if (status !== 0) throw new Error(`Expected the evaluation to end with 0, got ${status}.`);
  return readFileSync(logOf(folder, name), "utf8").trimEnd().split("\n").slice(1);
}

const logOf = (folder: string, name: string) => join(folder, name, "video.jsonl");

function linesOf(path: string): number {
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0;
}
