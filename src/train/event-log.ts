/**
 * events.jsonl: one line an event, appended as it happens; plots and reports read it.
 *
 * A start event at step k takes back what an earlier run told about later steps of that stage, so that every step is there
 * once, however often the run was interrupted.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { isDiskFull, writeTextDurably } from "./durable-file.ts";
import type { TrainingEvent } from "./training-event.ts";

const rowSchema = z.looseObject({ type: z.string(), stage: z.string(), step: z.number().optional() });
export type EventRow = z.output<typeof rowSchema>;

/** Append an event. */
export function appendEvent(path: string, event: TrainingEvent): void {
  if (event.type === "start") takeBack(path, event.stage, event.step);
  writing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, `${JSON.stringify(event)}\n`);
  });
}

/** Cut off a last line that was left unfinished by a kill; call it before appending to an earlier run's file. */
export function mendEvents(path: string): void {
  if (!existsSync(path)) return;
  const text = readFileSync(path);
  const whole = text.lastIndexOf("\n") + 1;
  if (whole < text.length) writing(path, () => truncateSync(path, whole));
}

/** The events so far. A last line that was cut short by a kill is left out. */
export function readEvents(path: string): EventRow[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.flatMap((line, i) => {
    if (line === "") return [];
    try {
      return [rowSchema.parse(JSON.parse(line))];
    } catch {
      if (i === lines.length - 1) return [];
      throw new Error(`Expected an event a line, got something else in line ${i + 1} of ${path}. Remove that line.`);
    }
  });
}

/** Drop the stage's rows about steps that will be told again. */
function takeBack(path: string, stage: string, step: number): void {
  if (!existsSync(path)) return;
  const stays = (row: EventRow) =>
    row.stage !== stage || row.type === "stage" || (row.step !== undefined && row.step <= step && step > 0);
  const text = readEvents(path)
    .filter(stays)
    .map((row) => `${JSON.stringify(row)}\n`)
    .join("");
  if (text !== readFileSync(path, "utf8")) writing(path, () => writeTextDurably(path, text));
}

function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const [what, remedy] = isDiskFull(error)
      ? ["the disk is full", "Free some space"]
      : [(error as Error).message, "Make it writable"];
    throw new Error(`Could not write ${path}: ${what}. ${remedy} and run the same again to resume.`, { cause: error });
  }
}
