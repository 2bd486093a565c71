/**
 * What a run is, for the first line of its log: named parts, hashed into a fingerprint.
 */
import { createHash } from "node:crypto";
import {
  type Fingerprint,
  type FingerprintPart,
  type FingerprintParts,
  fingerprintDifferences,
  fingerprintParts,
  headlineMetrics,
  partNames,
  type RunConfig,
} from "./format/index.ts";

export type RunDescription = Omit<RunConfig, "fingerprint" | "settings" | "profile" | "look" | "metric"> &
  Readonly<{
    /** Default: the task's own. */
    metric?: string;
    profile?: string | null;
    look?: string;
    settings?: RunConfig["settings"];
    /** Parts of the fingerprint beyond benchmark, coverage, look and seed, which follow from the others. */
    parts: Readonly<
      Partial<Record<Exclude<FingerprintPart, "benchmark" | "coverage" | "look" | "seed">, string | null>>
    >;
  }>;

/** The configuration of a run. Parts that are not named are null: not known, or none. */
export function runConfig({ parts, ...described }: RunDescription): RunConfig {
  const { profile = null, look = "video", settings = {}, metric = headlineMetrics[described.task], ...run } = described;
  const { benchmark, coverage, seed } = run;
  const known: Partial<Record<FingerprintPart, string | null>> = {
    model: run.model,
    ...parts,
    benchmark: profile === null ? benchmark : `${benchmark} ${profile}`,
    coverage: `${coverage.samples}/${coverage.of}`,
    look,
    seed: String(seed),
  };
  const all = Object.fromEntries(partNames.map((name) => [name, known[name] ?? null])) as FingerprintParts;
  return { ...run, metric, profile, look, settings, fingerprint: fingerprintOf(all) };
}

/** Parts with their hash. */
export function fingerprintOf(parts: FingerprintParts): Fingerprint {
  return { hash: sha256(JSON.stringify(partNames.map((name) => parts[name]))).slice(0, 16), parts };
}

/** Hex digits of a text's SHA-256. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A short hash over many texts in order: of all prompts, of all annotations. */
export function hashOfAll(texts: Iterable<string>): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}:`).update(text);
  return hash.digest("hex").slice(0, 16);
}

/** Hex digits of an annotation's SHA-256 as lmms-eval's doc_hash has it: over its JSON with two blanks of indentation. */
export function docHash(doc: unknown): string {
  return sha256(JSON.stringify(doc, null, 2));
}

/** In what a run that is to be gone on with differs from the one that its log records. */
export function configDifferences(found: RunConfig, wanted: RunConfig) {
  const parts = fingerprintDifferences(found.fingerprint, wanted.fingerprint);
  if (found.task !== wanted.task) return [{ what: "task", found: found.task, wanted: wanted.task }];
  const isHash = (part: FingerprintPart) => part === "data" || part === "prompt";
  // A hash says nothing to a reader: what else differs comes first.
  parts.sort((x, y) => Number(isHash(x.part)) - Number(isHash(y.part)));
  return parts.map(({ part, a, b }) => {
    return { what: isHash(part) ? `${part} (${fingerprintParts[part]})` : part, found: a, wanted: b };
  });
}
