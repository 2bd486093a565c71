import { afterAll, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { Graph, interpret } from "../graph/index.ts";
import {
  bindWeights,
  Generator,
  initialWeights,
  languageFeeds,
  languageForward,
  languageShapes,
  llavaEyes,
  type Prompt,
  tokensPerImage,
  VisualEncoder,
} from "./index.ts";
import { tinyLlavaConfig } from "./tiny-models.fixture.ts";

const rng = new Rng("generator");
const config = tinyLlavaConfig();
const weights = initialWeights(languageShapes(config), rng, 0.4);
const generator = new Generator(config, weights, { batch: 4, threads: 1 });
afterAll(() => generator.dispose());

type Case = Readonly<{ ids: number[]; pixels: Float32Array[] }>;

/** Prompts of different lengths, with none to two images between their words. */
const cases: Case[] = Array.from({ length: 7 }, (_, n) => {
  const words = () => Array.from({ length: rng.integer(1, 5) }, () => rng.integer(4, 28));
  const pixels = Array.from({ length: n % 3 }, () => Float32Array.from({ length: 3 * 8 * 8 }, () => rng.normal()));
  const ids = [...words(), ...pixels.flatMap(() => [...new Array<number>(tokensPerImage(config)).fill(3), ...words()])];
  return { ids, pixels };
});

const encoder = new VisualEncoder(llavaEyes(config), { weights, shapes: languageShapes(config) }, { threads: 1 });
afterAll(() => encoder.dispose());

async function prompts(): Promise<Prompt[]> {
  const size = { width: 8, height: 8 };
  return Promise.all(cases.map(async ({ ids, pixels }) => ({ ids, images: await encoder.encode(pixels, size) })));
}

/** Logits after every position in float64, one sequence at a time, no cache. */
function reference({ ids, pixels }: Case): (t: number) => Float64Array {
  const graph = new Graph();
  const shape = { batch: 1, length: ids.length, images: pixels.length };
  const { logits } = languageForward(config, bindWeights(graph, languageShapes(config)), shape);
  graph.output("logits", logits);
  const feeds = languageFeeds(config, shape, [{ ids, labels: ids.map(() => -100), images: pixels }]);
  const numbers = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
  const all = interpret(graph, { ...feeds, ...numbers } as never).get("logits") as Float64Array;
  const V = config.text_config.vocab_size;
  return (t) => all.subarray(t * V, (t + 1) * V);
}

function greedy(start: Case, count: number): number[] {
  const ids = [...start.ids];
  while (ids.length < start.ids.length + count) {
    const scores = reference({ ids, pixels: start.pixels })(ids.length - 1);
    const id = scores.indexOf(Math.max(...scores));
    if (id === 2) break;
    ids.push(id);
  }
  return ids.slice(start.ids.length);
}

test("greedy answers are those of recomputing everything for each token (oracle: float64, no cache, no batch)", async () => {
  const answers = await generator.generate(await prompts(), { maxNewTokens: 5 });
  answers.forEach((answer, n) => {
    expect(answer.ids).toEqual(greedy(cases[n] as Case, 5));
    expect(answer.stopped).toBe(answer.ids.length < 5);
  });
});

test("a stop id ends an answer and is not part of it", async () => {
  const [free] = await generator.generate((await prompts()).slice(0, 1), { maxNewTokens: 4, stopIds: [] });
  const stop = free?.ids[2] as number;
  const [ended] = await generator.generate((await prompts()).slice(0, 1), { maxNewTokens: 4, stopIds: [stop] });
  expect(ended).toEqual({ ids: free?.ids.slice(0, free.ids.indexOf(stop)), stopped: true, scores: null });
});

test("log probabilities of answers are those of the softmax (oracle: float64)", async () => {
  const options = [[5], [6, 7], [8, 9, 10]];
  const got = await generator.logProbabilities(
    await prompts(),
    cases.map(() => options),
  );
  const single = await generator.logProbabilities(
    await prompts(),
    cases.map(() => [[5]]),
  );
  cases.forEach(({ ids, pixels }, n) => {
    options.forEach((option, o) => {
      const logits = reference({ ids: [...ids, ...option], pixels });
      const expected = option.reduce((sum, id, i) => {
        const scores = logits(ids.length + i - 1);
        return sum + (scores[id] as number) - Math.log(scores.reduce((total, score) => total + Math.exp(score), 0));
      }, 0);
      expect(got[n]?.[o]).toBeCloseTo(expected, 4);
    });
    expect(single[n]?.[0]).toBeCloseTo(got[n]?.[0] as number, 4);
  });
});

test("tokens are told as they come, and a signal stops between two of them", async () => {
  const some = await prompts();
  const told = some.map((): number[] => []);
  const answers = await generator.generate(some, { maxNewTokens: 4, onToken: (id, prompt) => told[prompt]?.push(id) });
  expect(told).toEqual(answers.map(({ ids }) => ids));
  const control = new AbortController();
  let count = 0;
  const onToken = () => {
    count++;
    control.abort(new Error("enough"));
  };
  const stopped = generator.generate(some.slice(0, 1), {
    maxNewTokens: 4,
    stopIds: [],
    onToken,
    signal: control.signal,
  });
  await expect(stopped).rejects.toThrow("enough");
  expect(count).toBe(1);
});

test("a stream gives the ids of generate one by one, and ends when the answer is complete", async () => {
  const some = (await prompts()).slice(0, 3);
  for (const prompt of some) {
    const [whole] = await generator.generate([prompt], { maxNewTokens: 5, stopIds: [] });
    const stream = generator.stream(prompt, { maxNewTokens: 5, stopIds: [] });
    const ids: number[] = [];
    let step = await stream.next();
    for (; !step.done; step = await stream.next()) ids.push(step.value);
    expect(ids).toEqual(whole?.ids);
    expect(step.value).toEqual(whole);
    const isComplete = (so: readonly number[]) => so.length === 2;
    const [ended] = await generator.generate([prompt], { maxNewTokens: 5, stopIds: [], isComplete });
    expect(ended).toEqual({ ids: whole?.ids.slice(0, 2), stopped: true, scores: null });
  }
});

test("scores of generated ids are log probabilities before temperature, with the likeliest ids (oracle: float64)", async () => {
  const options = { maxNewTokens: 3, stopIds: [], logProbabilities: 4, temperature: 2, rng: new Rng("scores") };
  const answers = await generator.generate(await prompts(), options);
  cases.forEach(({ ids, pixels }, n) => {
    const answer = answers[n];
    expect(answer?.scores).toHaveLength(3);
    answer?.scores?.forEach(({ id, logProbability, alternatives }, i) => {
      expect(id).toBe(answer.ids[i]);
      // The oracle would take a generated image token for a picture.
      if (answer.ids.slice(0, i).includes(config.image_token_index)) return;
      const scores = reference({ ids: [...ids, ...answer.ids.slice(0, i)], pixels })(ids.length + i - 1);
      const shift = Math.log(scores.reduce((total, score) => total + Math.exp(score), 0));
      expect(logProbability).toBeCloseTo((scores[id] as number) - shift, 4);
      const best = Array.from(scores.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number));
      expect(alternatives.map((each) => each.id)).toEqual(best.slice(0, 4));
      for (const each of alternatives) expect(each.logProbability).toBeCloseTo((scores[each.id] as number) - shift, 4);
    });
  });
});

test("sampling is repeatable by seed, and top-p near 0 is greedy", async () => {
  const some = await prompts();
  const draw = (seed: number, topP: number) =>
    generator.generate(some, { maxNewTokens: 4, temperature: 1, topP, rng: new Rng(seed) });
  expect(await draw(1, 1)).toEqual(await draw(1, 1));
  expect(await draw(1, 1)).not.toEqual(await draw(2, 1));
  expect(await draw(1, 1e-6)).toEqual(await generator.generate(some, { maxNewTokens: 4 }));
});

test("prompts that are too long or miss an image are refused", async () => {
  const long = { ids: new Array<number>(90).fill(5) };
  await expect(generator.generate([long], { maxNewTokens: 10 })).rejects.toThrow(/1 to 96 positions/);
  const [, , pictured] = await prompts();
  await expect(generator.generate([{ ids: [5], images: pictured?.images ?? [] }], { maxNewTokens: 1 })).rejects.toThrow(
    /image tokens/,
  );
});
