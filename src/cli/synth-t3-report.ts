/**
 * What `synth t3` prints in the end: as text or as one JSON object.
 */
import type { ConversationFormat } from "../data/index.ts";
import { T3_FAMILIES, type T3Statistics } from "../synthesis/index.ts";

export type SynthReport = Readonly<{
  statistics: T3Statistics;
  captions: number;
  /** Captions passed over and attempts in vain, by reason. */
  skipped: ReadonlyMap<string, number>;
  /** Captions that no question is about, by reason (a caption may have several). */
  barren: Readonly<{ captions: number; reasons: Readonly<Record<string, number>> }>;
  seconds: number;
  output: string;
  format: ConversationFormat;
  registry: string | null;
  asked: number | undefined;
  /** The model that wrote order and attribute questions, and how often it was asked in this run. */
  writer: Readonly<{ model: string; requests: number; cache: string }> | null;
}>;

export function reportJson(report: SynthReport): Readonly<Record<string, unknown>> {
  const { statistics, captions, skipped, barren, seconds, output, format, registry, writer } = report;
  const { rows, letterImbalance, captionLines, families, splits } = statistics;
  const summary = {
    rows,
    captions,
    captionLines,
    skipped: totalOf(skipped, true),
    vainAttempts: totalOf(skipped, false),
    captionsWithoutQuestion: barren.captions,
    train: splits.train ?? 0,
    validation: splits.validation ?? 0,
    ...Object.fromEntries(T3_FAMILIES.flatMap((name) => (name in families ? [[name, families[name]]] : []))),
    letterImbalance,
    ...(writer && { written: writtenRows(statistics), requests: writer.requests }),
    seconds,
    rowsPerSecond: Math.round(rows / seconds),
  };
  const details = { statistics, skipped: byCount(skipped), captionsWithoutQuestion: barren, writer };
  return { command: "synth t3", output, format, registry, summary, ...details };
}

export function reportText(report: SynthReport): string {
  const { statistics, captions, skipped, barren, seconds, output, format, registry, asked, writer } = report;
  const { rows, letterImbalance, families, splits } = statistics;
  const imbalance = letterImbalance === null ? "-" : `${(100 * letterImbalance).toFixed(2)} %`;
  return [
    `${rows} rows from ${captions} captions -> ${output} (${format}), ${Math.round(rows / seconds)} rows/s`,
    ...(registry === null ? [] : [`entered as "t3" into ${registry}`]),
    ...(asked !== undefined && rows < asked
      ? [`The captions gave ${rows} different questions of the ${asked} asked for.`]
      : []),
    `families: ${pairs(families)}`,
    `split: ${pairs(splits)}; largest letter imbalance ${imbalance}`,
    ...(writer
      ? [
          `${writer.model} wrote ${writtenRows(statistics)} rows; ${writer.requests} requests, replies kept in ${writer.cache}`,
        ]
      : []),
    `passed over (captions) and tried in vain (family: reason):${skipped.size === 0 ? " nothing" : pairs(byCount(skipped), "\n  ")}`,
    `captions without a question: ${barren.captions}${barren.captions === 0 ? "" : pairs(barren.reasons, "\n  ")}`,
  ].join("\n");
}

/** Reasons, the most frequent first. */
export function byCount(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
}

function totalOf(skipped: ReadonlyMap<string, number>, isCaption: boolean): number {
  return [...skipped].reduce(
    (sum, [reason, count]) => sum + (reason.endsWith(" caption") === isCaption ? count : 0),
    0,
  );
}

function writtenRows({ levels }: T3Statistics): number {
  return Object.entries(levels).reduce((sum, [level, count]) => sum + (level.endsWith("/written") ? count : 0), 0);
}

function pairs(counts: Readonly<Record<string, number>>, before = " "): string {
  return Object.entries(counts)
    .map(([name, count]) => `${before}${name} ${count}`)
    .join(before === " " ? "," : "")
    .replace(/^ /, "");
}
