/**
 * From zoetrope-micro to zoetrope-micro-reader: tower and projector learn to read numbers. They are drawn to the words of pictures, as
 * in zoetrope-micro's own alignment, on pictures whose background word gives way to a number.
 *
 * Nothing here asks about time, and no video is seen: that is left to NumPro-FT and VTimeLLM.
 */
import { join } from "node:path";
import { modelsFolder } from "../../src/core/files/index.ts";
import { llavaConfigSchema, loadModel } from "../../src/nn/models/index.ts";
import { loadTokenizer } from "../../src/nn/tokenizer/index.ts";
import type { Stage } from "../../src/train/index.ts";
import { alignObjective, alignSource, tableMeanSquare } from "../micro/align.ts";
import { keywordsOf } from "../micro/captions.ts";
import { Pictures } from "../micro/pictures.ts";
import { modelFilesOf } from "./model-files.ts";
import { numberStyle } from "./number-style.ts";
import { numberToken, readerTokenizer, withRows } from "./reader-tokenizer.ts";
import { mostNumbers } from "./strip.ts";

export type ReaderStagesOptions = Readonly<{ seed: number; stepsScale?: number }>;

const pictureCount = 24_000;
/** Pictures with a number among them. */
const numberedShare = 0.6;
const batch = 256;

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
        const words = pictures.glimpses.map((glimpse, i) => {
          const ids = tokenizer.encode(keywordsOf(glimpse).join(" "));
          const number = pictures.numbers[i];
          return number == null ? ids : [...ids.slice(0, -1), numberToken(tokenizer, number)];
        });
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
        return { weights, model: { config: json, files: modelFilesOf(micro, tokenizer), floats: "F16" } };
      },
    },
  ];
}
