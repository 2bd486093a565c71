/**
 * A checkpoint that never ends an answer: random weights, text only, with room for tens of thousands of tokens. What asks it
 * waits until it is turned out.
 */
import { Rng } from "../core/math/index.ts";
import { saveCheckpoint } from "../nn/checkpoint/index.ts";
import { initialWeights, modelShapes, parseModelConfig } from "../nn/models/index.ts";
import { trainWordTokenizer, wordTokenizerConfig } from "../nn/tokenizer/index.ts";

/** Write it as a folder. */
export function writeSlowCheckpoint(folder: string): void {
  const roles = {
    bos: "<s>",
    eos: "</s>",
    pad: "<pad>",
    chatTemplate: "{% for m in messages %}{{ m.content }} {% endfor %}",
  };
  const tokenizer = trainWordTokenizer(["tick", "tock", "ding", "dong"], ["<pad>", "<s>", "</s>"]);
  const size = Object.keys((tokenizer as { model: { vocab: object } }).model.vocab).length;
  const config = {
    model_type: "llama",
    vocab_size: size + 1,
    hidden_size: 32,
    intermediate_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    max_position_embeddings: 32_768,
    // An id that the tokenizer does not have, and that a greedy answer of these weights does not meet.
    eos_token_id: size,
  };
  const weights = initialWeights(modelShapes(parseModelConfig(config, "slow")), new Rng("slow"), 0.4);
  const files = new Map([
    ["tokenizer.json", JSON.stringify(tokenizer)],
    ["tokenizer_config.json", JSON.stringify(wordTokenizerConfig(roles))],
  ]);
  saveCheckpoint(folder, { config, weights, files });
}
