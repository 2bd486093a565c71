/**
 * The first line of a run log: what was run, and the fingerprint of everything that its numbers depend on.
 */
import * as z from "zod";
import { fingerprintSchema } from "./fingerprint.ts";

/** What a sample asks for: one of several options (or yes and no), a moment, ranked windows and saliency, captions with times. */
export const runTasks = ["choice", "grounding", "highlights", "captions"] as const;
export type RunTask = (typeof runTasks)[number];

export const runFormat = "zoetrope-run";
export const runVersion = 2;

const setting = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const runConfigSchema = z.object({
  task: z.enum(runTasks),
  benchmark: z.string(),
  /** Names prompts and readers of a time; null where the benchmark has one way only. */
  profile: z.string().nullable(),
  /** As the user named it. */
  model: z.string(),
  look: z.string(),
  seed: z.number().int(),
  /** The one that a list shows. */
  metric: z.string(),
  coverage: z.object({ samples: z.number().int(), of: z.number().int() }),
  fingerprint: fingerprintSchema,
  /** What re-scoring starts from (convention, unit, ...) and what else is good to know. */
  settings: z.record(z.string(), setting),
  /** Where the log was brought in from. */
  imported: z.object({ format: z.string(), file: z.string() }).optional(),
});

export const runHeadSchema = z.object({
  format: z.literal(runFormat),
  version: z.literal(runVersion),
  /** ISO 8601. No part of the fingerprint. */
  created: z.string().optional(),
  config: runConfigSchema,
});

export type RunConfig = Readonly<z.infer<typeof runConfigSchema>>;
export type RunHead = Readonly<z.infer<typeof runHeadSchema>>;
