/**
 * Moments in free text, from any model: seconds, clock notation, frame numbers, percentages, JSON, ranges, time tokens.
 *
 * The text is searched for times, and neighbouring times become spans by the words around them. Nothing is guessed that the
 * text does not say, except that a number without a unit counts `bareUnit`.
 */
import { type JsonPair, jsonPairs } from "./json-spans.ts";
import { type PairRule, pairRule } from "./pair-rules.ts";
import { isRefusal } from "./refusal.ts";
import type { ExtractedSpan, SpanExtraction, SpanOptions, SpanUnit, UnparsedReason } from "./span-extraction.ts";
import { type TimeExpression, timeExpressions } from "./time-expression.ts";
import { toSeconds } from "./to-seconds.ts";

const confidences: Readonly<Record<PairRule | "json" | "two-times", number>> = {
  json: 0.95,
  "time-tokens": 0.95,
  "from-to": 0.95,
  "between-and": 0.95,
  "start-end": 0.95,
  range: 0.9,
  bracket: 0.85,
  "bare-range": 0.45,
  "two-times": 0.3,
};
/** Readings below this are left out where there is one above it: "2-3 people walk from 12 to 18 s". */
const sure = 0.5;

type Pair = Readonly<{ a: TimeExpression; b: TimeExpression; rule: keyof typeof confidences; text: string }>;

/**
 * The spans of a text in its order, in seconds, or the reason why there are none. Reversed spans come in order and flagged;
 * spans beyond the duration come as said and flagged.
 */
export function extractSpans(answer: string, options: SpanOptions = {}): SpanExtraction {
  const text = finalAnswer(answer);
  const unparsed = (reason: UnparsedReason): SpanExtraction => ({ kind: "unparsed", reason, text: answer });
  if (text.trim() === "") return unparsed("empty");
  const pairs = pairsIn(text, options);
  if (pairs.length === 0) {
    if (isRefusal(text)) return unparsed("refused");
    const times = timeExpressions(text, options.tokens);
    return unparsed(times.length === 0 ? "no time" : times.length === 1 ? "one time only" : "times without a span");
  }
  const spans: ExtractedSpan[] = [];
  let reason: UnparsedReason = "no time";
  for (const pair of pairs) {
    const read = spanOf(pair, options);
    if (typeof read === "string") reason = read;
    else spans.push(read);
  }
  return spans.length === 0 ? unparsed(reason) : { kind: "spans", spans };
}

/** What stands in <answer> tags where there are any; reasoning in <think> tags never counts. */
function finalAnswer(text: string): string {
  const answered = /<answer>([\s\S]*?)(?:<\/answer>|$)/i.exec(text)?.[1];
  return answered ?? text.replace(/<think>[\s\S]*?<\/think>/gi, " ");
}

function pairsIn(text: string, options: SpanOptions): Pair[] {
  const fromJson = jsonPairs(text).flatMap((pair) => pairsOfJson(pair, options));
  if (fromJson.length > 0) return fromJson;
  const times = timeExpressions(text, options.tokens);
  const pairs: Pair[] = [];
  for (let i = 0; i + 1 < times.length; i++) {
    const [a, b] = [times[i] as TimeExpression, times[i + 1] as TimeExpression];
    const rule = pairRule(text, a, b);
    if (rule === null) continue;
    pairs.push({ a, b, rule, text: text.slice(a.from, b.to) });
    i++;
  }
  const certain = pairs.filter(({ rule }) => confidences[rule] >= sure);
  if (certain.length > 0) return certain;
  const [a, b] = times;
  if (pairs.length === 0 && times.length === 2 && a?.unit !== undefined && b?.unit !== undefined)
    return [{ a, b, rule: "two-times", text: text.slice(a.from, b.to) }];
  return pairs;
}

function pairsOfJson(pair: JsonPair, options: SpanOptions): Pair[] {
  if (pair.kind === "text") {
    return pairsIn(pair.text, options).map((each) => ({ ...each, rule: "json" }));
  }
  const [a, b] = pair.ends.map((end) => {
    const times = timeExpressions(String(end), options.tokens);
    return times.length === 1 ? (times[0] as TimeExpression) : undefined;
  });
  if (!a || !b) return [];
  const told = (time: TimeExpression) => ({ ...time, unit: time.unit ?? pair.unit });
  const rule = pair.isBare ? "bracket" : "json";
  return [{ a: told(a), b: told(b), rule, text: pair.ends.map(String).join(", ") }];
}

/** The pair in seconds; a bare number takes over its neighbour's unit. */
function spanOf({ a, b, rule, text }: Pair, options: SpanOptions): ExtractedSpan | UnparsedReason {
  const bare = options.bareUnit ?? "seconds";
  const inherited = (own: TimeExpression, other: TimeExpression): { unit: SpanUnit; value: number } => {
    if (own.unit !== undefined) return { unit: own.unit, value: own.value };
    if (other.unit === undefined) return { unit: bare, value: own.value };
    return { unit: other.unit, value: own.value * (other.isClock ? 1 : other.scale) };
  };
  const [first, second] = [inherited(a, b), inherited(b, a)];
  const start = toSeconds(first.value, first.unit, options);
  const end = toSeconds(second.value, second.unit, options);
  if (typeof start === "string") return start;
  if (typeof end === "string") return end;
  const isUnitStated = a.unit !== undefined || b.unit !== undefined;
  const isReversed = start.seconds > end.seconds;
  const isBeyond = start.isBeyond || end.isBeyond;
  const doubt = (isUnitStated || options.bareUnit ? 1 : 0.8) * (isReversed ? 0.5 : 1) * (isBeyond ? 0.5 : 1);
  return {
    start: Math.min(start.seconds, end.seconds),
    end: Math.max(start.seconds, end.seconds),
    unit: first.unit,
    isUnitStated,
    rule,
    confidence: confidences[rule] * doubt,
    isReversed,
    isBeyond,
    raw: [first.value, second.value],
    text,
  };
}
