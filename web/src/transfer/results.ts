/** What recipes leave as JSON: the table of reproduce t3, the probe's rows, the scatter of its full analysis. */
import { z } from "zod";
import { type Inside, readInside } from "./inside.ts";

const score = z.looseObject({
  n: z.number(),
  unparsed: z.number(),
  accuracy: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
const gain = z.looseObject({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() });
const transferRow = z.looseObject({
  label: z.string(),
  kind: z.string(),
  total: z.boolean(),
  chance: z.number().nullable(),
  baseline: score,
  control: score.nullish(),
  t3: score,
  gain,
});
const interval = z.looseObject({ value: z.number().nullable(), low: z.number().nullish(), high: z.number().nullish() });
const probeRow = z.looseObject({
  label: z.string(),
  level: z.string(),
  full: interval,
  decoder: interval,
  probe: interval,
  lostInEncoder: interval,
  lostInDecoder: interval,
  lostInInterface: interval,
});
const correlation = z.looseObject({
  points: z.array(z.looseObject({ label: z.string(), x: z.number(), y: z.number() })),
  pearson: z.looseObject({ r: z.number().nullable(), p: z.number().nullish() }),
});

export type TransferRow = z.infer<typeof transferRow>;
export type ProbeRow = z.infer<typeof probeRow>;
export type TextVideo = z.infer<typeof correlation>;

export type RecipeResult = Readonly<{
  file: string;
  command: string;
  seeds: number | null;
  machine: string | null;
}> &
  Readonly<
    | { kind: "transfer"; rows: readonly TransferRow[] }
    | { kind: "probe"; rows: readonly ProbeRow[] }
    | { kind: "correlation"; correlation: TextVideo }
    | { kind: "inside"; inside: Inside }
  >;

const facts = z.looseObject({
  command: z.string().optional(),
  seeds: z.array(z.number()).optional(),
  machine: z.string().optional(),
});

/**
 * Files of results that lie in the folder of these events or above it: a recipe trains in folders below its own. Where there are no
 * events, the latest file, since some runs keep none.
 */
export function resultsOfRun<File extends Readonly<{ path: string; kind: string; changed: number }>>(
  files: readonly File[],
  events: string | null,
): File[] {
  const results = files.filter(({ kind }) => kind === "result");
  if (events === null) return results.sort((a, b) => b.changed - a.changed).slice(0, 1);
  return results.filter(({ path }) => events.startsWith(path.slice(0, path.lastIndexOf("/") + 1)));
}

/** Every result that a JSON file holds. Throws an Error where it holds none. */
export function readResults(file: string, text: string): RecipeResult[] {
  const value: unknown = JSON.parse(text);
  const { command = file, seeds, machine } = facts.safeParse(value).data ?? {};
  const about = { file, command, seeds: seeds?.length ?? null, machine: machine ?? null };
  const whole = z.looseObject({
    rows: z.array(z.unknown()).optional(),
    correlation: z.unknown().optional(),
    report: z.unknown().optional(),
  });
  const { rows, correlation: scatter, report } = whole.safeParse(value).data ?? {};
  const inner = whole.safeParse(report).data;
  const found: RecipeResult[] = [];
  const inside = readInside(value);
  if (inside !== null) found.push({ ...about, kind: "inside", inside });
  const transfer = z.array(transferRow).min(1).safeParse(rows);
  if (transfer.success) found.push({ ...about, kind: "transfer", rows: transfer.data });
  const probe = z.array(probeRow).min(1).safeParse(rows);
  if (probe.success) found.push({ ...about, kind: "probe", rows: probe.data });
  const points = correlation.safeParse(scatter ?? inner?.correlation);
  if (points.success) found.push({ ...about, kind: "correlation", correlation: points.data });
  if (found.length > 0) return found;
  throw new Error(
    "Expected the JSON that reproduce t3, probe, reproduce t3 --full or look-inside prints, got another one.",
  );
}
