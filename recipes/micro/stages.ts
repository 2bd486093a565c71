/**
 * From nothing to zoetrope-micro: vision tower by contrast, decoder by reading, visual tokens drawn to words, instruction on
 * static questions. Nothing in any of it asks about the order of time.
 */

import { Rng } from "../../src/core/math/index.ts";
import type { TensorData, Weights } from "../../src/nn/checkpoint/index.ts";
import { clipShapes, initialWeights, type LlavaConfig, tokensPerImage } from "../../src/nn/models/index.ts";
import type { Tokenizer } from "../../src/nn/tokenizer/index.ts";
import type { StaticTask } from "../../src/tasks/index.ts";
import {
  clipObjective,
  languageObjective,
  type ModelFiles,
  type Stage,
  type StageContext,
} from "../../src/train/index.ts";
import { alignObjective, alignSource, tableMeanSquare } from "./align.ts";
import { keywordsOf } from "./captions.ts";
import {
  microClipConfig,
  microConfig,
  microConfigJson,
  microPreprocessor,
  microTokenizer,
  microWeights,
} from "./config.ts";
import { contrastSource } from "./contrast.ts";
import { computeLooks } from "./looks.ts";
import { Pictures } from "./pictures.ts";
import { bareSource, denseSource, instructionSource, readingSource } from "./sources.ts";

export type MicroOptions = Readonly<{
  seed: number;
  /** Factor on the number of steps of every stage, for a quick look. */
  stepsScale?: number;
}>;

const isDecoder = (name: string) => name.startsWith("language_model.");
const isReader = (name: string) => isDecoder(name) && !name.includes("embed_tokens");
const isVision = (name: string) => name.startsWith("vision_tower.") || name.startsWith("multi_modal_projector.");

/** The four stages with everything that they depend on. */
export function microStages({ seed, stepsScale = 1 }: MicroOptions): Stage[] {
  const tokenizer = microTokenizer();
  const config = microConfig(tokenizer);
  const model: ModelFiles = modelFiles(tokenizer);
  const steps = (count: number) => Math.max(20, Math.round(count * stepsScale));
  const shared = { seed, stepsScale };
  let drawn: Pictures | undefined;
  const pictures = () => (drawn ??= new Pictures(seed, Math.round(pictureCount * Math.min(1, stepsScale))));
  const instruction = (name: string, { count, peak, ...lessons }: Instruction): Stage => ({
    name,
    config: shared,
    async run(context) {
      const look = await computeLooks(config, context.weights, pictures());
      const room = { batch: 32, length: 256 };
      const { weights } = await context.train({
        // Words stay where the visual tokens were drawn to.
        objective: languageObjective(config, { trainable: isReader, images: "features" }),
        source: instructionSource(
          { seed, steps: count, tokenizer, ...room },
          { ...lessons, look, tokensPerImage: tokensPerImage(config), share: 0.6 },
        ),
        weights: context.weights,
        steps: count,
        optimizer: { peak, betas: [0.9, 0.98], warmup: 30 },
        config: room,
      });
      return { weights, model: { ...model, floats: "F16" } };
    },
  });
  return [
    {
      name: "vision",
      config: shared,
      run: async (context) => ({
        weights: await contrast(context, { tokenizer, pictures: pictures(), seed, steps: steps(1500) }),
        summary: { pictures: pictureCount },
      }),
    },
    {
      name: "language",
      config: shared,
      async run(context) {
        const start = merge(microWeights(config, seed), visionOf(context.weightsOf("vision")));
        const read = async (weights: Weights, { part, make, count, length }: Reading) => {
          const room = { batch: 32, length };
          const { weights: trained } = await context.train({
            part,
            objective: languageObjective(config, { trainable: isDecoder }),
            source: make({ seed, steps: count, tokenizer, ...room }),
            weights,
            steps: count,
            optimizer: { peak: 1e-3, floor: 2e-4, betas: [0.9, 0.98], warmup: Math.min(50, Math.ceil(count / 10)) },
            config: room,
          });
          return trained;
        };
        const bare = await read(start, { part: "bare", make: bareSource, count: steps(800), length: 160 });
        const dense = await read(bare, { part: "dense", make: denseSource, count: steps(500), length: 224 });
        const whole = await read(dense, { part: "reading", make: readingSource, count: steps(1400), length: 256 });
        return { weights: whole, model };
      },
    },
    {
      name: "align",
      config: shared,
      async run(context) {
        const trained = await align(context, { config, tokenizer, pictures: pictures(), seed, steps: steps(3500) });
        return { weights: trained, model };
      },
    },
    instruction("instruct", { stream: "instruction", count: steps(1200), peak: 8e-4 }),
    instruction("practise", { stream: "practise", tasks: practised, count: steps(700), peak: 6e-4 }),
    instruction("drill", { stream: "drill", tasks: drilled, free: false, count: steps(800), peak: 8e-4 }),
  ];
}

type Instruction = Readonly<{
  count: number;
  peak: number;
  stream: string;
  tasks?: readonly StaticTask[];
  free?: boolean;
}>;
type Reading = Readonly<{ part: string; make: typeof readingSource; count: number; length: number }>;

const pictureCount = 40_000;

/** Colours and numbered frames among options are learnt last, so they are asked more often, then most often. */
const practised = ["colour", "colour", "shape", "existence", "frame", "frame", "item", "background"] as const;
const drilled = ["colour", "colour", "frame", "frame", "frame", "shape", "existence", "item", "background"] as const;

export function modelFiles(tokenizer: Tokenizer): ModelFiles {
  const preprocessor = JSON.stringify(microPreprocessor, null, 2);
  return {
    config: microConfigJson(tokenizer),
    files: new Map([...tokenizer.files, ["preprocessor_config.json", preprocessor]]),
  };
}

type VisionTask = Readonly<{ tokenizer: Tokenizer; pictures: Pictures; seed: number; steps: number }>;

async function contrast(context: StageContext, { tokenizer, pictures, seed, steps }: VisionTask): Promise<Weights> {
  const config = microClipConfig(tokenizer);
  const batch = 256;
  const { weights } = await context.train({
    objective: clipObjective(config),
    source: contrastSource(pictures, tokenizer, { seed, batch }),
    weights: initialWeights(clipShapes(config), new Rng(`clip/${seed}`), 0.04),
    steps,
    optimizer: { peak: 1e-3, betas: [0.9, 0.98], weightDecay: 0.05, warmup: 50 },
    config: { batch },
  });
  return weights;
}

async function align(context: StageContext, task: VisionTask & { config: LlavaConfig }): Promise<Weights> {
  const { config, tokenizer, pictures, seed, steps } = task;
  const batch = 256;
  const words = pictures.glimpses.map((glimpse) => {
    const ids = tokenizer.encode(keywordsOf(glimpse).join(" "));
    if (ids.length !== tokensPerImage(config)) throw new Error(`Expected one token a keyword, got ${ids.length}.`);
    return ids;
  });
  const { weights } = await context.train({
    objective: alignObjective(config, tableMeanSquare(context.weights)),
    source: alignSource(pictures, words, { seed, batch }),
    weights: context.weights,
    trainable: isVision,
    steps,
    optimizer: { peak: 1e-3, betas: [0.9, 0.98], warmup: 50 },
    config: { batch },
  });
  return weights;
}

/** The contrastive tower's names inside LLaVA. */
function visionOf(clip: Weights): Map<string, TensorData> {
  const out = new Map<string, TensorData>();
  for (const [name, tensor] of clip) {
    if (name.startsWith("vision_model.")) out.set(name.replace(/^vision_model\./, "vision_tower."), tensor);
  }
  return out;
}

function merge(base: Map<string, TensorData>, over: ReadonlyMap<string, TensorData>): Map<string, TensorData> {
  return new Map([...base].map(([name, tensor]) => [name, over.get(name) ?? tensor]));
}
