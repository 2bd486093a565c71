/**
 * A step of LoRA fine-tuning (forward, backward, AdamW) of a decoder of Qwen2-0.5B's shape with random weights: rank 16 on every projection,
 * one run of 512 tokens of which 128 are answers. Once with all layers' activations in memory, once with those of one layer
 * (--checkpointing). Each way runs in a process of its own, so that its peak memory is its own.
 *
 * `--layers N` (default 24), `--length T` (default 512), `--steps N` (default 3). `--pytorch PYTHON` runs the same step in eager PyTorch
 * (yardsticks/lora_step.py) in turns with ours, so that both see the same machine. Seconds are given on the clock and of the
 * cores (all threads together), which other work on the machine disturbs less.
 */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { Rng } from "../src/core/math/index.ts";
import type { TensorData } from "../src/nn/checkpoint/index.ts";
import {
  type DecoderConfig,
  decoderShapes,
  initialLoraWeights,
  loraShapes,
  parseModelConfig,
  type TrainingRow,
} from "../src/nn/models/index.ts";
import { adamW } from "../src/nn/optim/index.ts";
import { sftObjective } from "../src/train/index.ts";
import { type Figures, flagValue, median } from "./bench.ts";
import { runYardstick } from "./pytorch.ts";

export const name = "sft";

type Sizes = Readonly<{ layers: number; length: number; steps: number }>;
/** Seconds of each step: on the clock, and of the cores. */
type Times = Readonly<{ wall: readonly number[]; cpu: readonly number[]; peakMiB: number }>;

const modeFlag = "--mode";
const answers = 128;
const rank = 16;

export async function run(flags: readonly string[]): Promise<Figures> {
  const number = (flag: string, usual: number) => Number(flagValue(flags, flag) ?? usual);
  const sizes = { layers: number("--layers", 24), length: number("--length", 512), steps: number("--steps", 3) };
  const mode = flagValue(flags, modeFlag);
  if (mode !== undefined) {
    const times = await ourSteps(sizes, mode === "checkpointing" ? 1 : sizes.layers);
    return { times: JSON.stringify(times) };
  }
  const whole = apart("whole", sizes);
  const python = flagValue(flags, "--pytorch");
  const theirs = python === undefined ? undefined : pytorchSteps(python, sizes);
  const checkpointed = apart("checkpointing", sizes);
  const again = python === undefined ? undefined : apart("whole", sizes);
  const ours = again === undefined ? whole : together(whole, again);
  return {
    ...sizes,
    rank,
    answerTokens: answers,
    threads: availableParallelism(),
    weightsMiB: Math.round(weightMiB(sizes)),
    ...figures("", ours),
    ...figures("checkpointed", checkpointed),
    ...(theirs && {
      ...figures("pytorch", theirs),
      speedOverPytorch: round(median(theirs.wall) / median(ours.wall)),
      speedOverPytorchByCores: round(median(theirs.cpu) / median(ours.cpu)),
    }),
  };
}

function figures(who: string, { wall, cpu, peakMiB }: Times): Figures {
  const named = (what: string) => (who === "" ? what : `${who}${what[0]?.toUpperCase()}${what.slice(1)}`);
  return {
    [named("stepSeconds")]: round(median(wall)),
    [named("stepCoreSeconds")]: round(median(cpu)),
    [named("peakMiB")]: peakMiB,
  };
}

function together(a: Times, b: Times): Times {
  return { wall: [...a.wall, ...b.wall], cpu: [...a.cpu, ...b.cpu], peakMiB: Math.max(a.peakMiB, b.peakMiB) };
}

function apart(mode: string, { layers, length, steps }: Sizes): Times {
  const here = [...process.execArgv, process.argv[1] as string, "--in-this-process", name];
  const sizes = ["--layers", layers, "--length", length, "--steps", steps].map(String);
  const text = execFileSync(process.execPath, [...here, ...sizes, modeFlag, mode], { encoding: "utf8" });
  const { times } = JSON.parse(text.trim().split("\n").at(-1) ?? "") as { times: string };
  return JSON.parse(times) as Times;
}

function pytorchSteps(python: string, { layers, length, steps }: Sizes): Times {
  const args = [layers, length, answers, rank, steps, availableParallelism()];
  // Threads that spin while they wait would count as work of the cores.
  const env = { ...process.env, OMP_WAIT_POLICY: "PASSIVE" };
  return JSON.parse(runYardstick(python, "lora_step.py", args, env)) as Times;
}

function qwen(layers: number): DecoderConfig {
  return parseModelConfig(
    {
      model_type: "qwen2",
      vocab_size: 151_936,
      hidden_size: 896,
      intermediate_size: 4864,
      num_hidden_layers: layers,
      num_attention_heads: 14,
      num_key_value_heads: 2,
      max_position_embeddings: 32_768,
      rope_theta: 1e6,
      tie_word_embeddings: true,
    },
    "bench",
  ) as DecoderConfig;
}

function weightMiB({ layers }: Sizes): number {
  const counts = [...decoderShapes(qwen(layers)).values()].map((shape) => shape.reduce((a, b) => a * b, 1));
  return (4 * counts.reduce((a, b) => a + b, 0)) / 2 ** 20;
}

async function ourSteps({ layers, length, steps }: Sizes, segmentLayers: number): Promise<Times> {
  const config = qwen(layers);
  const base = decoderShapes(config);
  const projections = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
  const lora = { peft_type: "LORA", r: rank, lora_alpha: 2 * rank, target_modules: projections as [string] } as const;
  const pairs = loraShapes(base, lora);
  const adapter = initialLoraWeights(pairs, new Rng("bench"));
  const weights = new Map<string, TensorData>([...randomWeights(base), ...adapter]);
  const trained = [...pairs.keys()];
  const gradients = Object.fromEntries(
    trained.map((key) => [key, new Float32Array(weights.get(key)?.data.length ?? 0)]),
  );
  const arrays = Object.fromEntries(trained.map((key) => [key, weights.get(key)?.data as Float32Array]));
  const optimizer = adamW(arrays, { weightDecay: 0 });
  const shapes = new Map([...base, ...pairs]);
  const engine = sftObjective(config, { shapes, trained, loraScaling: 2, packedTokens: length, segmentLayers }).open({
    weights,
    gradients,
  });
  const ids = Array.from({ length }, (_, t) => (t * 7919) % 150_000);
  const row: TrainingRow = { ids, labels: ids.map((id, t) => (t >= length - answers ? id : -100)) };
  const [wall, cpu]: [number[], number[]] = [[], []];
  for (let step = 0; step <= steps; step++) {
    const [start, before] = [performance.now(), process.cpuUsage()];
    await engine.compute([row]);
    optimizer.step(gradients, 1e-4);
    const { user, system } = process.cpuUsage(before);
    // The first step compiles.
    if (step === 0) continue;
    wall.push((performance.now() - start) / 1000);
    cpu.push((user + system) / 1e6);
  }
  await engine.dispose();
  return { wall, cpu, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024) };
}

/** A cheap generator: half a billion normal numbers would take longer than the bench. */
function randomWeights(shapes: ReadonlyMap<string, readonly number[]>): Map<string, TensorData> {
  let state = 1;
  return new Map(
    [...shapes].map(([key, shape]) => {
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
      const scale = shape.length === 1 ? 0 : 1 / Math.sqrt(shape.at(-1) as number);
      for (let i = 0; i < data.length; i++) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
        data[i] = /norm.*weight$/.test(key) ? 1 : (state / 2 ** 31) * scale;
      }
      return [key, { shape, data }];
    }),
  );
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
