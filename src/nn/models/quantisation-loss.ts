/**
 * What quantised weights cost: the same text read by a model as float32 and quantised, and how far its guesses move.
 */
import { loadTokenizer } from "../tokenizer/index.ts";
import { DecoderReader } from "./decoder-reader.ts";
import { decoderOf } from "./generative-config.ts";
import { loadModel } from "./load-model.ts";
import { loraScaling } from "./lora.ts";
import { writesText } from "./model-config.ts";
import type { WeightType } from "./quantise-weights.ts";
import { readPrompts } from "./read-prompts.ts";
import { logProbabilities } from "./sampling.ts";

export type QuantisationLoss = Readonly<{
  type: WeightType;
  /** Tokens that were guessed. */
  tokens: number;
  /** exp of the mean of -log p over the tokens, of the float32 model and of the quantised one. */
  perplexityFloat32: number;
  perplexity: number;
  /** Mean over the places of sum p log(p / q), p of the float32 model, q of the quantised one, in nats. */
  klDivergence: number;
  /** Places at which both think the same token likeliest. */
  sameToken: number;
  /** Root mean square of the change of log-probabilities, over that of float32's around their mean at each place. */
  relativeError: number;
}>;

/** Places of the text that are compared: their scores over the whole vocabulary are held in memory. */
const mostTokens = 256;

/** Read a text by a checkpoint twice, one model after the other in memory. Throws an Error where it does not write text. */
export async function quantisationLoss(folder: string, type: WeightType, text: string): Promise<QuantisationLoss> {
  const plain = await guesses(folder, "float32", text);
  const other = await guesses(folder, type, text);
  const { ids } = plain;
  const tokens = plain.logs.length;
  let [plainSum, otherSum, divergence, same, moved, spread] = [0, 0, 0, 0, 0, 0];
  for (const [t, logs] of plain.logs.entries()) {
    const changed = other.logs[t] as Float64Array;
    const next = ids[t + 1] as number;
    const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
    plainSum -= logs[next] as number;
    otherSum -= changed[next] as number;
    if (largestAt(logs) === largestAt(changed)) same++;
    for (const [id, log] of logs.entries()) {
      const difference = log - (changed[id] as number);
      divergence += Math.exp(log) * difference;
      moved += difference ** 2;
      spread += (log - mean) ** 2;
    }
  }
  return {
    type,
    tokens,
    perplexityFloat32: Math.exp(plainSum / tokens),
    perplexity: Math.exp(otherSum / tokens),
    klDivergence: divergence / tokens,
    sameToken: same / tokens,
    relativeError: Math.sqrt(moved / spread),
  };
}

/** Log-probabilities behind every token but the last: (V) each. */
async function guesses(folder: string, type: WeightType, text: string) {
  const { config, shapes, weights, adapter, tokenizerFolder, quantised = new Map() } = loadModel(folder, { type });
  if (!writesText(config)) throw new Error(`Expected a model that writes text in ${folder}, got ${config.model_type}.`);
  const { vocab_size: V, max_position_embeddings: limit } = decoderOf(config).decoder;
  const ids = loadTokenizer(tokenizerFolder)
    .encode(text)
    .slice(0, Math.min(mostTokens + 1, limit));
  if (ids.length < 2) throw new Error(`Expected a text of 2 tokens or more, got ${ids.length}. Pass a longer one.`);
  const scaling = adapter ? { loraScaling: loraScaling(adapter) } : {};
  const reader = new DecoderReader({ config, shapes, weights, quantised, ...scaling });
  try {
    const picks = Array.from({ length: ids.length - 1 }, (_, t) => t);
    const [scores] = await readPrompts(reader, reader.cache(1, ids.length), [{ prompt: { ids }, picks }]);
    const rows = scores as Float32Array;
    return { ids, logs: picks.map((t) => logProbabilities(rows.subarray(t * V, (t + 1) * V))) };
  } finally {
    await reader.dispose();
  }
}

function largestAt(values: Float64Array): number {
  return values.reduce((best, value, i) => (value > (values[best] as number) ? i : best), 0);
}
