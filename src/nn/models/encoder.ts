/**
 * The pre-norm encoder of CLIP's two towers and of SigLIP: x += attention(norm(x)), x += mlp(norm(x)).
 */
import { add, attention, gelu, geluTanh, layerNorm, quickGelu, type Tensor } from "../graph/index.ts";
import { mergeHeads, splitHeads } from "../layers/index.ts";
import type { ModelWeights } from "./model-weights.ts";

export type Activation = "quick_gelu" | "gelu" | "gelu_new" | "gelu_pytorch_tanh";

export type EncoderConfig = Readonly<{
  hidden_size: number;
  intermediate_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  hidden_act: Activation;
  layer_norm_eps: number;
}>;

export type EncoderInputs = Readonly<{
  /** (N, T, D) */
  x: Tensor;
  /** Parameter names begin with this and "encoder.layers.". */
  prefix: string;
  /** How many layers are computed. */
  layers: number;
  mask?: Tensor;
}>;

/** The inputs, then what each layer gives: layers + 1 tensors (N, T, D). */
export function encoderHidden(config: EncoderConfig, weights: ModelWeights, inputs: EncoderInputs): Tensor[] {
  const hidden = [inputs.x];
  for (let i = 0; i < inputs.layers; i++) {
    const layer = `${inputs.prefix}encoder.layers.${i}`;
    let x = hidden[i] as Tensor;
    const h = encoderNorm(x, weights, `${layer}.layer_norm1`, config);
    const [queries, keys, values] = ["q_proj", "k_proj", "v_proj"].map((name) =>
      splitHeads(weights.linear(h, `${layer}.self_attn.${name}`), config.num_attention_heads),
    ) as [Tensor, Tensor, Tensor];
    const y = mergeHeads(attention(queries, keys, values, inputs.mask ? { mask: inputs.mask } : {}));
    x = add(x, weights.linear(y, `${layer}.self_attn.out_proj`));
    hidden.push(add(x, encoderMlp(encoderNorm(x, weights, `${layer}.layer_norm2`, config), weights, layer, config)));
  }
  return hidden;
}

/** fc2(activation(fc1 x)) of the module's mlp. */
export function encoderMlp(x: Tensor, weights: ModelWeights, module: string, config: EncoderConfig): Tensor {
  return weights.linear(activate(weights.linear(x, `${module}.mlp.fc1`), config.hidden_act), `${module}.mlp.fc2`);
}

export function encoderNorm(x: Tensor, weights: ModelWeights, module: string, config: EncoderConfig): Tensor {
  return layerNorm(x, weights.tensor(`${module}.weight`), weights.tensor(`${module}.bias`), config.layer_norm_eps);
}

/** Names and shapes of the layers' parameters. */
export function encoderShapes(config: EncoderConfig, prefix: string): [string, readonly number[]][] {
  const { hidden_size: D, intermediate_size: M } = config;
  return Array.from({ length: config.num_hidden_layers }, (_, i) => `${prefix}encoder.layers.${i}`).flatMap((layer) => [
    ...["layer_norm1", "layer_norm2"].flatMap((name) => normShapes(`${layer}.${name}`, D)),
    ...["k_proj", "v_proj", "q_proj", "out_proj"].flatMap((name) => linearShapes(`${layer}.self_attn.${name}`, D, D)),
    ...linearShapes(`${layer}.mlp.fc1`, M, D),
    ...linearShapes(`${layer}.mlp.fc2`, D, M),
  ]);
}

/** A weight (out, inner) and its bias. */
export function linearShapes(module: string, out: number, inner: number): [string, readonly number[]][] {
  return [
    [`${module}.weight`, [out, inner]],
    [`${module}.bias`, [out]],
  ];
}

/** Weight and bias of a layer norm. */
export function normShapes(module: string, width: number): [string, readonly number[]][] {
  return [
    [`${module}.weight`, [width]],
    [`${module}.bias`, [width]],
  ];
}

function activate(x: Tensor, name: Activation): Tensor {
  switch (name) {
    case "quick_gelu":
      return quickGelu(x);
    case "gelu":
      return gelu(x);
    case "gelu_new":
    case "gelu_pytorch_tanh":
      return geluTanh(x);
    default:
      return name satisfies never;
  }
}
