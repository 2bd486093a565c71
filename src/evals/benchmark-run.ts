/**
 * What a run of a benchmark records: a log a look, a row a reply with the frames behind it. Readings are not recorded; they
 * follow from the replies, so that a run can be read anew.
 */
import { z } from "zod";
import type { LogKind } from "./row-log.ts";

const benchmarkRunConfig = z.object({
  benchmark: z.string(),
  profile: z.string(),
  model: z.string(),
  fingerprint: z.string(),
  sampler: z.string(),
  look: z.string(),
  seed: z.number().int(),
  maxNewTokens: z.number().int(),
  coverage: z.object({ questions: z.number().int(), of: z.number().int() }),
});

const benchmarkRow = z.object({
  id: z.string(),
  video: z.string(),
  prompt: z.string(),
  reply: z.string(),
  finish: z.enum(["stop", "length"]),
  frames: z.array(z.object({ time: z.number(), index: z.number().int() })),
});

export type BenchmarkRunConfig = Readonly<z.infer<typeof benchmarkRunConfig>>;
export type BenchmarkRow = Readonly<z.infer<typeof benchmarkRow>>;

export const benchmarkRunLog: LogKind<BenchmarkRunConfig, BenchmarkRow> = {
  format: "zoetrope-benchmark-run",
  config: benchmarkRunConfig,
  row: benchmarkRow,
  rowName: "a reply",
};
