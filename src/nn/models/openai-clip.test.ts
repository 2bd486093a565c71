import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSafetensors } from "../checkpoint/index.ts";
import { loadModel } from "./index.ts";
import { openOpenaiClip } from "./openai-clip.ts";

const parity = resolve(import.meta.dirname, "../../../test/parity");
const folder = mkdtempSync(join(tmpdir(), "zoetrope-openai-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("OpenAI's names give the tensors of the Hugging Face file (oracle: both written by test/parity/goldens.py)", () => {
  const { file, visionConfig } = openOpenaiClip(join(parity, "openai_clip/clip/ViT-tiny.pt"));
  const expected = readSafetensors(join(parity, "vtimellm/clip-tiny/model.safetensors"));
  const names = [...expected.tensors.keys()].filter((name) => /^vis/.test(name));
  expect([...file.tensors.keys()].sort()).toEqual(names.sort());
  for (const name of names) {
    expect(file.read(name), name).toEqual(expected.read(name));
    expect(file.tensors.get(name)?.shape).toEqual(expected.tensors.get(name)?.shape);
  }
  expect(visionConfig).toMatchObject({
    hidden_size: 16,
    num_hidden_layers: 3,
    image_size: 16,
    patch_size: 4,
    projection_dim: 12,
  });
});

test("VTimeLLM's checkpoints folder is recognised with CLIP in either layout", () => {
  cpSync(join(parity, "vtimellm"), folder, { recursive: true });
  const before = loadModel(folder);
  rmSync(join(folder, "clip-tiny"), { recursive: true });
  expect(() => loadModel(folder)).toThrow(/Expected CLIP \(clip\/ViT-L-14\.pt\) beside VTimeLLM's stages/);
  cpSync(join(parity, "openai_clip"), folder, { recursive: true });
  const after = loadModel(folder);
  expect(after.weights).toEqual(before.weights);
  expect([after.processorFolder, before.processorFolder]).toEqual([null, join(folder, "clip-tiny")]);
});

test("another file is refused", () => {
  expect(() => openOpenaiClip(join(parity, "archives/tensors.bin"))).toThrow(/OpenAI's CLIP.*visual\.conv1\.weight/);
});
