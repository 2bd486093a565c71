/** Runs of pretended models with known abilities, for tests of scores and of the report. */
import { Rng } from "../core/math/index.ts";
import { optionLine } from "../core/text/index.ts";
import { type Sample, staticTasks, type TaskName, temporalTasks } from "../tasks/index.ts";
import { type Answer, readAnswer } from "./answer.ts";
import { partsOfSamples, type RunConfig, runConfig } from "./runs/index.ts";
import type { TransferRun } from "./transfer-table.ts";

const optionsOf: Readonly<Partial<Record<TaskName, readonly string[]>>> = {
  "order of two": ["red circle, blue square", "blue square, red circle"],
  "order of three": ["star, circle, square", "star, square, circle", "circle, star, square", "circle, square, star"],
  grounding: ["the begin", "the middle", "the end"],
  brightness: ["it becomes brighter", "it becomes dimmer"],
  growth: ["it grows", "it shrinks"],
  existence: ["yes", "no"],
};

const wording: Readonly<Partial<Record<TaskName, string>>> = {
  "order of two": "What is the correct order that the items appear in the video?",
  "order of three": "What is the correct order that the items appear in the video?",
  grounding: "In which part of the video can we see a red circle?",
  brightness: "How does the brightness of the video change?",
  growth: "How does the size of the circle change?",
  existence: "Is there a red circle in the video?",
};

/** Questions of every task about each of the videos. */
export function simulatedSamples(videos: number): Sample[] {
  const rng = new Rng("samples");
  return Array.from({ length: videos }, (_, v) => v).flatMap((v) =>
    [...temporalTasks, ...staticTasks].map((task): Sample => {
      const options = rng.shuffle(optionsOf[task] ?? ["a red circle", "a blue square", "a green star"]);
      const stem = wording[task] ?? "Which item is shown in that part of the video?";
      const lines = options.map((option, i) => optionLine(i, option)).join("\n");
      return {
        id: `${task}/${v}`,
        task,
        kind: (temporalTasks as readonly TaskName[]).includes(task) ? "temporal" : "static",
        video: `video-${v}`,
        question: `${stem}\n${lines}`,
        options,
        answerIndex: rng.below(options.length),
      };
    }),
  );
}

/** What a run over these questions depends on. */
export function simulatedConfig(samples: readonly Sample[], model = "micro@3f2a"): RunConfig {
  return runConfig({
    ...{ task: "choice", benchmark: "t3-probing", model, seed: 1 },
    coverage: { samples: samples.length, of: samples.length },
    settings: { maxNewTokens: 24 },
    parts: { ...partsOfSamples(samples), sampler: "linspace 8", parser: "choice" },
  });
}

/** Answers right with probability `temporal` or `static`, now and then something that cannot be read. */
export function simulatedAnswers(
  samples: readonly Sample[],
  ability: Readonly<{ temporal: number; static: number }>,
  rng: Rng,
): Answer[] {
  return samples.map((sample) => {
    const wrong = (sample.answerIndex + 1 + rng.below(sample.options.length - 1)) % sample.options.length;
    const index = rng.chance(ability[sample.kind]) ? sample.answerIndex : wrong;
    const text = rng.chance(0.02) ? "item item item" : optionLine(index, sample.options[index] as string);
    const frames = Array.from({ length: 8 }, (_, i) => ({ time: i * 0.5, index: i * 4 }));
    return readAnswer(sample, { text, frames });
  });
}

/** Runs of a transfer that works: T3 well above baseline and control on temporal questions, level on static ones. */
export function simulatedTransfer(videos: number, seeds: readonly number[]): TransferRun[] {
  const samples = simulatedSamples(videos);
  const baseline = simulatedAnswers(samples, { temporal: 0.42, static: 0.95 }, new Rng("baseline"));
  return seeds.map((seed) => ({
    seed,
    baseline,
    control: simulatedAnswers(samples, { temporal: 0.44, static: 0.94 }, new Rng(`control/${seed}`)),
    t3: simulatedAnswers(samples, { temporal: 0.8, static: 0.94 }, new Rng(`t3/${seed}`)),
  }));
}
