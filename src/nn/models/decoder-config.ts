/**
 * What config.json says about a Llama or Qwen2 decoder, old and new field names resolved to one record.
 *
 * Field names are upstream's. transformers 5 moved rope_theta and rope_scaling into rope_parameters; both are read.
 */
import { z } from "zod";

const ropeSchema = z.looseObject({
  rope_theta: z.number().positive().optional(),
  rope_type: z.string().optional(),
  /** The name of rope_type before transformers 4.45. */
  type: z.string().optional(),
  /** Pairs of channels that time, height and width turn (Qwen2-VL). */
  mrope_section: z.array(z.int().positive()).length(3).optional(),
});
const tokenId = z.union([z.int(), z.array(z.int()).transform((ids) => ids[0] ?? null)]).nullish();
const size = z.int().positive();

/** Fields that both families have, with transformers' defaults: the text_config of llava-1.5-7b-hf names hardly a size. */
const fields = {
  vocab_size: size,
  hidden_size: size.default(4096),
  intermediate_size: size,
  num_hidden_layers: size.default(32),
  num_attention_heads: size.default(32),
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  hidden_act: z.literal("silu").default("silu"),
  rms_norm_eps: z.number().positive().default(1e-6),
  max_position_embeddings: size.default(2048),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: ropeSchema.nullish(),
  rope_parameters: ropeSchema.nullish(),
  tie_word_embeddings: z.boolean().default(false),
  bos_token_id: tokenId,
  eos_token_id: z.union([z.int(), z.array(z.int())]).nullish(),
  pad_token_id: tokenId,
};

export const llamaConfigSchema = z
  .looseObject({
    model_type: z.literal("llama"),
    ...fields,
    vocab_size: size.default(32_000),
    intermediate_size: size.default(11_008),
    attention_bias: z.boolean().default(false),
    mlp_bias: z.boolean().default(false),
  })
  .transform((raw) => ({
    ...shared(raw),
    model_type: raw.model_type,
    attention_bias: raw.attention_bias,
    mlp_bias: raw.mlp_bias,
  }));

export const qwen2ConfigSchema = z
  .looseObject({
    model_type: z.literal("qwen2"),
    ...fields,
    vocab_size: size.default(151_936),
    intermediate_size: size.default(22_016),
    use_sliding_window: z.literal(false).default(false),
  })
  .transform((raw) => ({ ...shared(raw), model_type: raw.model_type }));

export const decoderConfigSchema = z.discriminatedUnion("model_type", [llamaConfigSchema, qwen2ConfigSchema]);

export type LlamaConfig = Readonly<z.output<typeof llamaConfigSchema>>;
export type Qwen2Config = Readonly<z.output<typeof qwen2ConfigSchema>>;
export type DecoderConfig = LlamaConfig | Qwen2Config;

type Raw = z.output<z.ZodObject<typeof fields>>;

function shared(raw: Raw) {
  const rope = raw.rope_parameters ?? raw.rope_scaling ?? {};
  const type = rope.rope_type ?? rope.type ?? "default";
  if (type !== "default" && !(type === "mrope" && rope.mrope_section)) {
    throw new Error(`Expected rotary embeddings of type "default", got "${type}". Other scalings are not supported.`);
  }
  return {
    vocab_size: raw.vocab_size,
    hidden_size: raw.hidden_size,
    intermediate_size: raw.intermediate_size,
    num_hidden_layers: raw.num_hidden_layers,
    num_attention_heads: raw.num_attention_heads,
    num_key_value_heads: raw.num_key_value_heads ?? raw.num_attention_heads,
    head_dim: raw.head_dim ?? raw.hidden_size / raw.num_attention_heads,
    rms_norm_eps: raw.rms_norm_eps,
    max_position_embeddings: raw.max_position_embeddings,
    rope_theta: raw.rope_parameters?.rope_theta ?? raw.rope_theta ?? 10_000,
    // Absent and not null, so that fingerprints of decoders without it stay what they were.
    ...(rope.mrope_section && { mrope_section: rope.mrope_section }),
    tie_word_embeddings: raw.tie_word_embeddings,
    bos_token_id: raw.bos_token_id ?? null,
    eos_token_ids: raw.eos_token_id == null ? [] : [raw.eos_token_id].flat(),
    pad_token_id: raw.pad_token_id ?? null,
  };
}
