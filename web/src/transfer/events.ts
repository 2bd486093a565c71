/** A training's event log (events.jsonl) as curves: what train/training-event.ts writes, line by line, as it comes. */
import { z } from "zod";

const step = z.looseObject({
  type: z.literal("step"),
  stage: z.string(),
  step: z.number(),
  steps: z.number(),
  loss: z.number(),
  tokensPerSecond: z.number().optional(),
  etaSeconds: z.number().optional(),
  seconds: z.number().optional(),
});
const validation = z.looseObject({
  type: z.literal("validation"),
  stage: z.string(),
  step: z.number(),
  values: z.record(z.string(), z.number()),
});
const start = z.looseObject({ type: z.literal("start"), stage: z.string(), step: z.number() });

export type StepRow = z.infer<typeof step>;
export type Stage = Readonly<{
  name: string;
  steps: readonly StepRow[];
  validations: readonly Readonly<{ step: number; values: Readonly<Record<string, number>> }>[];
}>;

/** Stages in the order in which they began. Lines that are no event are left out: the last may be torn. */
export function readEvents(text: string): Stage[] {
  const stages = new Map<
    string,
    { steps: StepRow[]; validations: { step: number; values: Record<string, number> }[] }
  >();
  const at = (name: string) => {
    const known = stages.get(name) ?? { steps: [], validations: [] };
    stages.set(name, known);
    return known;
  };
  for (const line of text.split("\n")) {
    const row = jsonOf(line);
    const begun = start.safeParse(row).data;
    if (begun) {
      // A run that goes on tells later steps again.
      const known = at(begun.stage);
      known.steps = known.steps.filter((each) => each.step <= begun.step && begun.step > 0);
      known.validations = known.validations.filter((each) => each.step <= begun.step && begun.step > 0);
      continue;
    }
    const told = step.safeParse(row).data;
    if (told) at(told.stage).steps.push(told);
    const validated = validation.safeParse(row).data;
    if (validated) at(validated.stage).validations.push({ step: validated.step, values: validated.values });
  }
  return [...stages].filter(([, { steps }]) => steps.length > 0).map(([name, rows]) => ({ name, ...rows }));
}

/** At most `most` points, each the mean of its neighbours: what a plot of this width can show. */
export function thinned(steps: readonly StepRow[], most = 400): { step: number; loss: number }[] {
  const size = Math.max(1, Math.ceil(steps.length / most));
  return Array.from({ length: Math.ceil(steps.length / size) }, (_, i) => {
    const part = steps.slice(i * size, (i + 1) * size);
    const loss = part.reduce((sum, each) => sum + each.loss, 0) / part.length;
    return { step: (part.at(-1) as StepRow).step, loss };
  });
}

/** The mean of the last `span` points at every point; of fewer at the start. */
export function smoothed(
  points: readonly { step: number; loss: number }[],
  span = 15,
): { step: number; loss: number }[] {
  return points.map(({ step: at }, i) => {
    const near = points.slice(Math.max(0, i - span + 1), i + 1);
    return { step: at, loss: near.reduce((sum, { loss }) => sum + loss, 0) / near.length };
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
