/**
 * A report of pretended models about real little videos: questions and frames from the synthetic world, answers drawn with
 * set abilities. For tests, and for looking at the page.
 */
import { Rng } from "../core/math/index.ts";
import { optionLine } from "../core/text/index.ts";
import { type Answer, readAnswer, type TransferRun, transferSummary, transferTable } from "../evals/index.ts";
import { type Sample, type TaskName, temporalTasks } from "../tasks/index.ts";
import {
  brightnessScript,
  durationOf,
  growthScript,
  type Item,
  orderScript,
  renderFrame,
  type Script,
  staticScript,
  testVocabulary,
} from "../world/index.ts";
import { frameStrip } from "./frame-strip.ts";
import { type AnswerTriple, pickExamples } from "./pick-examples.ts";
import type { LossCurve, ReportExample, TextRow, TransferReport } from "./report-data.ts";

const name = ({ colour, shape }: Item) => `${colour} ${shape}`;
const parts = ["begin", "middle", "end"] as const;

type Asked = Readonly<{ script: Script; samples: readonly Sample[] }>;

/** A video with its questions: of three items, of two, of one that changes, or of one that stays. */
function askAbout(index: number): Asked {
  const rng = new Rng(`report/${index}`);
  const ask = (task: TaskName, stem: string, right: string, others: readonly string[]): Sample => {
    const options = rng.shuffle([right, ...others]);
    const lines = options.map((option, i) => optionLine(i, option)).join("\n");
    return {
      id: `${task}/${index}`,
      task,
      kind: (temporalTasks as readonly TaskName[]).includes(task) ? "temporal" : "static",
      video: `video-${index}`,
      question: `${stem}\n${lines}`,
      options,
      answerIndex: options.indexOf(right),
    };
  };
  const order = "What is the correct order that the items appear in the video?";
  if (index % 4 === 0) {
    const script = orderScript(rng, testVocabulary, { count: 3 });
    const [a, b, c] = script.scenes.map(({ items }) => name(items[0] as Item)) as [string, string, string];
    const orders = [
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ].map((list) => list.join(", "));
    const refer = parts.map((part, i) => {
      const right = [a, b, c][i] as string;
      const others = [a, b, c].filter((other) => other !== right);
      return ask(`referring ${part}`, `Which item is shown in the ${part} of the video?`, right, others);
    });
    const ground = ask("grounding", `In which part of the video can we see a ${b}?`, "the middle", [
      "the begin",
      "the end",
    ]);
    return { script, samples: [ask("order of three", order, `${a}, ${b}, ${c}`, orders), ...refer, ground] };
  }
  if (index % 4 === 1) {
    const script = orderScript(rng, testVocabulary, { count: 2 });
    const [a, b] = script.scenes.map(({ items }) => name(items[0] as Item)) as [string, string];
    return { script, samples: [ask("order of two", order, `${a}, ${b}`, [`${b}, ${a}`])] };
  }
  if (index % 4 === 2) {
    const isGrowth = rng.chance(0.5);
    const script = isGrowth
      ? growthScript(rng, testVocabulary, { direction: "grow" })
      : brightnessScript(rng, testVocabulary, { direction: "darken" });
    const samples = isGrowth
      ? [ask("growth", "How does the size of the item change in the video?", "it grows", ["it shrinks"])]
      : [ask("brightness", "How does the light on the item change?", "it becomes dimmer", ["it becomes brighter"])];
    return { script, samples };
  }
  const script = staticScript(rng, testVocabulary);
  const item = script.scenes[0]?.items[0] as Item;
  return {
    script,
    samples: [
      ask("colour", `What colour is the ${item.shape}?`, item.colour, ["teal", "maroon"]),
      ask("existence", `Is there a ${name(item)} in the video?`, "yes", ["no"]),
    ],
  };
}

const frameTimes = (script: Script) =>
  Array.from({ length: 8 }, (_, i) => (i * (durationOf(script) - 1 / script.fps)) / 7);

function answerAll(asked: readonly Asked[], temporal: number, still: number, rng: Rng): Answer[] {
  return asked.flatMap(({ script, samples }) =>
    samples.map((sample) => {
      const wrong = (sample.answerIndex + 1 + rng.below(sample.options.length - 1)) % sample.options.length;
      const index = rng.chance(sample.kind === "temporal" ? temporal : still) ? sample.answerIndex : wrong;
      const text = rng.chance(0.02) ? "the the the" : optionLine(index, sample.options[index] as string);
      return readAnswer(sample, { text, frames: frameTimes(script).map((time, i) => ({ time, index: i })) });
    }),
  );
}

function lossCurve(arm: "control" | "t3", seed: number): LossCurve {
  const rng = new Rng(`loss/${arm}/${seed}`);
  const floor = arm === "t3" ? 0.18 : 0.42;
  const points = Array.from({ length: 900 }, (_, i) => ({
    step: i + 1,
    loss: (floor + 1.9 * Math.exp(-i / 160)) * Math.exp(0.18 * rng.normal()),
  }));
  return { arm, seed, points };
}

const t3Rows: readonly TextRow[] = [
  {
    family: "Order of three",
    prompt:
      "A green star is shown on sand.\nA green star is shown on sand.\nA small red kite drifts over snow.\nA violet moon rests at the bottom.\n\nWhat is the correct order that the items appear?\n(A) moon, star, kite\n(B) star, kite, moon\n(C) kite, moon, star",
    answer: "(B) star, kite, moon",
  },
  {
    family: "Referring",
    prompt:
      "A wide orange ring.\nA wide orange ring.\nA pale cross on the left.\n\nWhich item is shown in the end?\n(A) ring\n(B) cross",
    answer: "(B) cross",
  },
  {
    family: "Attribute change",
    prompt:
      "A dim blue square.\nA blue square.\nA bright blue square.\n\nHow does the brightness change?\n(A) it increases\n(B) it decreases",
    answer: "(A) it increases",
  },
];

const controlRows: readonly TextRow[] = t3Rows.map(({ prompt }, i) => ({
  family: ["Which caption", "Colour", "Existence"][i] as string,
  prompt: prompt.replace(/\n\n[\s\S]*/, "\n\nWhich item is named?\n(A) a star\n(B) a wheel"),
  answer: "(A) a star",
}));

/** A whole report. The page's look does not hang on the number of videos; tests ask for few. */
export async function sampleReport(
  options: Readonly<{ videos?: number; seeds?: readonly number[]; temporal?: number }> = {},
): Promise<TransferReport> {
  const { videos = 160, seeds = [1, 2, 3], temporal = 0.82 } = options;
  const asked = Array.from({ length: videos }, (_, i) => askAbout(i));
  const baseline = answerAll(asked, 0.4, 0.96, new Rng("baseline"));
  const runs = seeds.map((seed): TransferRun => {
    const control = answerAll(asked, 0.42, 0.95, new Rng(`control/${seed}`));
    return { seed, baseline, control, t3: answerAll(asked, temporal, 0.95, new Rng(`t3/${seed}`)) };
  });
  const table = transferTable(runs);
  const scripts = new Map(asked.flatMap(({ script, samples }) => samples.map(({ id }) => [id, script] as const)));
  const withStrip = async (triple: AnswerTriple): Promise<ReportExample> => {
    const script = scripts.get(triple.t3.sample.id) as Script;
    const frames = frameTimes(script).map((time, index) => ({ time, index, image: renderFrame(script, time) }));
    return { ...triple, strip: await frameStrip(frames) };
  };
  const picked = pickExamples(runs[0] as TransferRun);
  return {
    table,
    summary: transferSummary(table),
    losses: seeds.flatMap((seed) => [lossCurve("control", seed), lossCurve("t3", seed)]),
    examples: {
      learnt: await Promise.all(picked.learnt.map(withStrip)),
      stillWrong: await Promise.all(picked.stillWrong.map(withStrip)),
    },
    texts: { t3: t3Rows, control: controlRows },
    provenance: {
      command: "zoetrope reproduce t3 --seeds 3",
      commit: "5546efc",
      machine: "2 x Example CPU 2.5 GHz, 8 GB, Linux x64, Node 20.19",
      model: "zoetrope-micro",
      fingerprint: "sha256:9f2c1a7be03d",
      seeds,
      sampler: "8 frames, linspace with truncation",
      seconds: 533,
      counts: [
        { what: "T3 rows", count: 24000 },
        { what: "Control rows", count: 24000 },
        { what: "Steps an arm", count: 900 },
        { what: "Tokens an arm", count: 1843200 },
        { what: "Trained weights", count: 1180416 },
      ],
      heldOut: [
        "Every background and every combination of colour and shape of the test videos.",
        "All questions about time, in the stages that made the baseline.",
      ],
    },
  };
}
