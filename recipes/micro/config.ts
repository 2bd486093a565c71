/**
 * The sizes of zoetrope-micro and its tokenizer: a LLaVA of three million parameters that reads a frame in five tokens.
 */
import { Rng } from "../../src/core/math/index.ts";
import type { TensorData } from "../../src/nn/checkpoint/index.ts";
import {
  type ClipConfig,
  clipConfigSchema,
  initialWeights,
  type LlavaConfig,
  llavaConfigSchema,
  llavaShapes,
} from "../../src/nn/models/index.ts";
import {
  createTokenizer,
  type Tokenizer,
  trainWordTokenizer,
  wordTokenizerConfig,
} from "../../src/nn/tokenizer/index.ts";
import { vocabularyWords } from "./vocabulary.ts";

export const specials = ["<pad>", "<s>", "</s>", "<image>"] as const;
const letters = ["(A)", "(B)", "(C)", "(D)", "(E)", "(F)"];

/**
 * Vicuna's layout: frames or captions, question, `ASSISTANT:`, answer, `</s>`. A question that ends in neither space nor line
 * end gets a space, because that is how all questions of the lessons end.
 */
const chatTemplate =
  "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}USER: {{ message['content'] }}" +
  "{% if message['content'][-1:] not in [' ', '\\n'] %} {% endif %}ASSISTANT:" +
  "{% else %} {{ message['content'] }}{{ eos_token }}{% endif %}{% endfor %}";

export function microTokenizer(): Tokenizer {
  const content = {
    "tokenizer.json": trainWordTokenizer(vocabularyWords(), specials, letters),
    "tokenizer_config.json": wordTokenizerConfig({ bos: "<s>", eos: "</s>", pad: "<pad>", chatTemplate }),
  };
  return createTokenizer(new Map(Object.entries(content).map(([name, value]) => [name, JSON.stringify(value)])));
}

const imageSize = 32;
const visionWidth = 128;

const vision = {
  hidden_size: visionWidth,
  intermediate_size: 4 * visionWidth,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  image_size: imageSize,
  patch_size: 16,
  projection_dim: 64,
};

export function microConfig(tokenizer: Tokenizer): LlavaConfig {
  return llavaConfigSchema.parse(microConfigJson(tokenizer));
}

/** The content of config.json. Class token and four patches of the last layer: five visual tokens a frame. */
export function microConfigJson(tokenizer: Tokenizer): Record<string, unknown> {
  return {
    architectures: ["LlavaForConditionalGeneration"],
    model_type: "llava",
    image_token_index: tokenizer.idOf("<image>"),
    vision_feature_layer: -1,
    vision_feature_select_strategy: "full",
    vision_config: { model_type: "clip_vision_model", ...vision },
    text_config: {
      model_type: "llama",
      vocab_size: tokenizer.vocabSize,
      hidden_size: 192,
      intermediate_size: 512,
      num_hidden_layers: 4,
      num_attention_heads: 6,
      num_key_value_heads: 6,
      max_position_embeddings: 2048,
      rms_norm_eps: 1e-6,
      rope_theta: 10000,
      bos_token_id: tokenizer.idOf("<s>"),
      eos_token_id: tokenizer.idOf("</s>"),
      pad_token_id: tokenizer.idOf("<pad>"),
      tie_word_embeddings: false,
    },
  };
}

/** The same vision tower beside a text tower, for contrastive pre-training. */
export function microClipConfig(tokenizer: Tokenizer): ClipConfig {
  return clipConfigSchema.parse({
    model_type: "clip",
    projection_dim: vision.projection_dim,
    vision_config: vision,
    text_config: {
      vocab_size: tokenizer.vocabSize,
      hidden_size: 96,
      intermediate_size: 384,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      max_position_embeddings: 24,
      eos_token_id: tokenizer.idOf("</s>"),
    },
  });
}

/** How pictures become pixels, in the words of transformers' CLIPImageProcessor. */
export const microPreprocessor = {
  image_processor_type: "CLIPImageProcessor",
  do_resize: true,
  size: { height: imageSize, width: imageSize },
  resample: 3,
  do_center_crop: false,
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  image_mean: [0.45, 0.45, 0.45],
  image_std: [0.27, 0.27, 0.27],
  do_convert_rgb: true,
} as const;

/** Random weights to begin with: what adds to the residual stream starts smaller, the deeper the decoder. */
export function microWeights(config: LlavaConfig, seed: number): Map<string, TensorData> {
  const weights = initialWeights(llavaShapes(config), new Rng(`micro/${seed}`), 0.04);
  const damping = 1 / Math.sqrt(2 * config.text_config.num_hidden_layers);
  for (const [name, { data }] of weights) {
    if (/language_model.*(o_proj|down_proj)/.test(name))
      for (let i = 0; i < data.length; i++) (data[i] as number) *= damping;
  }
  return weights;
}
