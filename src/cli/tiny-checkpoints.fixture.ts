/**
 * A folder of every kind of checkpoint that can be asked, with a few thousand random weights and a closed vocabulary.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Rng } from "../core/math/index.ts";
import { saveCheckpoint, type TensorData, writeAdapter, writeSafetensors } from "../nn/checkpoint/index.ts";
import { initialWeights, modelShapes, parseModelConfig } from "../nn/models/index.ts";
import { createTokenizer, trainWordTokenizer, wordTokenizerConfig } from "../nn/tokenizer/index.ts";

const words = ["USER", "ASSISTANT", "What", "is", "shown", "first", "a", "red", "circle"];
const specialTokens = ["<pad>", "<s>", "</s>", "<image>", "<video>"];

const turns = "{% for m in messages %}{% if m.role == 'user' %}USER: ";
const end = "{% endfor %}{% if add_generation_prompt %} ASSISTANT:{% endif %}";
/** Templates that take a message as one text, and as parts of which they write the placeholder. */
const textTemplate = `{{ bos_token }}${turns}{{ m.content }}{% endif %}${end}`;
const partsTemplate = (type: string, placeholder: string) =>
  `${turns}{% endif %}{% for part in m.content %}{% if part.type == '${type}' %}${placeholder}\n{% elif part.type == 'text' %}{{ part.text }}{% endif %}{% endfor %}${end}`;

function tokenizerFiles(chatTemplate?: string): Map<string, string> {
  const roles = { bos: "<s>", eos: "</s>", pad: "<pad>", ...(chatTemplate && { chatTemplate }) };
  return new Map([
    ["tokenizer.json", JSON.stringify(trainWordTokenizer(words, specialTokens))],
    ["tokenizer_config.json", JSON.stringify(wordTokenizerConfig(roles))],
  ]);
}
const { vocabSize } = createTokenizer(tokenizerFiles());

const text = {
  vocab_size: vocabSize,
  hidden_size: 16,
  intermediate_size: 20,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  max_position_embeddings: 1024,
  eos_token_id: 2,
};
const clip = {
  model_type: "clip_vision_model",
  hidden_size: 8,
  intermediate_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  image_size: 8,
  patch_size: 4,
  projection_dim: 6,
};
const siglip = { ...clip, model_type: "siglip_vision_model", image_size: 12, vision_use_head: false };
const clipProcessor = { size: 8, crop_size: 8 };
const siglipProcessor = { image_processor_type: "SiglipImageProcessor", size: { height: 12, width: 12 } };

const llavaQwen = { ...text, model_type: "llava_qwen", mm_vision_tower: "tower", mm_spatial_pool_stride: 2 };

const qwenVision = { depth: 2, num_heads: 2, patch_size: 4 };
const qwenText = { ...text, rope_scaling: { type: "mrope", mrope_section: [2, 1, 1] }, video_token_id: 4 };
const qwenProcessor = (type: string) => ({ image_processor_type: type, patch_size: 4, max_pixels: 1024 });
const qwenTemplate = partsTemplate("video", "<video>");

type Tiny = Readonly<{ config: Record<string, unknown>; processor: unknown; template: string }>;

const checkpoints: Readonly<Record<string, Tiny>> = {
  "llava-clip": {
    config: {
      model_type: "llava",
      image_token_index: 3,
      vision_config: clip,
      text_config: { model_type: "llama", ...text },
    },
    processor: clipProcessor,
    template: textTemplate,
  },
  "llava-siglip": {
    config: {
      model_type: "llava",
      image_token_index: 3,
      vision_feature_layer: -1,
      vision_feature_select_strategy: "full",
      vision_config: siglip,
      text_config: { model_type: "qwen2", ...text },
    },
    processor: siglipProcessor,
    template: partsTemplate("image", "<image>"),
  },
  "llava-onevision": {
    config: {
      model_type: "llava_onevision",
      video_token_index: 4,
      vision_config: siglip,
      text_config: { model_type: "qwen2", ...text },
    },
    processor: { ...siglipProcessor, image_processor_type: "LlavaOnevisionImageProcessor" },
    template: partsTemplate("video", "<video>"),
  },
  "llava-video": {
    config: {
      ...llavaQwen,
      mm_patch_merge_type: "spatial_unpad",
      mm_newline_position: "grid",
      mm_spatial_pool_mode: "bilinear",
      vision_config: siglip,
    },
    processor: siglipProcessor,
    template: textTemplate,
  },
  longva: {
    config: { ...llavaQwen, mm_patch_merge_type: "unires", mm_spatial_pool_mode: "average", vision_config: clip },
    processor: clipProcessor,
    template: textTemplate,
  },
  "qwen2-vl": {
    config: { model_type: "qwen2_vl", ...qwenText, vision_config: { ...qwenVision, embed_dim: 16, mlp_ratio: 2 } },
    processor: qwenProcessor("Qwen2VLImageProcessor"),
    template: qwenTemplate,
  },
  "qwen2.5-vl": {
    config: {
      model_type: "qwen2_5_vl",
      ...qwenText,
      vision_config: {
        ...qwenVision,
        hidden_size: 16,
        intermediate_size: 24,
        window_size: 16,
        fullatt_block_indexes: [1],
      },
    },
    processor: qwenProcessor("Qwen2VLImageProcessorFast"),
    template: qwenTemplate,
  },
};

/** Names of the folders that writeTinyCheckpoint makes. */
export const tinyCheckpoints: readonly string[] = [...Object.keys(checkpoints), "vtimellm"];

/** Write one of tinyCheckpoints into a folder. */
export function writeTinyCheckpoint(name: string, folder: string): void {
  if (name === "vtimellm") writeVtimellm(folder);
  else {
    const { config, processor, template } = checkpoints[name] as Tiny;
    const files = tokenizerFiles(template).set("preprocessor_config.json", JSON.stringify(processor));
    saveCheckpoint(folder, { config, weights: randomWeights(config), files });
  }
}

/** Weights of a configuration, the same at every call. */
function randomWeights(config: Record<string, unknown>): Map<string, TensorData> {
  return initialWeights(modelShapes(parseModelConfig(config, "test")), new Rng("tiny"), 0.4);
}

/** VTimeLLM's parts, named by a config.json: a decoder, CLIP, the projector and two stages. */
function writeVtimellm(folder: string): void {
  const at = (part: string) => join(folder, part);
  const base = { model_type: "llama", ...text };
  const whole = {
    model_type: "clip",
    vision_config: clip,
    text_config: { hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2 },
    projection_dim: 6,
  };
  saveCheckpoint(at("vicuna"), { config: base, weights: randomWeights(base), files: tokenizerFiles() });
  const processor = new Map([["preprocessor_config.json", JSON.stringify(clipProcessor)]]);
  saveCheckpoint(at("clip"), { config: whole, weights: randomWeights(whole), files: processor });
  const rng = new Rng("parts");
  const random = (...shape: number[]): TensorData => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 0.4 * rng.normal()),
  });
  mkdirSync(folder, { recursive: true });
  writeSafetensors(
    at("mm_projector.safetensors"),
    new Map([
      ["model.mm_projector.weight", random(16, 6)],
      ["model.mm_projector.bias", random(16)],
    ]),
  );
  for (const stage of ["stage2", "stage3"]) {
    const module = "model.layers.1.self_attn.q_proj";
    const weights = new Map([
      [`${module}.lora_A.weight`, random(2, 16)],
      [`${module}.lora_B.weight`, random(16, 2)],
    ]);
    writeAdapter(at(stage), {
      config: { peft_type: "LORA", r: 2, lora_alpha: 4, target_modules: ["layers.1.self_attn.q_proj"] },
      weights,
    });
  }
  const parts = {
    base: "vicuna",
    vision_tower: "clip",
    projector: "mm_projector.safetensors",
    adapters: ["stage2", "stage3"],
  };
  writeFileSync(at("config.json"), JSON.stringify({ model_type: "vtimellm", ...parts }));
}
