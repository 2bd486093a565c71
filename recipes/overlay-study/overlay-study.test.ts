/** Oracles: the same vectors computed alone; counting designs; the files that are written. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Rng } from "../../src/core/math/index.ts";
import { encodePng } from "../../src/media/image/index.ts";
import { saveCheckpoint } from "../../src/nn/checkpoint/index.ts";
import { initialWeights, modelShapes, parseModelConfig } from "../../src/nn/models/index.ts";
import { createTokenizer, trainWordTokenizer, wordTokenizerConfig } from "../../src/nn/tokenizer/index.ts";
import { openEmbedder } from "./embedder.ts";
import { worldPairs } from "./pairs.ts";
import { designs, overlayStudy } from "./study.ts";

const folder = mkdtempSync(join(tmpdir(), "overlay-study-"));
afterAll(() => rmSync(folder, { recursive: true }));
const quiet = {
  progress: { task: () => ({ update() {}, finish() {} }), note() {} },
  signal: new AbortController().signal,
};

/** A CLIP folder of a few thousand random weights. */
function tinyClip(): string {
  const words = ["a", "red", "blue", "circle", "square", "on", "black", "background", "small", "large"];
  const tokenizer = createTokenizer(
    new Map([
      ["tokenizer.json", JSON.stringify(trainWordTokenizer(words, ["<pad>", "<s>", "<unk>", "</s>"]))],
      ["tokenizer_config.json", JSON.stringify(wordTokenizerConfig({ bos: "<s>", eos: "</s>", pad: "<pad>" }))],
    ]),
  );
  const size = { hidden_size: 8, intermediate_size: 16, num_hidden_layers: 2, num_attention_heads: 2 };
  const config = {
    model_type: "clip",
    projection_dim: 6,
    vision_config: { ...size, image_size: 16, patch_size: 4, projection_dim: 6 },
    text_config: { ...size, vocab_size: tokenizer.vocabSize, max_position_embeddings: 12, eos_token_id: 3 },
  };
  const weights = initialWeights(modelShapes(parseModelConfig(config, "test")), new Rng("clip"), 0.5);
  const preprocessor = { size: { height: 16, width: 16 }, do_center_crop: false };
  const files = new Map([...tokenizer.files, ["preprocessor_config.json", JSON.stringify(preprocessor)]]);
  saveCheckpoint(join(folder, "clip"), { config, files, weights });
  return join(folder, "clip");
}

test("vectors have unit length and do not depend on what else is embedded, nor on padding", async () => {
  const embedder = openEmbedder(tinyClip());
  const pairs = worldPairs(1, 20);
  const [images, captions] = [pairs.map(({ image }) => image), pairs.map(({ caption }) => caption)];
  const together = [await embedder.images(images), await embedder.texts([...captions, "red"])];
  const alone = [await embedder.images(images.slice(17, 18)), await embedder.texts(["red"])];
  for (const vector of together.flat()) expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
  for (const [a, b] of [
    [together[0]?.[17], alone[0]?.[0]],
    [together[1]?.[20], alone[1]?.[0]],
  ]) {
    Array.from(a as Float32Array).forEach((value, i) => {
      expect(value).toBeCloseTo(b?.[i] as number, 4);
    });
  }
  await embedder.dispose();
});

test("one dial at a time is the paper's design and ten others, the grid is all of 4 x 4 x 5", () => {
  expect(designs(false).length).toBe(1 + 3 + 3 + 4);
  expect(designs(true).length).toBe(80);
  expect(new Set(designs(true).map((design) => JSON.stringify(design))).size).toBe(80);
});

test("a study of any CLIP folder writes every design's figures and a report, and says that random weights cannot read", async () => {
  const options = { model: tinyClip(), pictures: 12, seed: 0, grid: false, folder: join(folder, "out") };
  const { summary, details } = await overlayStudy(options, quiet);
  expect(summary).toMatchObject({ n: 12, readsNumbers: false });
  expect(details?.points).toHaveLength(12);
  const page = readFileSync(join(folder, "out", "report.html"), "utf8");
  expect(page).toContain("This model does not read numbers");
  expect(page).not.toMatch(/(?:src|href)="https?:/);
  expect(existsSync(join(folder, "out", "figures.json"))).toBe(true);
});

test("pictures and captions come from files too, and too few are told", async () => {
  const pairs = worldPairs(2, 3);
  const captions = pairs.map(({ caption }, i) => ({ image: `${i}.png`, caption }));
  for (const [i, { image }] of pairs.entries()) writeFileSync(join(folder, `${i}.png`), await encodePng(image));
  writeFileSync(join(folder, "captions.json"), JSON.stringify(captions));
  const study = (pictures: number) =>
    overlayStudy(
      {
        model: tinyClip(),
        pictures,
        seed: 0,
        grid: false,
        folder: join(folder, "files"),
        pairs: { captions: join(folder, "captions.json"), images: folder },
      },
      quiet,
    );
  expect((await study(3)).summary).toMatchObject({ n: 3 });
  await expect(study(4)).rejects.toThrow("got 3 of 3");
});
