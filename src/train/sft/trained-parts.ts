/**
 * What of a decoder is trained: a low-rank adapter, with or without whole modules beside it, or everything.
 */
import { Rng } from "../../core/math/index.ts";
import {
  type AdapterConfig,
  isLoraName,
  type Shapes,
  type TensorData,
  type Weights,
} from "../../nn/checkpoint/index.ts";
import {
  decoderOf,
  type GenerativeConfig,
  initialLoraWeights,
  loraScaling,
  loraShapes,
  peftModuleName,
  peftTargets,
} from "../../nn/models/index.ts";

/** The projections of a Llama or Qwen2 layer. */
export const projections = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;
export const wholeModules = ["embed_tokens", "lm_head"] as const;

export type LoraChoice = Readonly<{
  rank: number;
  alpha: number;
  /** Last names of projections. */
  targets: readonly string[];
  /** Word table and output matrix to train whole: new tokens need them. */
  save: readonly (typeof wholeModules)[number][];
}>;

export type TrainedParts = Readonly<{
  trained: readonly string[];
  /** Of the decoder, adapter included. */
  shapes: Shapes;
  /** The adapter's weights as they begin; empty where everything is trained. */
  added: ReadonlyMap<string, TensorData>;
  loraScaling?: number;
}>;

/** Every parameter of the decoder, and nothing of the eyes. */
export function decoderParameters(config: GenerativeConfig, shapes: Shapes): Map<string, readonly number[]> {
  const { prefix } = decoderOf(config);
  const isOwn = (name: string) => name.startsWith(`${prefix}model.`) || name.startsWith(`${prefix}lm_head.`);
  return new Map([...shapes].filter(([name]) => isOwn(name) && !isLoraName(name)));
}

export function allOf(config: GenerativeConfig, shapes: Shapes): TrainedParts {
  const own = decoderParameters(config, shapes);
  return { trained: [...own.keys()], shapes: own, added: new Map() };
}

/** Throws a RangeError where a target is no projection of the decoder. */
export function loraOf(
  config: GenerativeConfig,
  shapes: Shapes,
  { choice, seed }: Readonly<{ choice: LoraChoice; seed: number }>,
): TrainedParts {
  const own = decoderParameters(config, shapes);
  const { decoder, prefix } = decoderOf(config);
  const layers = new Map([...own].filter(([name]) => name.startsWith(`${prefix}model.layers.`)));
  const stranger = choice.targets.find(
    (target) => ![...layers.keys()].some((name) => name.endsWith(`.${target}.weight`)),
  );
  if (stranger !== undefined || choice.targets.length === 0) {
    throw new RangeError(
      `Expected target modules of ${projections.join(", ")}, got "${stranger ?? ""}". Name one or more, with commas.`,
    );
  }
  const adapterConfig = plainConfig(choice);
  const pairs = loraShapes(layers, adapterConfig);
  const added = initialLoraWeights(pairs, new Rng(`lora/${seed}`));
  const table = `${prefix}model.embed_tokens.weight`;
  const whole = choice.save.map((module) =>
    module === "lm_head" && !decoder.tie_word_embeddings ? `${prefix}lm_head.weight` : table,
  );
  return {
    trained: [...pairs.keys(), ...new Set(whole)],
    shapes: new Map([...own, ...pairs]),
    added,
    loraScaling: loraScaling(adapterConfig),
  };
}

function plainConfig({ rank, alpha, targets }: LoraChoice): AdapterConfig {
  return { peft_type: "LORA", r: rank, lora_alpha: alpha, target_modules: [...targets] as [string, ...string[]] };
}

/** The adapter as PEFT writes it: its fields, and weights under the original program's module names. */
export function peftAdapter(
  config: GenerativeConfig,
  weights: Weights,
  { choice, trained, base }: Readonly<{ choice: LoraChoice; trained: readonly string[]; base: string }>,
): { config: AdapterConfig; weights: Map<string, TensorData> } {
  const { decoder, prefix } = decoderOf(config);
  const name = peftModuleName(config);
  const [table, head] = [`${prefix}model.embed_tokens.weight`, `${prefix}lm_head.weight`];
  const named = new Map(trained.map((each) => [name(each), weights.get(each) as TensorData]));
  // PEFT makes two modules of a tied table.
  const isTied = decoder.tie_word_embeddings && trained.includes(table);
  if (isTied) named.set(name(head), weights.get(table) as TensorData);
  return {
    config: {
      ...plainConfig(choice),
      target_modules: peftTargets(config, choice.targets),
      base_model_name_or_path: base,
      modules_to_save: isTied ? [...wholeModules] : choice.save.length === 0 ? null : [...choice.save],
      bias: "none",
      fan_in_fan_out: false,
      use_rslora: false,
      use_dora: false,
      layers_to_transform: null,
      layers_pattern: null,
      rank_pattern: {},
      alpha_pattern: {},
      revision: null,
    },
    weights: named,
  };
}
