/**
 * A LLaVA of a few thousand random weights with a closed vocabulary and the Vicuna template, in memory and as a folder.
 */
import { Rng } from "../core/math/index.ts";
import { rgbaImage } from "../media/image/index.ts";
import type { Frame } from "../media/video/index.ts";
import { saveCheckpoint } from "../nn/checkpoint/index.ts";
import {
  initialWeights,
  type LlavaConfig,
  llavaEyes,
  modelShapes,
  parseModelConfig,
  VisualEncoder,
} from "../nn/models/index.ts";
import { createTokenizer, type Tokenizer, trainWordTokenizer, wordTokenizerConfig } from "../nn/tokenizer/index.ts";
import { type FrameEncoder, frameEncoder } from "./frame-encoder.ts";
import { parseImageProcessor } from "./image-processor.ts";

const words = ["USER", "ASSISTANT", "What", "is", "shown", "first", "a", "red", "circle", "What", "colour"];

export const textTemplate =
  "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}USER: {{ m.content }}{% else %}ASSISTANT:{{ m.content }}{{ eos_token }}{% endif %}{% endfor %}{% if add_generation_prompt %}ASSISTANT:{% endif %}";
/** As llava-hf checkpoints write it: pictures first, then the text. */
export const partsTemplate =
  "{% for m in messages %}{% if m.role == 'user' %}USER: {% endif %}{% for part in m.content %}{% if part.type == 'image' %}<image>\n{% endif %}{% endfor %}{% for part in m.content %}{% if part.type == 'text' %}{{ part.text }}{% endif %}{% endfor %}{% endfor %}{% if add_generation_prompt %} ASSISTANT:{% endif %}";

const preprocessor = { size: { height: 8, width: 8 }, crop_size: { height: 8, width: 8 }, do_center_crop: false };

export function tinyTokenizer(chatTemplate = textTemplate): Tokenizer {
  const roles = { bos: "<s>", eos: "</s>", pad: "<pad>", chatTemplate };
  return createTokenizer(
    new Map([
      ["tokenizer.json", JSON.stringify(trainWordTokenizer(words, ["<pad>", "<s>", "</s>", "<image>"]))],
      ["tokenizer_config.json", JSON.stringify(wordTokenizerConfig(roles))],
    ]),
  );
}

export function tinyParts(seed = "tiny") {
  const tokenizer = tinyTokenizer();
  const rawConfig = {
    model_type: "llava",
    image_token_index: 3,
    vision_config: {
      hidden_size: 8,
      intermediate_size: 16,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      image_size: 8,
      patch_size: 4,
    },
    text_config: {
      model_type: "llama",
      vocab_size: tokenizer.vocabSize,
      hidden_size: 12,
      intermediate_size: 20,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      max_position_embeddings: 128,
      eos_token_id: 2,
    },
  };
  const config = parseModelConfig(rawConfig, "test") as LlavaConfig;
  const weights = initialWeights(modelShapes(config), new Rng(seed), 0.4);
  return { config, rawConfig, weights, tokenizer, preprocessor: parseImageProcessor(preprocessor), threads: 1 };
}

/** The eyes of the parts, compiled at their first look. */
export function tinyEncoder(parts: ReturnType<typeof tinyParts>): FrameEncoder {
  const { config, weights, preprocessor } = parts;
  const encoder = new VisualEncoder(llavaEyes(config), { weights, shapes: modelShapes(config) }, { threads: 1 });
  return frameEncoder(encoder, preprocessor);
}

/** Save it as a Hugging Face folder. */
export function writeTinyLlava(folder: string): void {
  const { rawConfig, weights, tokenizer } = tinyParts();
  const files = new Map([...tokenizer.files, ["preprocessor_config.json", JSON.stringify(preprocessor)]]);
  saveCheckpoint(folder, { config: rawConfig, weights, files });
}

/** Frames of noise, 10x6 pixels. */
export function noiseFrames(count: number, seed: string): Frame[] {
  const rng = new Rng(seed);
  return Array.from({ length: count }, (_, index) => {
    const image = rgbaImage(10, 6);
    for (let i = 0; i < image.data.length; i++) image.data[i] = i % 4 === 3 ? 255 : rng.below(256);
    return { image, time: index / 2, index };
  });
}
