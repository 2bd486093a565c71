/**
 * Replies of a log read anew: another parser, another convention. No model is asked; a row changes in how it was read and scored,
 * in nothing else.
 */
import { parseChoice } from "../../core/text/index.ts";
import { benchmarks, type Reader, type Reading, readReplies, readReply } from "../benchmarks/index.ts";
import type { DenseConvention } from "../dense-captioning/index.ts";
import { choiceDoc, type FingerprintPart, type RunConfig, type RunRow, replyOf } from "./format/index.ts";
import { type GroundingRules, groundingOf, groundingRow, rulesName, settingsOfRules } from "./grounding-row.ts";
import { accuracyOf, itemOf, parseOf } from "./item-row.ts";
import { isLettered, letterReader, letterRules } from "./letter-readers.ts";
import { fingerprintOf } from "./run-config.ts";

/** A choice is read by a parser's name (parsersOf), a moment by rules; of captions a convention says what a missing video is worth. */
export type Rereading =
  | Readonly<{ task: "choice"; parser: string }>
  | Readonly<{ task: "grounding"; rules: GroundingRules }>
  | Readonly<{ task: "captions"; convention: DenseConvention }>;

/** Parsers that can read a run's replies: the benchmark's own of all times, ours, and other harnesses' rules for letters. */
export function parsersOf(config: RunConfig, rows: readonly RunRow[]): string[] {
  if (config.task !== "choice") return [];
  const benchmark = benchmarks.find(({ name }) => name === config.benchmark);
  const own =
    benchmark && rows.every((row) => itemOf(row, config) !== null) ? [...benchmark.profiles, "default"] : ["choice"];
  return rows.some((row) => letterable(row) !== null) ? [...own, ...letterRules] : own;
}

/** A row read anew; a moment that is missing counts as the convention has it. Throws RangeError on an unknown parser. */
export function rereadRow(row: RunRow, config: RunConfig, how: Rereading): RunRow {
  if (how.task === "grounding") return rereadMoment(row, how.rules);
  if (how.task === "captions") return recountCaptions(row, how.convention);
  return row.temporal.parse.status === "missing" ? row : rereadChoice(row, config, how.parser);
}

/** The run that rows read anew belong to: its parser, and where it comes from. */
export function rereadConfig(config: RunConfig, how: Rereading, source: string): RunConfig {
  const parser = parserOf(config, how);
  const parts: Record<FingerprintPart, string | null> = { ...config.fingerprint.parts, parser };
  const settings = {
    ...config.settings,
    ...(how.task === "grounding" && settingsOfRules(how.rules)),
    ...(how.task === "captions" && { convention: how.convention }),
    rescoredFrom: source,
  };
  return { ...config, settings, fingerprint: fingerprintOf(parts) };
}

function rereadChoice(row: RunRow, config: RunConfig, parser: string): RunRow {
  const reading = readingBy(row, config, parser);
  return { ...row, accuracy: accuracyOf(reading), temporal: { ...row.temporal, parse: parseOf(reading) } };
}

function readingBy(row: RunRow, config: RunConfig, parser: string): Reading {
  const reply = replyOf(row);
  const rule = letterRules.find((name) => name === parser);
  if (rule !== undefined) {
    const doc = letterable(row);
    if (doc === null) return { kind: "unjudged", reason: "no question with letters" };
    return typeof reply === "string" ? letterReader(rule, doc)(reply) : unread(reply);
  }
  const item = itemOf(row, { ...config, profile: isProfile(config, parser) ? parser : config.profile });
  if (item === null) {
    if (parser !== "choice") throw unknownParser(parser, ["choice", ...letterRules]);
    return typeof reply === "string" ? choiceReader(row)(reply) : unread(reply);
  }
  if (!(parser in item.read)) throw unknownParser(parser, [...Object.keys(item.read), ...letterRules]);
  const { verdict } = row.temporal;
  // A judge's verdict belongs to the official reading alone.
  if (parser !== "official" || verdict === undefined) return readReply(item, parser, reply);
  const [read] = readReplies([item], new Map([[item.id, reply]]), {
    reader: parser,
    verdicts: new Map([[item.id, verdict]]),
  });
  return read?.reading ?? readReply(item, parser, reply);
}

function rereadMoment(row: RunRow, rules: GroundingRules): RunRow {
  const { query, answer } = groundingOf(row);
  const { iou, temporal } = groundingRow({ query, answer, place: row.doc_id }, rules);
  const { parse, spans_pred } = temporal;
  return { ...row, iou, temporal: { ...row.temporal, parse, spans_pred } };
}

/** Captions are read as they were; only a video without a prediction counts 0 or not at all. */
function recountCaptions(row: RunRow, convention: DenseConvention): RunRow {
  if (row.temporal.parse.status !== "missing") return row;
  const value = convention === "strict" ? 0 : null;
  return { ...row, ...Object.fromEntries(row.metrics.map((metric) => [metric, value])) };
}

/** "strict, METEOR 1.5 ..." keeps what stands behind the convention. */
function parserOf({ fingerprint }: RunConfig, how: Rereading): string {
  if (how.task === "choice") return how.parser;
  if (how.task === "grounding") return rulesName(how.rules);
  const [, ...rest] = (fingerprint.parts.parser ?? "").split(", ");
  return [how.convention, ...rest].join(", ");
}

function choiceReader(row: RunRow): Reader {
  const { options = [], answer_index: answer = -1 } = choiceDoc.safeParse(row.doc).data ?? {};
  return (reply) => {
    const choice = parseChoice(reply, options);
    if (choice.kind === "unparsed") return { kind: "unparsed", reason: choice.reason };
    return { kind: "read", correct: choice.index === answer, rule: choice.rule };
  };
}

/** The options of a question with letters; null of yes and no, of captions, and where nobody knows which is right. */
function letterable(row: RunRow) {
  const doc = choiceDoc.safeParse(row.doc).data;
  if (!doc || !isLettered(doc)) return null;
  return doc.groups.task === "captioning" || doc.groups.task === "caption_matching" ? null : doc;
}

function isProfile({ benchmark }: RunConfig, parser: string): boolean {
  return benchmarks.find(({ name }) => name === benchmark)?.profiles.includes(parser) ?? false;
}

function unread(reply: unknown): Reading {
  return {
    kind: "unparsed",
    reason: `the prediction is ${reply === null ? "null" : Array.isArray(reply) ? "an array" : typeof reply}`,
  };
}

function unknownParser(parser: string, known: readonly string[]): RangeError {
  return new RangeError(`Expected a parser of this run (${[...new Set(known)].join(", ")}), got "${parser}".`);
}
