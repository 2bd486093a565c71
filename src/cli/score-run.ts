/** `zoetrope score NAME RUN`: the full report of a run out of its log; annotations, replies and frames are all in it. */
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { type MomentConvention, momentConventions } from "../core/metrics/index.ts";
import {
  defaultRuns,
  denseConventions,
  detectLog,
  groundingRules,
  type LogScoreOptions,
  type RunConfig,
  readRun,
  resolveRun,
  scoreLog,
} from "../evals/index.ts";
import { printJson, printText } from "./context.ts";
import { oneOf, positiveNumber, seedNumber } from "./flags.ts";

export type RunScoreFlags = Readonly<{
  convention?: string;
  unit?: string;
  frameRate?: string;
  seed: string;
  json?: boolean;
}>;

/** The log that a user names as predictions: a run's log, folder or name; null of anything else. */
export function runLogOf(reference: string): string | null {
  const places = [reference, join(defaultRuns, reference)];
  if (!places.some((path) => existsSync(path) || existsSync(`${path}.jsonl`))) return null;
  try {
    const path = resolveRun(reference);
    return isLog(path) ? path : null;
  } catch {
    // A folder of predictions: other commands know what it is.
    return null;
  }
}

export function scoreRun(name: string, path: string, flags: RunScoreFlags): void {
  const { config, rows } = readRun(path);
  if (config.benchmark !== name)
    throw new Error(`Expected a run of ${name}, got one of ${config.benchmark} (${path}). Name that benchmark.`);
  const score = scoreLog(config, rows, optionsOf(config, flags));
  if (score === null)
    throw new Error(
      `Expected a run whose benchmark is known here, got ${config.benchmark} in another wording (${path}).`,
    );
  if (!flags.json) {
    const { samples, of } = config.coverage;
    const part = samples < of ? `${samples} of ${of} questions of the benchmark were to be asked.\n` : "";
    printText(`${path}: ${config.model}\n${part}${score.text}`);
    return;
  }
  const { task, model, look, settings } = config;
  printJson({ command: "score", benchmark: name, path, task, model, look, settings, summary: score.summary });
}

function optionsOf(config: RunConfig, { convention, unit, frameRate, seed }: RunScoreFlags): LogScoreOptions {
  const options = { seed: seedNumber("--seed", seed) };
  if (config.task === "captions")
    return {
      ...options,
      ...(convention !== undefined && { convention: oneOf("--convention", denseConventions, convention) }),
    };
  if (config.task !== "grounding") return options;
  const recorded = groundingRules(config);
  const names = Object.keys(momentConventions) as MomentConvention[];
  return {
    ...options,
    rules: {
      ...recorded,
      ...(convention !== undefined && { convention: oneOf("--convention", names, convention) }),
      units: {
        unit: oneOf("--unit", ["seconds", "frames", "percent"], unit ?? recorded.units.unit),
        frameRate: frameRate === undefined ? recorded.units.frameRate : positiveNumber("--frame-rate", frameRate),
      },
    },
  };
}

/** By the first line: run logs name their format in it. */
function isLog(path: string): boolean {
  const { size } = statSync(path);
  const start = Buffer.alloc(Math.min(size, 1 << 16));
  const file = openSync(path, "r");
  try {
    readSync(file, start);
  } finally {
    closeSync(file);
  }
  const [first = ""] = start.toString("utf8").split("\n");
  return detectLog(first) === "zoetrope";
}
