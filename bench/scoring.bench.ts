/**
 * Seconds to score TempCompass's 7,540 items, reading of all files and intervals included: the released predictions of
 * Video-LLaVA where they are at hand, else a made-up benchmark of the same size.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  questionId,
  readJudgements,
  readPredictions,
  readTempCompass,
  scoreTempCompass,
  tempCompassItem,
  writePredictions,
} from "../src/evals/index.ts";
import { type Figures, median } from "./bench.ts";

const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../shared");
const released = join(shared, "data/tempcompass");

export const name = "scoring";

export async function run(): Promise<Figures> {
  const real = existsSync(released);
  const folder = real ? released : madeUp();
  try {
    const rounds = Array.from({ length: 3 }, () => score(folder));
    const first = rounds[0] as (typeof rounds)[0];
    return {
      items: first.items,
      source: real ? "Video-LLaVA as released" : "made-up predictions",
      firstSeconds: first.seconds,
      seconds: median(rounds.map(({ seconds }) => seconds)),
      readSeconds: median(rounds.map(({ readSeconds }) => readSeconds)),
    };
  } finally {
    if (!real) rmSync(folder, { recursive: true });
  }
}

function score(folder: string) {
  const started = performance.now();
  const { questions } = readTempCompass(folder);
  const items = questions.map(tempCompassItem);
  const { replies } = readPredictions(join(folder, "predictions/video-llava"), questions);
  const results = join(folder, "auto_eval_results/video-llava");
  const verdicts = existsSync(results) ? readJudgements(results, questions, replies).verdicts : undefined;
  const read = performance.now();
  scoreTempCompass(items, replies, { verdicts });
  const seconds = (from: number) => Number(((performance.now() - from) / 1000).toFixed(3));
  return { items: items.length, seconds: seconds(started), readSeconds: Number(((read - started) / 1000).toFixed(3)) };
}

/** 410 videos, and questions by the thousand as in the release. */
function madeUp(): string {
  const folder = mkdtempSync(join(tmpdir(), "scoring-"));
  const perVideo = { "multi-choice": 4, yes_no: 6, caption_matching: 4, captioning: 5 };
  mkdirSync(join(folder, "questions"));
  for (const [task, count] of Object.entries(perVideo)) {
    const list = Array.from({ length: count }, (_, i) => ({
      question: `Question ${i}?\nOption 1: x ${i}.\nOption 2: y.`,
      answer: "Option 2: y.",
    }));
    const file = Object.fromEntries(Array.from({ length: 410 }, (_, v) => [`video-${v}`, { order: list }]));
    writeFileSync(join(folder, "questions", `${task}.json`), JSON.stringify(file));
  }
  const { questions } = readTempCompass(folder);
  const replies = new Map(questions.map((each, i) => [questionId(each), i % 3 === 0 ? "Option 1" : each.answer]));
  writePredictions(join(folder, "predictions/video-llava"), questions, replies);
  return folder;
}
