/**
 * The reference training step: a GPT of 3.4 million parameters, forward, backward and Adam on all of them.
 *
 * RMSNorm with weights, learned positions, four heads, quickGelu MLP four times as wide, an output head of its own; Adam
 * with beta 0.9 and 0.99, rate 1e-3, no decay.
 */

import { Rng } from "../src/core/math/index.ts";
import {
  add,
  attention,
  crossEntropy,
  embedding,
  Graph,
  gradients,
  linear,
  quickGelu,
  reshape,
  rmsNorm,
  sizeOf,
  type Tensor,
} from "../src/nn/graph/index.ts";
import { causalMask, mergeHeads, mlp, splitHeads } from "../src/nn/layers/index.ts";
import { adamW } from "../src/nn/optim/index.ts";
import { compile } from "../src/nn/runtime/index.ts";

export const reference = { vocabulary: 512, width: 256, layers: 4, heads: 4, length: 128, batch: 16 } as const;
const { vocabulary, width, layers, heads, length, batch } = reference;
export const tokensPerStep = length * batch;

/** Loss of a batch as a graph: inputs "ids" and "labels" int32 (B T). */
function buildLoss(graph: Graph): Tensor {
  const ids = graph.input("ids", [tokensPerStep], "int32");
  const labels = graph.input("labels", [tokensPerStep], "int32");
  const tokens = embedding(graph.parameter("embedding", [vocabulary, width]), ids);
  const mask = causalMask(graph, length);
  let x = add(reshape(tokens, [batch, length, width]), graph.parameter("positions", [length, width]));
  for (let layer = 0; layer < layers; layer++) {
    const weight = (name: string, ...shape: number[]) => graph.parameter(`${layer}.${name}`, shape);
    const h = rmsNorm(x, weight("norm1", width), 1e-5);
    const project = (name: string) => splitHeads(linear(h, weight(name, width, width)), heads);
    const mixed = mergeHeads(attention(project("q"), project("k"), project("v"), { mask }));
    x = add(x, linear(mixed, weight("o", width, width)));
    const up = { weight: weight("up", 4 * width, width) };
    const down = { weight: weight("down", width, 4 * width) };
    x = add(x, mlp(rmsNorm(x, weight("norm2", width), 1e-5), up, down, quickGelu));
  }
  const logits = linear(x, graph.parameter("head", [vocabulary, width]));
  return crossEntropy(reshape(logits, [tokensPerStep, vocabulary]), labels);
}

/** A trainer with random weights on one random batch; `step` returns the loss before its update. */
export async function openReferenceTraining(options: { threads: number; profile?: string }) {
  const rng = new Rng("reference");
  const graph = new Graph();
  const loss = buildLoss(graph);
  const parameters = graph.sources.filter(({ kind }) => kind === "parameter");
  const slopes = gradients(
    loss,
    parameters.map(({ tensor }) => tensor),
  );
  graph.output("loss", loss);
  parameters.forEach(({ name }, i) => {
    graph.output(`gradient.${name}`, slopes[i] as Tensor);
  });
  const executable = await compile(graph, options);

  const weights: Record<string, Float32Array> = {};
  const into: Record<string, Float32Array> = {};
  const gradientOf: Record<string, Float32Array> = {};
  for (const { name, tensor } of parameters) {
    const isNorm = tensor.shape.length === 1;
    weights[name] = Float32Array.from({ length: sizeOf(tensor.shape) }, () => (isNorm ? 1 : 0.02 * rng.normal()));
    gradientOf[name] = into[`gradient.${name}`] = new Float32Array(sizeOf(tensor.shape));
  }
  const draw = () => Int32Array.from({ length: tokensPerStep }, () => rng.below(vocabulary));
  const feeds = { ...weights, ids: draw(), labels: draw() };
  const optimizer = adamW(weights, { beta1: 0.9, beta2: 0.99, eps: 1e-8, weightDecay: 0 });
  return {
    parameterCount: Object.values(weights).reduce((sum, array) => sum + array.length, 0),
    async step(): Promise<number> {
      const results = await executable.run(feeds, { into });
      optimizer.step(gradientOf, 1e-3);
      return results.loss?.[0] as number;
    },
    dispose: () => executable.dispose(),
  };
}
