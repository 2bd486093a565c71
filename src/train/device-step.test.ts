/**
 * The oracle is TrainingStep, which computes gradients and updates on arrays. The device is the CPU here: the same code runs
 * everywhere, and that WebGPU computes the same numbers is tested in nn/models/webgpu.test.ts.
 */
import { expect, test } from "vitest";
import type { TensorData } from "../nn/checkpoint/index.ts";
import { DeviceStep } from "./device-step.ts";
import type { Objective } from "./objective.ts";
import { tinyTraining, tinyWeights } from "./tiny-training.fixture.ts";
import { train } from "./train.ts";

const optimizer = {
  beta1: 0.9,
  beta2: 0.95,
  weightDecay: 0.01,
  decays: (name: string) => !name.includes("norm"),
};

test("parameters that stay on the device learn what arrays learn", async () => {
  const { objective, source } = tinyTraining();
  const weights = tinyWeights();
  const step = await DeviceStep.open({
    objective: objective as Objective<unknown, unknown>,
    weights,
    trained: [...weights.keys()],
    build: {},
    optimizer,
    device: "cpu",
  });
  const losses: number[] = [];
  for (let n = 0; n < 6; n++) {
    const { loss, gradNorm } = await step.gradients(await source(n));
    losses.push(loss);
    await step.update(1e-2, gradNorm, 1);
  }
  await step.synchronise();
  const state = await step.state();
  await step.dispose();
  const oracle = await train(tinyTraining({ steps: 6, optimizer: { peak: 1e-2, floor: 1e-2, warmup: 0 } }));
  losses.forEach((loss, n) => {
    expect(loss).toBeCloseTo(oracle.losses[n] as number, 4);
  });
  expect(state.steps).toBe(6);
  for (const [name, { data }] of oracle.weights) {
    const own = (weights.get(name) as TensorData).data;
    const worst = Math.max(...Array.from(data, (value, i) => Math.abs(value - (own[i] as number))));
    expect(worst, name).toBeLessThan(1e-3);
  }
});
