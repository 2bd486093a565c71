/** A reply to a question of a benchmark of moments, read and scored, as a row of a run log. */
import type { Reply } from "../../chat/index.ts";
import { clipLength } from "../../core/metrics/index.ts";
import { readHighlights, saliencyOf } from "../../tasks/index.ts";
import type { Asked } from "../ask-videos.ts";
import { openEnglishMeteor, readDenseReply, scoreDense } from "../dense-captioning/index.ts";
import { readMoment } from "../moments/index.ts";
import {
  captionsRow,
  type GroundingRules,
  groundingRow,
  highlightsRow,
  momentParse,
  type RunRow,
  type TextReply,
} from "../runs/index.ts";
import { momentText, toldTimes } from "./moment-ask.ts";
import type { MomentItem, MomentSubject } from "./moment-benchmark.ts";
import type { MomentManner } from "./moment-manner.ts";

export type MomentReply = Readonly<{
  asked: Asked<MomentItem>;
  reply: Reply;
  manner: MomentManner;
  /** Place in the benchmark. */
  place: number;
  /** What a row tells of the frames that were shown. */
  shown: Pick<RunRow["temporal"], "frames" | "sampler" | "decoder" | "clip">;
}>;

/** How a run's replies are read and judged: our reader, misses count. */
export function momentRules({ unit, fps = 0.5 }: Pick<MomentManner, "unit" | "fps">): GroundingRules {
  return { convention: "strict", units: { unit, frameRate: fps } };
}

/** Numbers become seconds by the frames that the model saw; lengths are the annotation's, else the file's. */
export function momentRow(source: MomentReply): RunRow {
  const { subject } = source.asked.item;
  switch (subject.kind) {
    case "moment":
      return spanRow(source, subject);
    case "windows":
      return windowsRow(source, subject);
    case "saliency":
      return saliencyRow(source, subject);
    case "captions":
      return eventsRow(source, subject);
    default:
      return subject satisfies never;
  }
}

type Of<Kind extends MomentSubject["kind"]> = Extract<MomentSubject, { kind: Kind }>;

function common({ asked, reply, manner, shown }: MomentReply) {
  return {
    prompt: momentText(asked.item, manner, toldTimes(asked)),
    generation: { max_new_tokens: manner.maxNewTokens, temperature: 0 },
    promptTokens: reply.promptTokens,
    newTokens: reply.newTokens,
    temporal: { ...shown, media: asked.media, finish: reply.finish },
  };
}

function answerOf({ asked, reply, manner }: MomentReply) {
  const frameTimes = manner.unit === "frames" ? { frameTimes: toldTimes(asked) } : {};
  return { kind: "text" as const, text: reply.text, ...frameTimes };
}

function lengthOf(annotated: number, { asked }: MomentReply): number {
  return Number.isFinite(annotated) ? annotated : asked.media.duration;
}

function spanRow(source: MomentReply, { query: annotated }: Of<"moment">): RunRow {
  const query = { ...annotated, duration: lengthOf(annotated.duration, source) };
  const { place, manner } = source;
  return groundingRow({ query, answer: answerOf(source), place, ...common(source) }, momentRules(manner));
}

/** Every span of the reply, in its order, is a window. */
function windowsRow(source: MomentReply, { truth }: Of<"windows">): RunRow {
  const { relevant_windows: windows = [], qid, vid: video, duration, query } = truth;
  const truths = windows.map(([start, end]) => ({ start, end }));
  const read = readMoment(answerOf(source), { id: qid, video, duration, query, truths }, momentRules(source.manner));
  const spans = read.kind === "read" ? read.spans.map(({ start, end }) => [start, end]) : [];
  const said: TextReply = { ...common(source), text: source.reply.text, parse: momentParse(read) };
  return highlightsRow({
    ...{ truth, place: source.place, said, has: { windows: true, saliency: false } },
    prediction: { qid, pred_relevant_windows: spans },
  });
}

/**
 * A number scores the clip in which most of its frame's time lies. A reply that cannot be read has no score anywhere, as for the official
 * script: it ranks the first clip first.
 */
function saliencyRow(source: MomentReply, { truth }: Of<"saliency">): RunRow {
  const { asked, reply, place } = source;
  const times = toldTimes(asked);
  const clipOf = (number: number) => {
    const [start, end] = [times[number], times[number + 1] ?? asked.media.duration];
    return start === undefined ? -1 : Math.floor((start + end) / 2 / clipLength);
  };
  const read = readHighlights(reply.text);
  const clips = Math.trunc(truth.duration / clipLength);
  const scores =
    read.kind === "unparsed"
      ? []
      : saliencyOf({ frames: read.frames.map(clipOf), scores: read.scores }, { clips }).scores;
  const parse: TextReply["parse"] =
    read.kind === "unparsed"
      ? { status: "unparsed", rule: null, reason: read.reason, raw: null }
      : { status: "read", rule: "numpro", reason: null, raw: null };
  return highlightsRow({
    ...{ truth, place, said: { ...common(source), text: reply.text, parse }, has: { windows: false, saliency: true } },
    prediction: { qid: truth.qid, pred_saliency_scores: [...scores] },
  });
}

function eventsRow(source: MomentReply, { truth: annotated }: Of<"captions">): RunRow {
  const { reply, place } = source;
  const truth = { ...annotated, duration: lengthOf(annotated.duration, source) };
  const { video } = truth;
  const read = readDenseReply(reply.text, truth.duration);
  const isUnparsed = read.kind === "unparsed";
  const events = isUnparsed ? [] : read.events;
  const report = scoreDense({
    truths: [[truth]],
    predictions: { byVideo: new Map([[video, events]]), unparsed: isUnparsed ? [video] : [], problems: [] },
    ...{ meteor: openEnglishMeteor(), convention: "strict", seed: 0 },
  });
  const parse: TextReply["parse"] = isUnparsed
    ? { status: "unparsed", rule: null, reason: read.reason, raw: null }
    : { status: "read", rule: read.rule, reason: null, raw: null };
  const said: TextReply = { ...common(source), text: reply.text, parse };
  return captionsRow({ video, truths: [truth], events, isUnparsed, place, scores: report.videos[0], said });
}
