/**
 * Oracles: the released figures (video-t3, t3_sft/) typed in as a table, bash itself for the scripts, and stand-ins for the trainers that
 * print what they are given.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { writeConversations } from "../conversation-file.ts";
import { gridPinpoints } from "./longva.ts";
import { batchOf, RECIPE_NAMES, type RecipeName, stepsOf, TRAINING_RECIPES } from "./recipe.ts";
import { writeRecipe } from "./write-recipe.ts";

const root = mkdtempSync(join(tmpdir(), "recipe-"));
const bin = mkdtempSync(join(tmpdir(), "trainers-"));
const turns = (text: string) => [
  { from: "human" as const, value: text },
  { from: "gpt" as const, value: "a" },
];

beforeAll(() => {
  for (const name of ["torchrun", "swift", "llamafactory-cli"]) {
    writeFileSync(join(bin, name), '#!/bin/sh\nprintf "%s\\n" "$@"\n');
    chmodSync(join(bin, name), 0o755);
  }
});

/** What the script gives to its trainer, and what it says before. */
function run(folder: string, script: string, env: Record<string, string> = {}): string[] {
  const path = `${bin}${delimiter}${process.env.PATH}`;
  return execFileSync("bash", [join(folder, script)], {
    env: { ...process.env, PATH: path, ...env },
    encoding: "utf8",
    stdio: "pipe",
  })
    .trimEnd()
    .split("\n");
}
const argumentOf = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1];
const dataFile = async (path: string, format: "llava" | "llama-factory" | "swift", count = 130) => {
  await writeConversations(
    path,
    Array.from({ length: count }, (_, i) => ({ id: `${i}`, turns: turns(i === 0 ? "x ".repeat(80_000) : "q") })),
    format,
  );
  return path;
};

test.each(RECIPE_NAMES)("%s: GPUs x rows x accumulation is the global batch, or it is refused", (name) => {
  const recipe = TRAINING_RECIPES[name];
  for (const gpus of [1, 2, 4, 8, 16, 32, 64]) {
    const { accumulation, perDevice } = batchOf(recipe, gpus);
    expect(gpus * perDevice * accumulation).toBe(64);
  }
  for (const gpus of [3, 6, 12, 128]) expect(() => batchOf(recipe, gpus)).toThrow(/1, 2, 4, 8, 16, 32, 64 GPUs/);
});

test("200,000 rows are 3,125 steps of LongVA, and the 72B model's run ends at 1,000", () => {
  expect(stepsOf(TRAINING_RECIPES.longva, 200_000)).toBe(3125);
  expect(stepsOf(TRAINING_RECIPES["qwen2-vl-72b"], 200_000)).toBe(1000);
});

test("LongVA's script runs its trainer with the released figures and the grids that the released script lacks", async () => {
  const folder = join(root, "a folder's name", "longva");
  const data = await dataFile(join(root, "t3.json"), "llava");
  const plan = await writeRecipe("longva", folder, { data, mediaFolder: "/images of it" });
  const args = run(folder, "train.sh");
  expect(args[0]).toBe("global batch 64 = 8 GPUs x 1 rows x 8 accumulation steps");
  const wanted: Record<string, string> = {
    "--nproc_per_node": "8",
    "--data_path": data,
    "--image_folder": "/images of it",
    "--deepspeed": join(folder, "zero3.json"),
    "--learning_rate": "1.0e-5",
    "--mm_vision_tower_lr": "2.0e-6",
    "--gradient_accumulation_steps": "8",
    "--model_max_length": "32768",
    "--weight_decay": "0",
    "--warmup_ratio": "0.03",
    "--image_grid_pinpoints": gridPinpoints(),
  };
  for (const [flag, value] of Object.entries(wanted)) expect(argumentOf(args, flag), flag).toBe(value);
  expect(plan).toMatchObject({ rows: 130, steps: 2, longRows: 1, batch: { global: 64, accumulation: 8 } });
  expect(JSON.parse(readFileSync(join(folder, "zero3.json"), "utf8"))).toMatchObject({
    zero_optimization: { stage: 3, overlap_comm: true, contiguous_gradients: true },
    gradient_clipping: "auto",
  });
});

test("the grids are all of at most 49 tiles but the single one", () => {
  const grids = JSON.parse(gridPinpoints().replaceAll("(", "[").replaceAll(")", "]")) as [number, number][];
  expect(grids.length).toBe(
    Array.from({ length: 49 }, (_, i) => Math.floor(49 / (i + 1))).reduce((a, b) => a + b, 0) - 1,
  );
  expect(grids[0]).toEqual([336, 672]);
  expect(grids.at(-1)).toEqual([16_464, 336]);
});

test("a script holds the batch on other GPUs and refuses those that do not divide it", async () => {
  const folder = join(root, "other");
  await writeRecipe("longva", folder, {});
  expect(argumentOf(run(folder, "train.sh", { GPUS: "16", NNODES: "2" }), "--gradient_accumulation_steps")).toBe("4");
  expect(argumentOf(run(folder, "train.sh", { GPUS: "16", NNODES: "2" }), "--nproc_per_node")).toBe("8");
  expect(() => run(folder, "train.sh", { GPUS: "6" })).toThrow(/divide the global batch of 64/);
});

describe("LLaMA-Factory", () => {
  test("the YAML has the released figures but no max_samples, and finds its data by the registry", async () => {
    const folder = join(root, "lf");
    const data = await dataFile(join(root, "lf-data.json"), "llama-factory");
    const plan = await writeRecipe("qwen2-vl-7b", folder, { data, gpus: 4 });
    const yaml = readFileSync(join(folder, "train.yaml"), "utf8");
    const values = Object.fromEntries([...yaml.matchAll(/^(\w+): (.+)$/gm)].map(([, key, value]) => [key, value]));
    expect(values).toMatchObject({
      finetuning_type: "full",
      freeze_vision_tower: "true",
      template: "qwen2_vl",
      cutoff_len: "8192",
      per_device_train_batch_size: "1",
      gradient_accumulation_steps: "16",
      learning_rate: "1.0e-5",
      weight_decay: "0.05",
      warmup_ratio: "0.03",
      lr_scheduler_type: "cosine",
      bf16: "true",
      save_steps: "200",
    });
    expect(values).not.toHaveProperty("max_samples");
    const registry = JSON.parse(readFileSync(join(folder, "dataset_info.json"), "utf8")) as Record<
      string,
      { file_name: string }
    >;
    expect(readFileSync(join(folder, registry[values.dataset as string]?.file_name as string))).toEqual(
      readFileSync(data),
    );
    expect(JSON.parse(readFileSync(join(folder, values.deepspeed as string), "utf8"))).toMatchObject({
      zero_optimization: { stage: 2 },
    });
    expect(plan.batch).toEqual({ global: 64, gpus: 4, perDevice: 1, accumulation: 16 });
    expect(run(folder, "run.sh")).toEqual([
      expect.stringContaining("global batch 64"),
      "train",
      "train.yaml",
      "gradient_accumulation_steps=16",
    ]);
  });
});

describe("ms-swift", () => {
  test.each(["train-swift2.sh", "train-swift4.sh"])("%s has the released figures", async (script) => {
    const folder = join(root, "swift");
    const data = await dataFile(join(root, "mix.jsonl"), "swift");
    await writeRecipe("qwen2-vl-72b", folder, { data, model: "/models/it's" });
    const args = run(folder, script);
    expect(args[1]).toBe("sft");
    const wanted: Record<string, string> = {
      "--learning_rate": "1.0e-5",
      "--weight_decay": "0.03",
      "--warmup_ratio": "0.03",
      "--max_steps": "1000",
      "--max_length": "5120",
      "--gradient_accumulation_steps": "8",
      "--freeze_vit": "true",
      "--dataset": data,
      [script === "train-swift2.sh" ? "--model_id_or_path" : "--model"]: "/models/it's",
      [script === "train-swift2.sh" ? "--sft_type" : "--tuner_type"]: "lora",
    };
    for (const [flag, value] of Object.entries(wanted)) expect(argumentOf(args, flag), flag).toBe(value);
    expect(readFileSync(join(folder, script), "utf8")).toContain("export NFRAMES=8 SIZE_FACTOR=8 MAX_PIXELS=401408\n");
  });
});

test.each<[RecipeName, "swift" | "llava"]>([
  ["longva", "swift"],
  ["qwen2-vl-72b", "llava"],
])("%s refuses a file in the layout of %s, and says how to convert it", async (name, format) => {
  const data = await dataFile(join(root, `wrong-${format}`), format, 2);
  await expect(writeRecipe(name, join(root, "wrong"), { data })).rejects.toThrow(/zoetrope convert/);
});
