/**
 * The benchmark of the transfer: held-out world videos, T3's probing questions and static questions about them.
 *
 * Temporal videos show test items on test backgrounds only (world/splits.ts). Every task has the same number of questions,
 * and within a task the right letter takes each place equally often.
 */
import { Rng } from "../core/math/index.ts";
import { evenTimeline, timeAt } from "../core/time/index.ts";
import { samplers } from "../media/sampling/index.ts";
import {
  backgrounds,
  brightnessScript,
  colours,
  frameCountOf,
  growthScript,
  orderScript,
  type Script,
  sampledFrames,
  shapes,
  staticScript,
  testVocabulary,
  type Vocabulary,
  wholeVocabulary,
} from "../world/index.ts";
import { type Choice, closings, type Draft, probingText, shuffled } from "./choice.ts";
import { type Glimpse, glimpseAt } from "./glimpse.ts";
import { probingDraft } from "./probing.ts";
import { type Sample, type StaticTask, staticTasks, type TaskName, type TemporalTask } from "./sample.ts";
import { staticDraft } from "./static-questions.ts";

export type WorldVideo = Readonly<{ id: string; script: Script }>;
export type WorldBenchmark = Readonly<{ videos: readonly WorldVideo[]; samples: readonly Sample[] }>;

/** The probing tasks that one video of a kind is asked. */
const temporalPlan: readonly { name: string; tasks: readonly TemporalTask[] }[] = [
  { name: "two", tasks: ["order of two"] },
  {
    name: "three",
    tasks: ["order of three", "referring begin", "referring middle", "referring end", "grounding"],
  },
  { name: "light", tasks: ["brightness"] },
  { name: "size", tasks: ["growth"] },
];

/** `perTask` questions a task, on new videos for every seed; their ids name it, so that seeds can be put together. */
export function worldBenchmark(seed: number | string, { perTask }: { perTask: number }): WorldBenchmark {
  const rng = new Rng(`world-benchmark/${seed}`);
  const videos: WorldVideo[] = [];
  const samples: Sample[] = [];
  const asked = new Map<TaskName, number>();
  const ask = (video: WorldVideo, task: TaskName, kind: Sample["kind"], draft: Draft) => {
    const count = asked.get(task) ?? 0;
    asked.set(task, count + 1);
    const choice = shuffled(draft, rng, count % (draft.wrong.length + 1));
    const question = probingText(choice, task.startsWith("order") ? closings[1] : closings[0]);
    samples.push({ id: `${video.id}/${task}`, task, kind, video: video.id, question, ...answerOf(choice) });
  };
  for (const { name, tasks } of temporalPlan) {
    for (let i = 0; i < perTask; i++) {
      const video = { id: `${name}-${i}-seed-${seed}`, script: temporalScript(name, i, rng) };
      const seen = glimpsesOf(video.script);
      videos.push(video);
      for (const task of tasks) ask(video, task, "temporal", probingDraft(task, seen, rng));
    }
  }
  for (let i = 0; i < 2 * perTask; i++) {
    const video = { id: `static-${i}-seed-${seed}`, script: stillScript(i, rng) };
    const seen = glimpsesOf(video.script);
    videos.push(video);
    // Three of the six tasks each, in turn.
    const half: readonly StaticTask[] = i % 2 === 0 ? staticTasks.slice(0, 3) : staticTasks.slice(3);
    for (const task of half) ask(video, task, "static", staticDraft(task, seen, rng, { colours, shapes, backgrounds }));
  }
  return { videos, samples };
}

/** What the sampled frames of a script show. */
export function glimpsesOf(script: Script): Glimpse[] {
  const line = evenTimeline(frameCountOf(script), script.fps);
  return samplers.linspace(line, sampledFrames).map((index) => glimpseAt(script, timeAt(line, index)));
}

function temporalScript(name: string, index: number, rng: Rng): Script {
  const [up, vocabulary] = [index % 2 === 0, testVocabulary];
  switch (name) {
    case "two":
      return orderScript(rng, vocabulary, { count: 2 });
    case "three":
      return orderScript(rng, vocabulary, { count: 3 });
    case "light":
      return brightnessScript(rng, vocabulary, { direction: up ? "brighten" : "darken" });
    default:
      return growthScript(rng, vocabulary, { direction: up ? "grow" : "shrink" });
  }
}

/** One, two or three things of the whole vocabulary on one background. */
function stillScript(index: number, rng: Rng, vocabulary: Vocabulary = wholeVocabulary): Script {
  if (index % 3 === 0) return staticScript(rng, vocabulary, { pairProbability: 0 });
  return orderScript(rng, vocabulary, { count: index % 3 === 1 ? 2 : 3 });
}

function answerOf({ options, answerIndex }: Choice): Pick<Sample, "options" | "answerIndex"> {
  return { options, answerIndex };
}
