/** What prompts share is read once and changes nothing. Oracle: each prompt alone. */
import { join, resolve } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { DecoderReader } from "./decoder-reader.ts";
import { decoderOf, type GenerativeConfig } from "./generative-config.ts";
import { type Generated, Generator } from "./generator.ts";
import { eyesOf, initialWeights, modelShapes, mropePositions, parseModelConfig, readModelConfig } from "./index.ts";
import type { Prompt } from "./prompt-embeddings.ts";
import { sharedLength, sharedPrefixes } from "./shared-prefix.ts";
import { tinyDecoder, tinyLlavaConfig } from "./tiny-models.fixture.ts";

const parity = resolve(import.meta.dirname, "../../../test/parity");
const configs: [string, GenerativeConfig][] = [
  ["llama", parseModelConfig({ model_type: "llama", ...tinyDecoder }, "test") as GenerativeConfig],
  ["LLaVA over qwen2", tinyLlavaConfig()],
  ["M-RoPE", readModelConfig(join(parity, "qwen2_vl")).config as GenerativeConfig],
];
const grid = { times: [0, 2, 5], rows: 2, columns: 2 };
afterEach(() => vi.restoreAllMocks());

/** Questions of several lengths behind one text, or behind one video of 12 rows. */
function questions(config: GenerativeConfig, rng: Rng, count: number): Prompt[] {
  const { decoder } = decoderOf(config);
  const tokenId = eyesOf(config)?.tokenId;
  const word = () => {
    const id = rng.integer(3, Math.min(decoder.vocab_size, 28));
    return id === tokenId ? id + 1 : id;
  };
  const words = (length: number) => Array.from({ length }, word);
  const video = tokenId === undefined ? [] : new Array<number>(12).fill(tokenId);
  const rows = Float32Array.from({ length: 12 * decoder.hidden_size }, () => rng.normal());
  const beginning = [...words(20), ...video, ...words(tokenId === undefined ? 20 : 8)];
  return Array.from({ length: count }, (_, n) => {
    const ids = [...beginning, ...words(2 + (n % 4))];
    if (tokenId === undefined) return { ids };
    // A copy for each question, as conversations bring their own.
    const prompt = { ids, images: [rows.slice()] };
    return decoder.mrope_section ? { ...prompt, positions: mropePositions(ids, tokenId, [grid]) } : prompt;
  });
}

test.each(configs)("%s: questions over one beginning get the answers that each gets alone", async (_, config) => {
  const rng = new Rng("sharing");
  const weights = initialWeights(modelShapes(config), rng, 0.3);
  const generator = new Generator(config, weights, { threads: 1 });
  const prompts = questions(config, rng, 5);
  const options = { maxNewTokens: 4, stopIds: [], logProbabilities: 2 };
  const alone: Generated[] = [];
  for (const prompt of prompts) alone.push(...(await generator.generate([prompt], options)));

  const spy = vi.spyOn(DecoderReader.prototype, "read");
  const together = await generator.generate(prompts, options);
  const width = decoderOf(config).decoder.hidden_size;
  const read = spy.mock.calls.flatMap(([, pieces]) => pieces.map(({ embeddings }) => embeddings.length / width));
  const steps = 5 * 3;
  expect(read.reduce((a, b) => a + b, 0)).toBe(40 + prompts.reduce((sum, { ids }) => sum + ids.length - 40, 0) + steps);
  together.forEach((answer, n) => {
    expect(answer.ids).toEqual(alone[n]?.ids);
    answer.scores?.forEach(({ logProbability }, i) => {
      expect(logProbability).toBeCloseTo(alone[n]?.scores?.[i]?.logProbability as number, 4);
    });
  });
  await generator.dispose();
});

test.each(configs)("%s: options of one prompt read it once and score as each alone", async (_, config) => {
  const rng = new Rng("options");
  const generator = new Generator(config, initialWeights(modelShapes(config), rng, 0.3), { threads: 1 });
  const [prompt] = questions(config, rng, 1) as [Prompt];
  const options = [[5], [6, 7], [6, 8, 9], [6, 8, 10]];
  const alone: number[] = [];
  for (const option of options) alone.push((await generator.logProbabilities([prompt], [[option]]))[0]?.[0] as number);
  const spy = vi.spyOn(DecoderReader.prototype, "read");
  const [together] = await generator.logProbabilities([prompt], [options]);
  together?.forEach((score, o) => {
    expect(score).toBeCloseTo(alone[o] as number, 4);
  });
  const width = decoderOf(config).decoder.hidden_size;
  const read = spy.mock.calls.flatMap(([, pieces]) => pieces.map(({ embeddings }) => embeddings.length / width));
  // The prompt without its last token; that with what comes before the last token of [5], of [6, 7] and of the last two.
  expect(read.reduce((a, b) => a + b, 0)).toBe(prompt.ids.length - 1 + (1 + 2 + 3));
  await generator.dispose();
});

test("a prompt in pieces is the prompt in one (oracle: the log-probabilities of its ends)", async () => {
  const config = parseModelConfig({ model_type: "llama", ...tinyDecoder, max_position_embeddings: 1024 }, "test");
  if (config.model_type !== "llama") throw new TypeError("Expected Llama.");
  const rng = new Rng("pieces");
  const generator = new Generator(config, initialWeights(modelShapes(config), rng, 0.3), { threads: 1 });
  const ids = Array.from({ length: 600 }, () => rng.integer(3, 28));
  const [whole] = await generator.logProbabilities([{ ids }], [[[5], [9]]]);
  // Everything but the beginning as a continuation: the same last scores, from a run whose pieces are cut elsewhere.
  const [tail] = await generator.logProbabilities(
    [{ ids: ids.slice(0, 10) }],
    [[ids.slice(10), [...ids.slice(10), 5]]],
  );
  expect((tail?.[1] as number) - (tail?.[0] as number)).toBeCloseTo(whole?.[0] as number, 3);
  await generator.dispose();
});

test("beginnings end at the first difference in ids, rows of a picture or positions", () => {
  const seeing = { tokenId: 9, width: 2 };
  const image = Float32Array.of(1, 2, 3, 4, 5, 6);
  const other = Float32Array.of(1, 2, 3, 4, 5, 7);
  const prompt = (ids: number[], picture?: Float32Array): Prompt => (picture ? { ids, images: [picture] } : { ids });
  expect(sharedLength(prompt([1, 2, 3, 4]), prompt([1, 2, 5, 4]), seeing)).toBe(2);
  expect(sharedLength(prompt([1, 2, 3]), prompt([1, 2, 3]), seeing)).toBe(2);
  const seen = [1, 9, 9, 9, 4, 5];
  expect(sharedLength(prompt(seen, image), prompt(seen, image.slice()), seeing)).toBe(5);
  expect(sharedLength(prompt(seen, image), prompt(seen, other), seeing)).toBe(3);
  const timed = (times: number[]) => ({
    ...prompt(seen, image),
    positions: mropePositions(seen, 9, [{ times, rows: 1, columns: 1 }]),
  });
  expect(sharedLength(timed([0, 1, 2]), timed([0, 1, 3]), seeing)).toBe(3);
});

test("two videos under one system prompt stay two groups, and questions of each find together", () => {
  const ids = (video: number, question: number) => [
    ...new Array<number>(40).fill(1),
    ...new Array<number>(200).fill(video),
    question,
    7,
  ];
  const prompts = [ids(3, 1), ids(4, 1), ids(3, 2), ids(4, 2), [5, 6]].map((each) => ({ ids: each }));
  expect(sharedPrefixes(prompts, { tokenId: null, width: 1 })).toEqual([
    { members: [0, 2], length: 240 },
    { members: [1, 3], length: 240 },
    { members: [4], length: 0 },
  ]);
});
