/** States behind every layer against golden tensors of transformers (oracle: ../shared/parity, absent elsewhere). */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readSafetensors } from "../checkpoint/index.ts";
import { type GenerativeConfig, loadModel, WhiteBox } from "./index.ts";

const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../../../shared");
const isThere = existsSync(join(shared, "parity"));

describe.skipIf(!isThere)(`golden states${isThere ? "" : ` (skipped: no ${shared}/parity)`}`, () => {
  test.each(["llama", "qwen2"])("%s, observed, has the hidden states of transformers", async (name) => {
    const folder = join(shared, "parity", name);
    const { config, weights } = loadModel(folder);
    const golden = readSafetensors(join(folder, "golden.safetensors"));
    const { shape, data } = golden.read("input_ids");
    const T = shape.at(-1) as number;
    const ids = Array.from(data.subarray(0, T), Number);
    const box = new WhiteBox(config as GenerativeConfig, weights, { threads: 1 });
    const groupOf = ids.map((_, t) => (t === T - 1 ? 1 : 0));
    const asked = { prompt: { ids }, groupOf, groups: 2, targets: [] };
    const { hidden } = await box.observe(asked, { readings: [0], words: 1, hidden: true });
    await box.dispose();
    const states = [...golden.tensors.keys()].filter((key) => /^hidden\.\d+$/.test(key));
    expect(states.length).toBeGreaterThan(1);
    for (const state of states) {
      const truth = golden.read(state).data as Float32Array;
      const found = hidden?.[Number(state.slice("hidden.".length))] as Float32Array;
      found.forEach((value, i) => {
        expect(Math.abs(value - (truth[i] as number))).toBeLessThan(1e-4);
      });
    }
  });
});
