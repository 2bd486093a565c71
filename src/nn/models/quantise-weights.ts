/**
 * Which of a model's matrices are quantised, and to how many bits: those of the decoder's layers to what is asked for, and
 * its word table and head to 8, since every token's scores pass through them. Norms, biases, adapters and eyes stay float32.
 */
import { type Shapes, type TensorData, weightBytes } from "../checkpoint/index.ts";
import { decoderOf, type GenerativeConfig } from "./generative-config.ts";
import { type QuantisedBits, type QuantisedMatrix, quantise, quantisedBytes } from "./quantised-matrix.ts";

/** What weights are in memory. */
export type WeightType = "float32" | "int8" | "int4";
export const weightTypes = ["float32", "int8", "int4"] as const satisfies readonly WeightType[];

/** Bits of a matrix by its name; null of what stays float32. */
function bitsOf(config: GenerativeConfig, name: string, type: WeightType): QuantisedBits | null {
  if (type === "float32") return null;
  const { prefix } = decoderOf(config);
  if (name === `${prefix}model.embed_tokens.weight` || name === `${prefix}lm_head.weight`) return 8;
  const isLayer = name.startsWith(`${prefix}model.layers.`) && /\.(self_attn|mlp)\.\w+_proj\.weight$/.test(name);
  return isLayer ? (type === "int8" ? 8 : 4) : null;
}

/** Takes the tensors that are to be quantised, one after the other, so that no two of them are float32 at a time. */
export class WeightQuantiser {
  readonly quantised = new Map<string, QuantisedMatrix>();
  readonly #config: GenerativeConfig;
  readonly #type: WeightType;

  constructor(config: GenerativeConfig, type: WeightType) {
    this.#config = config;
    this.#type = type;
  }

  /** Was it taken? */
  take(name: string, { shape, data }: TensorData): boolean {
    const bits = bitsOf(this.#config, name, this.#type);
    if (bits === null || !(data instanceof Float32Array)) return false;
    this.quantised.set(name, quantise(data, shape as [number, number], bits));
    return true;
  }
}

/**
 * Bytes that a model's weights take while it is opened, which is when they take most: quantised matrices are there twice, as
 * they were read and as ONNX Runtime packs them.
 */
export function loadedBytes(config: GenerativeConfig, shapes: Shapes, type: WeightType): number {
  const bits = new Map([...shapes.keys()].map((name) => [name, bitsOf(config, name, type)]));
  const quantised = [...shapes].filter(([name]) => bits.get(name) !== null);
  const plain = weightBytes(new Map([...shapes].filter(([name]) => bits.get(name) === null)));
  return quantised.reduce(
    (sum, [name, shape]) => sum + 2 * quantisedBytes(shape as [number, number], bits.get(name) as QuantisedBits),
    plain,
  );
}
