/** The oracle is TrainingStep, which computes gradients and updates on arrays. */
import { expect, test } from "vitest";
import type { TensorData } from "../nn/checkpoint/index.ts";
import { type Device, requireDevice } from "../nn/runtime/index.ts";
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

const fault = await requireDevice("webgpu").then(
  () => null,
  (error: Error) => error.message,
);

test("parameters that stay on the CPU as tensors learn what arrays learn", () => learnsAlike("cpu"));

test.skipIf(fault !== null)(
  `on WebGPU, too${fault === null ? "" : `: ${fault}`}`,
  () => learnsAlike("webgpu"),
  1_200_000,
);

async function learnsAlike(device: Device): Promise<void> {
  const { objective, source } = tinyTraining();
  const weights = tinyWeights();
  const step = await DeviceStep.open({
    objective: objective as Objective<unknown, unknown>,
    weights,
    trained: [...weights.keys()],
    build: {},
    optimizer,
    device,
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
}
