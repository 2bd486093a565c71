/**
 * A checkpoint of real size from a folder to an answer: LLaVA with CLIP-L/14-336's eyes and a decoder of Qwen2-0.5B's shape,
 * random weights in a temporary folder. `--decoder 1.5b` takes the next size, `--store BF16` the types that are published,
 * `--weights int4` quantises the decoder, `--frames N` (default 8) frames of 144 tokens each, `--questions N` (default 8) asks
 * so many questions about them, `--pytorch PYTHON` runs the decoder in eager PyTorch too.
 *
 * Memory is the process's peak over the size of the weights in float32. Decoding reads every weight of the decoder once a
 * token, so the speed of its fastest step is given as a share of what the memory could deliver.
 */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Weights } from "../src/nn/checkpoint/index.ts";
import {
  eyesOf,
  Generator,
  isBlind,
  loadModel,
  modelShapes,
  parseModelConfig,
  type QuantisedWeights,
  tokensPerImage,
  VisualEncoder,
  type WeightType,
  writesText,
} from "../src/nn/models/index.ts";
import { type Figures, flagValue, median } from "./bench.ts";
import { pytorchDecoder } from "./pytorch-decoder.ts";

export const name = "checkpoint";

const decoders: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "0.5b": {
    hidden_size: 896,
    intermediate_size: 4864,
    num_hidden_layers: 24,
    num_attention_heads: 14,
    num_key_value_heads: 2,
  },
  "1.5b": {
    hidden_size: 1536,
    intermediate_size: 8960,
    num_hidden_layers: 28,
    num_attention_heads: 12,
    num_key_value_heads: 2,
  },
};
const writeFlag = "--write-folder";

export async function run(flags: readonly string[]): Promise<Figures> {
  const size = flagValue(flags, "--decoder") ?? "0.5b";
  const store = flagValue(flags, "--store") ?? "F32";
  const target = flagValue(flags, writeFlag);
  if (target !== undefined) {
    writeRandom(target, size, store);
    return {};
  }
  const folder = mkdtempSync(join(tmpdir(), "zoetrope-bench-"));
  try {
    // In a process of its own, so that its memory does not count.
    const here = [...process.execArgv, process.argv[1] as string, "--in-this-process", name];
    execFileSync(process.execPath, [...here, writeFlag, folder, "--decoder", size, "--store", store], {
      stdio: "ignore",
    });
    const figures = await measure(folder, size, {
      store,
      type: (flagValue(flags, "--weights") ?? "float32") as WeightType,
      frames: Number(flagValue(flags, "--frames") ?? 8),
      questions: Number(flagValue(flags, "--questions") ?? 8),
    });
    const python = flagValue(flags, "--pytorch");
    const theirs = python && pytorchDecoder(python, decoders[size] ?? {}, Number(figures.promptTokens));
    return { ...figures, ...theirs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Plan = Readonly<{ store: string; type: WeightType; frames: number; questions: number }>;

async function measure(folder: string, size: string, { store, type, frames, questions }: Plan): Promise<Figures> {
  const seconds = async <T>(work: () => T | Promise<T>): Promise<[T, number]> => {
    const start = performance.now();
    const result = await work();
    return [result, (performance.now() - start) / 1000];
  };
  const before = process.memoryUsage.rss();
  const [model, load] = await seconds(() => loadModel(folder, { type }));
  const loaded = process.memoryUsage.rss() - before;
  const { config, weights, shapes, quantised = new Map() } = model;
  if (!writesText(config) || isBlind(config) || config.model_type !== "llava") throw new TypeError("Expected LLaVA.");
  const eyes = eyesOf(config);
  if (eyes === null) throw new TypeError("Expected eyes.");
  const encoder = new VisualEncoder(eyes, model);
  const side = config.vision_config.image_size;
  const pixels = Array.from({ length: frames }, (_, i) => new Float32Array(3 * side * side).fill(i / frames));
  const square = { width: side, height: side };
  await encoder.encode(pixels.slice(0, 1), square);
  const [images, encode] = await seconds(() => encoder.encode(pixels, square));
  const peakOfEyes = peakBytes();
  await encoder.dispose();

  const decoderBytes = bytesOf(weights, quantised);
  const generator = new Generator(config, weights, { batch: questions, shapes, quantised });
  const ids = [
    ...images.flatMap(() => [...new Array<number>(tokensPerImage(config)).fill(config.image_token_index), 5]),
    6,
    7,
    8,
  ];
  const prompt = { ids, images };
  const steps: number[] = [];
  const answer = async (maxNewTokens: number) => {
    let last = performance.now();
    await generator.generate([prompt], {
      maxNewTokens,
      stopIds: [],
      onToken: () => {
        steps.push((performance.now() - last) / 1000);
        last = performance.now();
      },
    });
  };
  await answer(2); // Compiles.
  steps.length = 0;
  await answer(33);
  const peak = peakBytes();
  const asked = Array.from({ length: questions }, (_, n) => ({
    ids: [...ids, ...Array.from({ length: 16 }, (_, i) => 10 + n + i)],
    images,
  }));
  const options = { maxNewTokens: 1, stopIds: [] };
  const [, alone] = await seconds(() => generator.generate(asked.slice(0, 1), options));
  const [, together] = await seconds(() => generator.generate(asked, options));
  // Before the measurement of bandwidth, whose buffers are no model's.
  const peakTogether = peakBytes();
  await generator.dispose();
  const prefill = steps[0] as number;
  const step = median(steps.slice(2));
  const fastest = Math.min(...steps.slice(2));
  const floats = [...shapes.values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const bandwidth = await readBandwidth();
  return {
    decoder: size,
    store,
    weights: type,
    parameters: floats,
    loadSeconds: round(load),
    loadedOverFloat32: round(loaded / (4 * floats)),
    eyesPeakOverFloat32: round(peakOfEyes / (4 * floats)),
    peakOverFloat32: round(peak / (4 * floats)),
    questionsPeakOverFloat32: round(peakTogether / (4 * floats)),
    framesPerSecond: round(frames / encode),
    promptTokens: ids.length,
    prefillTokensPerSecond: round(ids.length / prefill),
    questions,
    questionAloneSeconds: round(alone),
    questionsTogetherSeconds: round(together),
    togetherOverAlone: round(together / (questions * alone)),
    decodeTokensPerSecond: round(1 / step),
    decoderMegabytes: Math.round(decoderBytes / 1e6),
    bandwidthGBs: round(bandwidth / 1e9),
    fastestTokensPerSecond: round(1 / fastest),
    decodeShareOfBandwidth: round(decoderBytes / fastest / bandwidth),
    threads: availableParallelism(),
    loadAverage: round(loadavg()[0] as number),
  };
}

/** The most that this process has held so far. */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** Bytes that a token's scores take to read: every weight of the decoder; its word table is its head. */
function bytesOf(weights: Weights, quantised: QuantisedWeights): number {
  const plain = [...weights].filter(([key]) => key.startsWith("language_model."));
  const packed = [...quantised.values()].map(({ packed, scales }) => packed.byteLength + scales.byteLength);
  return [...plain.map(([, { data }]) => data.byteLength), ...packed].reduce((a, b) => a + b, 0);
}

/**
 * Bytes a second that all cores together read from memory: a search for a byte that is not there, in every core at once. The
 * fastest pass of each counts, because other work may hold up any of them.
 */
async function readBandwidth(): Promise<number> {
  const code = `
    const { parentPort } = require("node:worker_threads");
    const bytes = Buffer.alloc(2 ** 28, 1);
    bytes.indexOf(2);
    const start = performance.now();
    let best = Infinity;
    while (performance.now() - start < 3000) {
      const before = performance.now();
      bytes.indexOf(2);
      best = Math.min(best, performance.now() - before);
    }
    parentPort.postMessage((bytes.length / best) * 1000);`;
  const workers = Array.from({ length: availableParallelism() }, () => new Worker(code, { eval: true }));
  const speeds = await Promise.all(
    workers.map(
      (worker) => new Promise<number>((resolve, reject) => worker.once("message", resolve).once("error", reject)),
    ),
  );
  await Promise.all(workers.map((worker) => worker.terminate()));
  return speeds.reduce((a, b) => a + b, 0);
}

/** A checkpoint folder of random weights, written tensor by tensor. */
function writeRandom(folder: string, size: string, store: string): void {
  const raw = {
    model_type: "llava",
    image_token_index: 151_646,
    mm_spatial_pool_stride: 2,
    vision_config: {
      model_type: "clip_vision_model",
      hidden_size: 1024,
      intermediate_size: 4096,
      num_hidden_layers: 24,
      num_attention_heads: 16,
      image_size: 336,
      patch_size: 14,
      projection_dim: 768,
    },
    text_config: {
      model_type: "qwen2",
      vocab_size: 151_936,
      max_position_embeddings: 32_768,
      rope_theta: 1e6,
      tie_word_embeddings: true,
      ...decoders[size],
    },
  };
  const shapes = [...modelShapes(parseModelConfig(raw, "bench"))];
  const bytes = store === "F32" ? 4 : 2;
  let at = 0;
  const header = Object.fromEntries(
    shapes.map(([key, shape]) => {
      const begin = at;
      at += bytes * shape.reduce((a, b) => a * b, 1);
      return [key, { dtype: store, shape, data_offsets: [begin, at] }];
    }),
  );
  writeFileSync(join(folder, "config.json"), JSON.stringify(raw));
  const text = Buffer.from(JSON.stringify(header));
  const file = openSync(join(folder, "model.safetensors"), "w");
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeSync(file, length);
  writeSync(file, text);
  const noise = uniform(2 ** 20);
  for (const [key, shape] of shapes) {
    const count = shape.reduce((a, b) => a * b, 1);
    const scale = shape.length === 1 ? 0 : 1 / Math.sqrt(shape.at(-1) as number);
    const isNorm = /norm.*weight$/.test(key);
    // The same numbers again and again, which no speed depends on.
    const piece = noise.map((value) => (isNorm ? 1 : value * scale));
    const words = new Uint16Array(piece.buffer);
    // The upper half of a float32 is its bfloat16, cut instead of rounded.
    const data = bytes === 4 ? piece : Uint16Array.from({ length: piece.length }, (_, i) => words[2 * i + 1] as number);
    for (let done = 0; done < count; done += piece.length) {
      writeWhole(file, Buffer.from(data.buffer, 0, bytes * Math.min(piece.length, count - done)));
    }
  }
  closeSync(file);
}

/** Numbers in [-1, 1) by a linear congruential generator. */
function uniform(count: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  });
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
