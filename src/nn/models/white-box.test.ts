/** A decoder's layers, looked into and interfered with; the oracles compute in float64 and know nothing of groups. */
import { afterAll, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import type { TensorData } from "../checkpoint/index.ts";
import { attention, Graph, interpret, logSoftmax } from "../graph/index.ts";
import { rotaryTables } from "../layers/index.ts";
import {
  bindWeights,
  type Cut,
  type DecoderConfig,
  decoderConfigSchema,
  decoderLayers,
  decoderLogits,
  decoderShapes,
  type GroupedPrompt,
  type Intervention,
  initialWeights,
  WhiteBox,
} from "./index.ts";
import { tinyDecoder } from "./tiny-models.fixture.ts";

const rng = new Rng("white box");
const configOf = (changes: Record<string, unknown>) => decoderConfigSchema.parse({ ...tinyDecoder, ...changes });
const qwen = configOf({ model_type: "qwen2" });
const llama = configOf({ model_type: "llama", attention_bias: true, mlp_bias: true });
const weightsOf = (config: DecoderConfig) => initialWeights(decoderShapes(config), new Rng("weights"), 0.5);

const boxes: WhiteBox[] = [];
afterAll(() => Promise.all(boxes.map((box) => box.dispose())));
function boxOf(config: DecoderConfig, weights = weightsOf(config)): WhiteBox {
  const box = new WhiteBox(config, weights, { threads: 1 });
  boxes.push(box);
  return box;
}

/** Random words in three groups and the last position, each asked for two tokens. */
function randomPrompt(length: number): GroupedPrompt {
  const ids = Array.from({ length }, () => rng.integer(4, 28));
  const groupOf = ids.map((_, t) => (t === length - 1 ? 3 : t % 5 === 4 ? 1 : t < length / 2 ? 0 : 2));
  const targets = [7, 11].flatMap((id) => [2, length - 1].map((position) => ({ position, id })));
  return { prompt: { ids }, groupOf, groups: 4, targets };
}

/** Log-probabilities of the targets in float64, where a layer's mask is written out position by position. */
function twin(
  config: DecoderConfig,
  asked: GroupedPrompt,
  cuts: readonly Cut[],
  weights = weightsOf(config),
): number[] {
  const { ids } = asked.prompt;
  const T = ids.length;
  const graph = new Graph();
  const bound = bindWeights(graph, decoderShapes(config), { fixed: weights });
  const table = weights.get("model.embed_tokens.weight")?.data as Float32Array;
  const D = config.hidden_size;
  const embeddings = graph.constant(
    ids.flatMap((id) => Array.from(table.subarray(id * D, (id + 1) * D))),
    [1, T, D],
  );
  const maskOf = (layer: number) => {
    const isOpen = (query: number, key: number) =>
      key <= query &&
      !cuts.some(
        ({ from, to, layers }) =>
          layer >= layers[0] && layer < layers[1] && asked.groupOf[query] === to && asked.groupOf[key] === from,
      );
    const numbers = Array.from({ length: T * T }, (_, i) => (isOpen(Math.floor(i / T), i % T) ? 0 : -1e30));
    return graph.constant(numbers, [T, T]);
  };
  const { hidden } = decoderLayers(config, bound, {
    embeddings,
    positions: graph.constant([...ids.keys()], [1, T], "int32"),
    rotary: rotaryTables(graph, config.head_dim, { theta: config.rope_theta, positions: T }),
    mask: "causal",
    taps: { attend: (q, k, v, layer) => attention(q, k, v, { mask: maskOf(layer) }) },
  });
  graph.output("logs", logSoftmax(decoderLogits(config, bound, hidden.at(-1) as (typeof hidden)[number])));
  const logs = interpret(graph, {}).get("logs") as Float64Array;
  return asked.targets.map(({ position, id }) => logs[position * config.vocab_size + id] as number);
}

const close = (found: readonly number[] | undefined, expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(found?.[i]).toBeCloseTo(value, 4);
  });
};

test.each([
  ["qwen2", qwen],
  ["llama with biases", llama],
])(
  "%s: cuts of any edges in any layers (oracle: masks written out, in float64)",
  async (_, config) => {
    const box = boxOf(config);
    const prompts = [9, 20, 12].map(randomPrompt);
    const sets: Cut[][] = [
      [],
      [{ from: 0, to: 3, layers: [0, 2] }],
      [{ from: 0, to: 2, layers: [1, 2] }],
      [
        { from: 0, to: 2, layers: [0, 1] },
        { from: 2, to: 3, layers: [0, 2] },
        { from: 3, to: 3, layers: [1, 2] },
      ],
    ];
    const asked = prompts.flatMap((prompt) => sets.map((cuts): [GroupedPrompt, Intervention] => [prompt, { cuts }]));
    const found = await box.score(asked);
    asked.forEach(([prompt, { cuts = [] }], i) => {
      close(found[i], twin(config, prompt, cuts));
    });
  },
  240_000,
);

test("cut off from everything before it, the last position is a prompt of one word (oracle: that prompt)", async () => {
  const box = boxOf(qwen);
  const whole = { ...randomPrompt(20), targets: [{ position: 19, id: 5 }] };
  const cuts = [0, 1, 2].map((from): Cut => ({ from, to: 3, layers: [0, 2] }));
  const alone = {
    prompt: { ids: whole.prompt.ids.slice(-1) },
    groupOf: [0],
    groups: 1,
    targets: [{ position: 0, id: 5 }],
  };
  const [cut, single] = await box.score([
    [whole, { cuts }],
    [alone, {}],
  ]);
  close(cut, single as number[]);
  const other = {
    ...whole,
    prompt: { ids: [...rng.shuffle(whole.prompt.ids.slice(0, -1)), ...whole.prompt.ids.slice(-1)] },
  };
  expect((await box.score([[other, { cuts }]]))[0]).toEqual((await box.score([[whole, { cuts }]]))[0]);
});

test("a position that may look nowhere is refused", async () => {
  const cuts = [{ from: 0, to: 0, layers: [0, 1] as const }];
  await expect(boxOf(qwen).score([[randomPrompt(9), { cuts }]])).rejects.toThrow(/sees nothing/);
});

test("a module or head that is skipped adds nothing (oracle: its output matrix and bias zeroed)", async () => {
  const prompt = randomPrompt(17);
  const weights = weightsOf(llama);
  const { head_dim: width } = llama;
  const zeroed = (name: string, isZero: (column: number) => boolean = () => true) =>
    new Map(
      [...weights].map(([key, tensor]): [string, TensorData] => {
        const isBias = key === `model.layers.1.${name}.bias`;
        if (key !== `model.layers.1.${name}.weight` && !isBias) return [key, tensor];
        const columns = isBias ? 1 : (tensor.shape[1] as number);
        const keep = (value: number, i: number) => (isZero(isBias ? -1 : i % columns) ? 0 : value);
        return [key, { ...tensor, data: (tensor.data as Float32Array).map(keep) }];
      }),
    );
  const found = await boxOf(llama).score([
    [prompt, { skips: [{ layer: 1, module: "attention" }] }],
    [prompt, { skips: [{ layer: 1, module: "mlp" }] }],
    [prompt, { skips: [{ layer: 1, head: 2 }] }],
  ]);
  close(found[0], twin(llama, prompt, [], zeroed("self_attn.o_proj")));
  close(found[1], twin(llama, prompt, [], zeroed("mlp.down_proj")));
  const ofHead = (column: number) => Math.floor(column / width) === 2;
  close(found[2], twin(llama, prompt, [], zeroed("self_attn.o_proj", ofHead)));
});

/** Attention of the first layer from its definition: RMS norm, projections, rotation by position, softmax, in float64. */
function attentionByHand(config: DecoderConfig, ids: readonly number[]): (head: number, query: number) => number[] {
  const weights = weightsOf(config);
  const numbers = (name: string) => weights.get(name)?.data as Float32Array;
  const { hidden_size: D, head_dim: width, num_attention_heads: H, num_key_value_heads: keyHeads } = config;
  const states = ids.map((id) => {
    const row = numbers("model.embed_tokens.weight").subarray(id * D, (id + 1) * D);
    const size = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0) / D + config.rms_norm_eps);
    return Array.from(row, (x, i) => (x / size) * (numbers("model.layers.0.input_layernorm.weight")[i] as number));
  });
  const project = (name: string, head: number, t: number) => {
    const [matrix, bias] = ["weight", "bias"].map((kind) => numbers(`model.layers.0.self_attn.${name}.${kind}`));
    const flat = Array.from({ length: width }, (_, i) => {
      const row = head * width + i;
      return (states[t] as number[]).reduce(
        (sum, x, d) => sum + x * (matrix?.[row * D + d] as number),
        bias?.[row] ?? 0,
      );
    });
    return flat.map((x, i) => {
      const pair = i % (width / 2);
      const angle = t * config.rope_theta ** ((-2 * pair) / width);
      const partner = flat[i < width / 2 ? i + width / 2 : pair] as number;
      return x * Math.cos(angle) + (i < width / 2 ? -1 : 1) * partner * Math.sin(angle);
    });
  };
  return (head, query) => {
    const q = project("q_proj", head, query);
    const scores = Array.from({ length: query + 1 }, (_, t) => {
      const k = project("k_proj", Math.floor(head / (H / keyHeads)), t);
      return Math.exp(q.reduce((sum, x, i) => sum + x * (k[i] as number), 0) / Math.sqrt(width));
    });
    const total = scores.reduce((a, b) => a + b);
    return ids.map((_, t) => (scores[t] ?? 0) / total);
  };
}

// 300 positions are two blocks of queries.
test.each([13, 300])("attention over %i positions is the definition's, and adds up by group", async (T) => {
  const asked = randomPrompt(T);
  const look = await boxOf(qwen).observe(asked, { readings: [T - 1], words: 3, attention: true });
  const byHand = attentionByHand(qwen, asked.prompt.ids);
  const [H, G] = [4, 4];
  for (let head = 0; head < H; head++) {
    const map = look.attention?.[0]?.subarray(head * T * T, (head + 1) * T * T) as Float32Array;
    for (const query of [0, 5, T - 1]) {
      close(Array.from(map.subarray(query * T, (query + 1) * T)), byHand(head, query));
    }
    close(Array.from(look.attentionLast[0]?.subarray(head * T, (head + 1) * T) ?? []), byHand(head, T - 1));
    for (let group = 0; group < G; group++) {
      const queries = [...asked.groupOf.keys()].filter((t) => asked.groupOf[t] === group);
      const sums = Array.from({ length: G }, (_, to) =>
        queries.reduce((sum, t) => {
          const row = map.subarray(t * T, (t + 1) * T);
          return sum + row.reduce((part, weight, key) => part + (asked.groupOf[key] === to ? weight : 0), 0);
        }, 0),
      );
      const found = look.attentionGroups.map((groups) =>
        Array.from(groups.subarray((head * G + group) * G, (head * G + group + 1) * G)),
      );
      close(
        found[0],
        sums.map((sum) => sum / queries.length),
      );
      for (const row of found) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
  }
});

test("the words behind the last layer are the model's own, and every state's are ranked", async () => {
  const asked = randomPrompt(15);
  const every = Array.from({ length: qwen.vocab_size }, (_, id) => ({ position: 14, id }));
  const look = await boxOf(qwen).observe({ ...asked, targets: every }, { readings: [14, 2], words: 4, hidden: true });
  const truth = twin(qwen, { ...asked, targets: every }, []);
  close(look.logProbabilities, truth);
  close(look.targetLogProbabilities[2], truth);
  const ranked = [...truth.keys()].toSorted((a, b) => (truth[b] as number) - (truth[a] as number));
  expect(Array.from(look.wordIds[2]?.subarray(0, 4) ?? [])).toEqual(ranked.slice(0, 4));
  look.targetLogProbabilities.forEach((logs, state) => {
    const best = logs.indexOf(Math.max(...logs));
    expect(look.wordIds[state]?.[0]).toBe(best);
    expect(logs.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 4);
  });
  expect(look.hidden?.map(({ length }) => length)).toEqual([15 * 12, 15 * 12, 15 * 12]);
});
