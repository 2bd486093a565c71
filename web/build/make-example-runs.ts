/**
 * Two runs of the shipped model over the same small films, for a first look at the page of runs: asked about four
 * frames of a second, and about one. Real answers, in the format of run logs.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLocalModel, userMessage } from "../../src/chat/index.ts";
import { writeAtomically } from "../../src/core/files/index.ts";
import { Rng } from "../../src/core/math/index.ts";
import { bestIou } from "../../src/core/metrics/index.ts";
import type { Moment, Span } from "../../src/core/time/index.ts";
import { makeRow, type RunRow, runConfig, runLines, shownFrames } from "../../src/evals/index.ts";
import { atRate, sampleFrames } from "../../src/media/sampling/index.ts";
import { type Frame, openVideo, writeMp4 } from "../../src/media/video/index.ts";
import {
  durationOf,
  growthScript,
  momentsOf,
  orderScript,
  renderScript,
  type Script,
  trainVocabulary,
} from "../../src/world/index.ts";
import { keywordsPrompt, momentsOfFrames, readFrameQuery } from "../src/engine/frame-words.ts";

const folder = join(import.meta.dirname, "../public/samples/runs");
const films = 14;
const vocabulary = { ...trainVocabulary, textures: ["plain"] } as const;

type Asked = Readonly<{ id: string; video: string; duration: number; frames: readonly Frame[]; moment: Moment }>;
type Answered = Readonly<{
  input: string;
  reply: string;
  spans: readonly Span[];
  rule: string | null;
  reason: string | null;
}>;

if (existsSync(join(folder, "one-a-second.jsonl")) && !process.argv.includes("--again")) process.exit(0);
const temporary = mkdtempSync(join(tmpdir(), "zoetrope-example-"));
const model = openLocalModel("micro");
try {
  const asked = await questions(temporary);
  mkdirSync(folder, { recursive: true });
  await exampleRun("four-a-second", asked, 1);
  await exampleRun("one-a-second", asked, 4);
  process.stderr.write(`two runs of ${asked.length} samples in ${folder}\n`);
} finally {
  await model.dispose();
  rmSync(temporary, { recursive: true });
}

/** Films of two or three items, some of which grow; asked about everything that is on screen for a part of the film. */
async function questions(path: string): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (let film = 0; film < films; film++) {
    const script = scriptOf(film);
    const video = `film-${String(film).padStart(2, "0")}`;
    const file = join(path, `${video}.mp4`);
    await writeMp4(file, renderScript(script, { width: 96, height: 96 }), { fps: script.fps });
    await using opened = await openVideo(file);
    const frames = await sampleFrames(opened, atRate(4), 64);
    const duration = durationOf(script);
    const partial = momentsOf(script).filter(({ start, end }) => end - start < duration);
    for (const [i, moment] of partial.entries()) {
      asked.push({ id: `${video}#${i}`, video: `${video}.mp4`, duration, frames, moment });
    }
  }
  return asked;
}

function scriptOf(film: number): Script {
  const rng = new Rng(`example/${film}`);
  const order = orderScript(rng, vocabulary, { count: film % 2 === 0 ? 3 : 2, frames: 64, background: "black" });
  if (film % 3 !== 0) return order;
  const direction = film % 2 === 0 ? ("grow" as const) : ("shrink" as const);
  const grown = growthScript(rng, vocabulary, { direction, frames: 32, background: "black" });
  return { ...order, scenes: [...order.scenes.slice(0, 2), ...grown.scenes] };
}

async function byFrame({ frames: all, moment, duration }: Asked, every: number): Promise<Answered> {
  const frames = all.filter((_, i) => i % every === 0);
  const replies = await model.generateMany(
    frames.map((frame) => [userMessage(keywordsPrompt, [frame])]),
    { maxNewTokens: 8 },
  );
  const read = frames.map(({ time }, i) => ({ time, keywords: replies[i]?.text ?? "" }));
  const query = readFrameQuery(moment.label);
  const spans = momentsOfFrames(query, read, duration);
  const reply = read.map(({ time, keywords }) => `${time.toFixed(2)} s: ${keywords}`).join("\n");
  const reason = spans.length > 0 ? null : `no run of frames shows ${query.words.join(" ")} as asked`;
  return { input: keywordsPrompt, reply, spans, rule: reason === null ? "runs of frames" : null, reason };
}

async function exampleRun(name: string, asked: readonly Asked[], every: number): Promise<void> {
  const rows: RunRow[] = [];
  for (const [place, one] of asked.entries()) {
    const frames = one.frames.filter((_, i) => i % every === 0);
    rows.push(rowOf(place, { ...one, frames }, await byFrame(one, every)));
  }
  const config = runConfig({
    ...{ task: "grounding", benchmark: "example films", seed: 0 },
    model: `micro, ${name.replaceAll("-", " ")}`,
    coverage: { samples: asked.length, of: asked.length },
    settings: { convention: "strict", unit: "seconds" },
    parts: { model: model.fingerprint, sampler: name },
  });
  // No time of writing: the same films make the same bytes.
  writeAtomically(join(folder, `${name}.jsonl`), runLines({ config, rows }));
}

function rowOf(place: number, { id, video, duration, frames, moment }: Asked, answered: Answered): RunRow {
  const { start, end, label } = moment;
  const { input, reply, spans, rule, reason } = answered;
  const [first] = spans;
  return makeRow({
    docId: place,
    doc: { id, video, query: label, duration },
    target: `${start} to ${end}`,
    prompt: input,
    reply,
    metrics: { iou: first === undefined ? 0 : bestIou(first, [moment]) },
    parse: { status: reason === null ? "read" : "unparsed", rule, reason, raw: null },
    temporal: {
      frames: shownFrames(frames),
      spans_pred: spans.map(({ start: from, end: to }) => [from, to]),
      spans_gt: [[start, end]],
      finish: "stop",
    },
  });
}
