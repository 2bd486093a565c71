/**
 * From zoetrope-micro to zoetrope-micro-reader: tower and projector learn to read numbers. They are drawn to the words of pictures, as
 * in zoetrope-micro's own alignment, on pictures whose background word gives way to a number.
 *
 * Nothing here asks about time, and no video is seen: that is left to NumPro-FT and VTimeLLM.
 */
import { join } from "node:path";
import { modelsFolder } from "../../src/core/files/index.ts";
import type { Weights } from "../../src/nn/checkpoint/index.ts";
import { type LlavaConfig, llavaConfigSchema, loadModel } from "../../src/nn/models/index.ts";
import { loadTokenizer, type Tokenizer } from "../../src/nn/tokenizer/index.ts";
import type { Stage } from "../../src/train/index.ts";
import { alignObjective, alignSource, tableMeanSquare } from "../micro/align.ts";
import { keywordsOf } from "../micro/captions.ts";
import { Pictures } from "../micro/pictures.ts";
import { readBack } from "../micro/read-back.ts";
import { modelFilesOf } from "../model-files.ts";
import { numberStyle } from "./number-style.ts";
import { numberToken, readerTokenizer, withRows } from "./reader-tokenizer.ts";
import { mostNumbers } from "./strip.ts";

export type ReaderStagesOptions = Readonly<{ seed: number; stepsScale?: number }>;

const pictureCount = 24_000;
/** Pictures with a number among them. */
const numberedShare = 0.6;
const batch = 256;

/** New pictures that the finished eyes are tested on. */
const testCount = 1000;

const isVision = (name: string) => name.startsWith("vision_tower.") || name.startsWith("multi_modal_projector.");

export function readerStages({ seed, stepsScale = 1 }: ReaderStagesOptions): Stage[] {
  const micro = join(modelsFolder(), "zoetrope-micro");
  const { rawConfig, weights: known } = loadModel(micro);
  const { text_config, ...others } = rawConfig;
  const tokenizer = readerTokenizer(loadTokenizer(micro));
  const json = { ...others, text_config: { ...(text_config as object), vocab_size: tokenizer.vocabSize } };
  const config = llavaConfigSchema.parse(json);
  const steps = Math.max(20, Math.round(1200 * stepsScale));
  return [
    {
      name: "align",
      config: { seed, stepsScale },
      async run(context) {
        const drawn = { below: mostNumbers, share: numberedShare, style: numberStyle };
        const pictures = new Pictures(`reader/${seed}`, Math.round(pictureCount * Math.min(1, stepsScale)), drawn);
        const words = wordsOf(pictures, tokenizer);
        const start = withRows(known, tokenizer.vocabSize, seed);
        const { weights } = await context.train({
          objective: alignObjective(config, tableMeanSquare(start)),
          source: alignSource(pictures, words, { seed: `reader/${seed}`, batch }),
          weights: start,
          trainable: isVision,
          steps,
          optimizer: { peak: 1e-3, betas: [0.9, 0.98], warmup: Math.min(50, steps) },
          config: { batch },
        });
        const model = { config: json, files: modelFilesOf(micro, tokenizer), floats: "F16" as const };
        return { weights, model, summary: await readerFigures({ config, weights, tokenizer, seed }) };
      },
    },
  ];
}

/** Ids of the keywords of each picture; a number stands where the background's word would. */
function wordsOf({ glimpses, numbers }: Pictures, tokenizer: Tokenizer): number[][] {
  return glimpses.map((glimpse, i) => {
    const ids = tokenizer.encode(keywordsOf(glimpse).join(" "));
    const number = numbers[i];
    return number == null ? ids : [...ids.slice(0, -1), numberToken(tokenizer, number)];
  });
}

/** Percent of visual tokens nearest to their own word on new pictures: of the numbers on them, and of each kind of keyword. */
export async function readerFigures({
  seed,
  tokenizer,
  ...model
}: Readonly<{ config: LlavaConfig; weights: Weights; tokenizer: Tokenizer; seed: number }>) {
  const drawn = { below: mostNumbers, share: numberedShare, style: numberStyle };
  const pictures = new Pictures(`reader-test/${seed}`, testCount, drawn);
  const words = wordsOf(pictures, tokenizer);
  const read = await readBack(
    model,
    words.map((of, i) => {
      const pixels = new Float32Array(3 * pictures.size * pictures.size);
      pictures.writePixels(i, pixels, 0);
      return { pixels, words: of };
    }),
  );
  const isNumbered = (i: number) => pictures.numbers[i] !== null;
  const percent = (rights: readonly boolean[]) => (100 * rights.filter(Boolean).length) / rights.length;
  const kind = (k: number, among = (_: number) => true) =>
    percent(read.flatMap((rights, i) => (among(i) ? [rights[k] as boolean] : [])));
  return {
    pictures: testCount,
    number: kind(4, isNumbered),
    ...{ size: kind(0), brightness: kind(1), colour: kind(2), shape: kind(3) },
    background: kind(4, (i) => !isNumbered(i)),
  };
}
