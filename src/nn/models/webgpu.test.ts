/**
 * Checkpoints on a GPU, by WebGPU: logits, hidden states, loss, gradients and greedy generation against the same golden files,
 * and under the same thresholds, as on the CPU. A software driver is a GPU too, if a slow one: docs/models.md says how to use it.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { requireDevice } from "../runtime/index.ts";
import { meetsThresholds, verifyCheckpoint } from "./index.ts";

const fault = await requireDevice("webgpu").then(
  () => null,
  (error: Error) => error.message,
);
const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../../../shared");
const folders = [
  ...["llama", "qwen2", "qwen2_lora", "clip", "llava_qwen2"].map((name) => join(shared, "parity", name)),
  ...["llava_siglip", "llava_onevision", "qwen2_vl", "qwen2_5_vl"].map((name) => resolve("test/parity", name)),
];

const whyNot = fault === null ? "" : `: ${fault}`;
const missing = folders.filter((folder) => !existsSync(folder));

test.skipIf(fault !== null).each(folders.filter(existsSync))(
  `%s computes on WebGPU${whyNot}`,
  async (folder) => {
    const figures = await verifyCheckpoint(folder, { device: "webgpu" });
    expect(figures, JSON.stringify(figures)).toSatisfy(meetsThresholds);
  },
  1_200_000,
);

test.skip.each(missing)("%s is not there", () => {});
