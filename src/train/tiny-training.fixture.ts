/**
 * A Llama of a few thousand parameters and a seeded source of random sequences, for tests of the loop.
 */
import { Rng } from "../core/math/index.ts";
import type { TensorData } from "../nn/checkpoint/index.ts";
import {
  initialWeights,
  type LanguageConfig,
  languageShapes,
  parseModelConfig,
  type Sequence,
} from "../nn/models/index.ts";
import { languageObjective } from "./language-objective.ts";
import type { Objective } from "./objective.ts";
import type { TrainOptions } from "./train-options.ts";

export const rawConfig = {
  model_type: "llama",
  vocab_size: 23,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  max_position_embeddings: 64,
};
export const tinyConfig = parseModelConfig(rawConfig, "test") as LanguageConfig;

export function tinyWeights(seed = 0): Map<string, TensorData> {
  return initialWeights(languageShapes(tinyConfig), new Rng(`tiny-training/${seed}`), 0.2);
}

/** Two sequences of 5 to 12 ids; lengths, and with them shapes, change from step to step. */
export function randomSequences(step: number): Sequence[] {
  const rng = new Rng(`batch/${step}`);
  return [0, 1].map(() => {
    const ids = Array.from({ length: rng.integer(5, 12) }, () => rng.below(23));
    return { ids, labels: ids };
  });
}

/** Options of a run over one graph a batch. */
export type TinyOptions = Omit<TrainOptions<readonly Sequence[], never>, "objective"> &
  Readonly<{ objective: Objective<readonly Sequence[], never> }>;

/** Options of a short run over random batches; two shapes are compiled, one thread computes. */
export function tinyTraining(changes: Partial<TinyOptions> = {}): TinyOptions {
  // One number of labels a length keeps the number of compiled shapes at two.
  const objective = languageObjective(tinyConfig, { lengths: [8, 16], lossRows: [7, 11] });
  return {
    stage: "tiny",
    objective: objective as unknown as TinyOptions["objective"],
    source: randomSequences,
    weights: tinyWeights(),
    steps: 20,
    optimizer: { peak: 1e-2 },
    threads: 1,
    ...changes,
  };
}
