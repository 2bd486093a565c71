/**
 * The flags of `zoetrope look-inside`, read and checked, and what is open while it runs.
 */
import type { LocalModelParts, promptReader } from "../chat/index.ts";
import { type SamplerName, samplers } from "../media/sampling/index.ts";
import type { WhiteBox } from "../nn/models/index.ts";
import { type KnockOutId, knockOutIds } from "../probes/index.ts";
import { oneOf, seedNumber, wholeNumber } from "./flags.ts";

export const samplerNames = Object.keys(samplers) as SamplerName[];
const exportable = ["hidden", "attention"] as const;

export type LookFlags = Readonly<{
  model: string;
  frames: string;
  sampler: string;
  options?: string;
  answer?: string;
  world?: string;
  samples?: string;
  seeds: string;
  seed: string;
  limit?: string;
  knockOuts?: string;
  window?: string;
  every?: string;
  heads?: boolean;
  words: string;
  export?: string;
  out?: string;
  json?: boolean;
}>;

/** The model, its reader, and the numbers of the flags. */
export type Opened = ReturnType<typeof numbersOf> &
  Readonly<{
    parts: LocalModelParts;
    reader: ReturnType<typeof promptReader>;
    box: WhiteBox;
    width: number;
    every: number;
  }>;

export function numbersOf(flags: LookFlags) {
  const list = (value: string) => value.split(",").map((name) => name.trim());
  const optional = (flag: string, value: string | undefined) =>
    value === undefined ? undefined : wholeNumber(flag, value);
  return {
    frames: wholeNumber("--frames", flags.frames),
    sampler: oneOf("--sampler", samplerNames, flags.sampler),
    knockOuts:
      flags.knockOuts === undefined
        ? knockOutIds
        : list(flags.knockOuts).map((name): KnockOutId => oneOf("--knock-outs", knockOutIds, name)),
    kept: flags.export === undefined ? [] : list(flags.export).map((name) => oneOf("--export", exportable, name)),
    words: wholeNumber("--words", flags.words),
    seeds: wholeNumber("--seeds", flags.seeds),
    seed: seedNumber("--seed", flags.seed),
    limit: optional("--limit", flags.limit),
    width: optional("--window", flags.window),
    every: optional("--every", flags.every),
  };
}

/** A path as a part of a folder's name. */
export function nameOf(path: string): string {
  return path
    .replace(/^.*[/\\](?=.)/, "")
    .replace(/\.\w{2,5}$/, "")
    .replace(/[^\w.-]+/g, "");
}

/** The command that makes the same again, but for the video and the question. */
export function commandOf({ model, world, samples, seeds }: LookFlags): string {
  const what = samples ? ` --samples ${samples}` : world ? ` --world ${world} --seeds ${seeds}` : " VIDEO QUESTION";
  return `zoetrope look-inside${what} --model ${model}`;
}
