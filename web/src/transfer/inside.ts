/** What `zoetrope look-inside` leaves as JSON: one question looked into, or knock-outs over many. */
import { z } from "zod";

const cut = { id: z.string(), title: z.string() };
const look = z.looseObject({
  format: z.literal("zoetrope-look-inside"),
  model: z.string(),
  question: z.looseObject({ text: z.string(), video: z.string() }),
  groups: z.array(z.looseObject({ kind: z.string(), name: z.string() })).min(1),
  answers: z.array(z.string()).min(1),
  right: z.number(),
  width: z.number(),
  /** [layer][head][query group][key group] */
  attention: z.array(z.array(z.array(z.array(z.number()))).min(1)).min(1),
  knockOuts: z.array(
    z.looseObject({
      ...cut,
      points: z.array(z.looseObject({ centre: z.number(), change: z.number() })),
      whole: z.number(),
    }),
  ),
});
const estimate = z.looseObject({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
const study = z.looseObject({
  format: z.literal("zoetrope-knock-out"),
  model: z.string(),
  source: z.string(),
  questions: z.number(),
  videos: z.number(),
  width: z.number(),
  groups: z.array(z.looseObject({ name: z.string(), n: z.number(), correct: z.number() })).min(1),
  knockOuts: z.array(
    z.looseObject({
      ...cut,
      curves: z.array(
        z.looseObject({
          group: z.string(),
          points: z.array(z.looseObject({ centre: z.number(), change: estimate })),
          whole: z.looseObject({ change: estimate }),
        }),
      ),
    }),
  ),
});

export type Look = z.infer<typeof look>;
export type KnockOutStudy = z.infer<typeof study>;
export type Inside = Look | KnockOutStudy;

/** The record in a parsed file; null where it is none. Throws an Error where it says that it is one and is not whole. */
export function readInside(value: unknown): Inside | null {
  const { format } = z.looseObject({ format: z.string() }).safeParse(value).data ?? {};
  if (format !== "zoetrope-look-inside" && format !== "zoetrope-knock-out") return null;
  const read = (format === "zoetrope-look-inside" ? look : study).safeParse(value);
  if (read.success) return read.data;
  throw new Error(
    `Expected a whole record of zoetrope look-inside, got one with faults: ${z.prettifyError(read.error)}`,
  );
}

/** A cell of an attention map: how much of a group's attention goes to a group, over all heads. */
export type FlowCell = Readonly<{ layer: number; query: string; key: string; share: number }>;

/** Maps of every layer; cells that nothing can flow through, because they come later, are left out. */
export function flowCells({ attention, groups }: Look): FlowCell[] {
  return attention.flatMap((heads, layer) =>
    groups.flatMap((query, q) =>
      groups.flatMap((key, k): FlowCell[] => {
        const share = heads.reduce((sum, map) => sum + (map[q]?.[k] ?? 0), 0) / heads.length;
        return k > q && share === 0 ? [] : [{ layer, query: query.name, key: key.name, share }];
      }),
    ),
  );
}

/** A point of a knock-out's curve, in percent; null intervals where there is one question only. */
export type CurvePoint = Readonly<{
  cut: string;
  group: string;
  centre: number;
  change: number;
  low: number | null;
  high: number | null;
}>;

/** Curves of the first two groups of questions, or of the one question. Changes above +100 % are drawn there. */
export function curvePoints(inside: Inside): CurvePoint[] {
  const held = (value: number) => Math.min(100, value);
  if (inside.format === "zoetrope-look-inside") {
    return inside.knockOuts.flatMap(({ title, points }) =>
      points.map(({ centre, change }) => ({
        ...{ cut: title, group: "this question", centre, change: held(change), low: null, high: null },
      })),
    );
  }
  const shown = inside.groups.slice(0, 2).map(({ name }) => name);
  return inside.knockOuts.flatMap(({ title, curves }) =>
    curves
      .filter(({ group }) => shown.includes(group))
      .flatMap(({ group, points }) =>
        points.flatMap(({ centre, change: { value, low, high } }): CurvePoint[] =>
          value === null
            ? []
            : [
                {
                  ...{ cut: title, group, centre, change: held(value) },
                  ...{ low: low === null ? null : held(low), high: high === null ? null : held(high) },
                },
              ],
        ),
      ),
  );
}
