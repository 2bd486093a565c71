/**
 * The fingerprint of a run: everything that moves a number, by name. Two figures compare where the fingerprints agree; where
 * they do not, the parts that differ say why the figures may.
 */
import * as z from "zod";

/** Parts in the order in which differences are told, and what each one is. */
export const fingerprintParts = {
  benchmark: "name and profile of the benchmark",
  data: "hash of the annotations of the samples that were to be asked",
  coverage: "samples that were to be asked, of all",
  look: "what was shown: video, blind, single frame, shuffled, reversed",
  model: "the model's own fingerprint, or its name",
  prompt: "hash of the wording of all questions",
  sampler: "which frames were chosen, and how many at most",
  decoder: "what decoded them, with versions",
  shape: "how frames travelled in the request",
  generation: "length limit, temperature and other settings of the reply",
  parser: "how replies were read",
  judge: "who decided where no rule did",
  seed: "seed of the run's random draws",
} as const;

export type FingerprintPart = keyof typeof fingerprintParts;

export const partNames = Object.keys(fingerprintParts) as readonly FingerprintPart[];

const part = z.string().nullable();

/** `hash` is of all parts: the first 16 hex digits of SHA-256. A part is null where nobody knows it (an imported log) or there is none. */
export const fingerprintSchema = z.object({
  hash: z.string(),
  parts: z.object(Object.fromEntries(partNames.map((name) => [name, part])) as Record<FingerprintPart, typeof part>),
});

export type FingerprintParts = Readonly<Record<FingerprintPart, string | null>>;
export type Fingerprint = Readonly<{ hash: string; parts: FingerprintParts }>;

/** A part in which two runs differ; `isUnknown` where one of them does not tell it. */
export type PartDifference = Readonly<{
  part: FingerprintPart;
  a: string | null;
  b: string | null;
  isUnknown: boolean;
}>;

/** In what two runs differ. Parts that neither tells are left out. */
export function fingerprintDifferences(a: Fingerprint, b: Fingerprint): PartDifference[] {
  return partNames.flatMap((name) => {
    const [x, y] = [a.parts[name], b.parts[name]];
    return x === y ? [] : [{ part: name, a: x, b: y, isUnknown: x === null || y === null }];
  });
}
