/** Oracle: every possible answer over a tiny vocabulary, scored one by one. */
import { afterAll, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { beamSearch } from "./beam-search.ts";
import { DecoderReader } from "./decoder-reader.ts";
import type { GenerativeConfig } from "./generative-config.ts";
import { Generator } from "./generator.ts";
import { initialWeights, modelShapes, parseModelConfig } from "./index.ts";
import { readPrompts } from "./read-prompts.ts";
import { tinyDecoder } from "./tiny-models.fixture.ts";

const vocabulary = 5;
const stop = 2;
const config = parseModelConfig(
  { model_type: "llama", ...tinyDecoder, vocab_size: vocabulary, eos_token_id: stop },
  "test",
) as GenerativeConfig;
const weights = initialWeights(modelShapes(config), new Rng("beams"), 0.6);
const generator = new Generator(config, weights, { threads: 1 });
const reader = new DecoderReader({ config, shapes: modelShapes(config), weights, quantised: new Map(), threads: 1 });
afterAll(async () => {
  await generator.dispose();
  await reader.dispose();
});
const prompts = [[0], [1, 3], [4, 0, 3], [3, 3, 1, 0]].map((ids) => ({ ids }));

/** Every answer of at most `length` tokens: those that end by the stop id, and those that are cut off. */
function everyAnswer(length: number): number[][] {
  const grow = (ids: number[]): number[][] =>
    ids.length === length || ids.at(-1) === stop
      ? [ids]
      : Array.from({ length: vocabulary }, (_, id) => grow([...ids, id])).flat();
  return grow([]);
}

test.each([-1, 0, 0.5, 1, 2])("with room for all the best of all answers wins, length penalty %d", async (penalty) => {
  const answers = everyAnswer(4);
  const found = await generator.generate(prompts, { maxNewTokens: 4, beams: 256, lengthPenalty: penalty });
  const scores = await generator.logProbabilities(
    prompts,
    prompts.map(() => answers),
  );
  prompts.forEach((_, p) => {
    const ranked = answers
      .map((ids, i) => ({ ids, score: (scores[p]?.[i] as number) / ids.length ** penalty }))
      .sort((a, b) => b.score - a.score);
    const best = ranked[0]?.ids as number[];
    expect(found[p]?.ids).toEqual(best.filter((id) => id !== stop));
    expect(found[p]?.stopped).toBe(best.at(-1) === stop);
  });
});

test("one beam without a stop id is the greedy answer", async () => {
  for (const prompt of prompts) {
    const [greedy] = await generator.generate([prompt], { maxNewTokens: 6, stopIds: [], logProbabilities: 0 });
    const cache = reader.cache(1, prompt.ids.length + 6);
    const [logits] = await readPrompts(reader, cache, [{ prompt, picks: [prompt.ids.length - 1] }]);
    const options = { beams: 1, maxNewTokens: 6, stops: new Set<number>(), alternatives: 0 };
    const found = await beamSearch(reader, { cache, prompt, logits: logits as Float32Array }, options);
    expect(found.ids).toEqual(greedy?.ids);
    expect(found.score).toBeCloseTo(found.scores.reduce((sum, { logProbability }) => sum + logProbability, 0) / 6, 6);
  }
});

test("a narrow search tells the true log-probabilities of its answer (oracle: logProbabilities)", async () => {
  const found = await generator.generate(prompts, { maxNewTokens: 5, beams: 3, logProbabilities: 0, stopIds: [] });
  const scores = await generator.logProbabilities(
    prompts,
    found.map(({ ids }) => [ids]),
  );
  found.forEach((answer, p) => {
    const sum = answer.scores?.reduce((total, { logProbability }) => total + logProbability, 0);
    expect(sum).toBeCloseTo(scores[p]?.[0] as number, 4);
  });
});

test("beams and a temperature are refused together", async () => {
  const both = generator.generate(prompts, { maxNewTokens: 2, beams: 2, temperature: 1 });
  await expect(both).rejects.toThrow("Expected beams or a temperature, got 2 beams at 1.");
});
