/**
 * Films to train on, rendered once: the tower is frozen from here on, so each frame's features are computed once, with its
 * number and without.
 */
import { Rng } from "../../src/core/math/index.ts";
import { resizeImage } from "../../src/media/image/index.ts";
import { drawText } from "../../src/media/overlay/index.ts";
import type { Weights } from "../../src/nn/checkpoint/index.ts";
import { Graph } from "../../src/nn/graph/index.ts";
import {
  bindWeights,
  imageShape,
  type LlavaConfig,
  llavaShapes,
  llavaVisionFeatures,
} from "../../src/nn/models/index.ts";
import { compile } from "../../src/nn/runtime/index.ts";
import { type EventsOptions, eventsScript, renderFrame, type Script, type Vocabulary } from "../../src/world/index.ts";
import { microPreprocessor } from "../micro/config.ts";
import { videoSize } from "../micro/pictures.ts";
import { numberStyle } from "./number-style.ts";
import { everySecond, type FrameChoice, type Strip, stripOf } from "./strip.ts";

export type Film = Readonly<{
  script: Script;
  strip: Strip;
  /** Vision features of the frames, bare and with their numbers. */
  bare: readonly Float32Array[];
  numbered: readonly Float32Array[];
}>;

/** Films have things without texture: the model has no words for textures. */
export function filmVocabulary(vocabulary: Vocabulary): Vocabulary {
  return { ...vocabulary, textures: ["plain"] };
}

export type FilmOptions = Readonly<{
  seed: number | string;
  count: number;
  vocabulary: Vocabulary;
  /** Default: one frame a second. */
  shown?: FrameChoice;
  /** Told after each film how many there are. */
  onFilm?: (done: number) => void;
}>;

/** Films with their numbers counted from 0, as the paper has them. */
export async function trainingFilms(
  { seed, count, vocabulary, shown = everySecond, onFilm }: FilmOptions,
  { config, weights }: Readonly<{ config: LlavaConfig; weights: Weights }>,
): Promise<Film[]> {
  const encode = await frameEncoder(config, weights);
  const films: Film[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const rng = new Rng(`films/${seed}/${i}`);
      const script = eventsScript(rng, vocabulary, lengthOf(rng));
      const strip = stripOf(script, shown);
      const frames = strip.times.map((time) => renderFrame(script, time, videoSize));
      const numbered = frames.map((frame, k) => drawText(frame, String(k), numberStyle));
      const features = await encode([...frames, ...numbered].map(pixelsOf));
      films.push({ script, strip, bare: features.slice(0, frames.length), numbered: features.slice(frames.length) });
      onFilm?.(films.length);
    }
  } finally {
    await encode.dispose();
  }
  return films;
}

/** Two to four scenes; in a third of the films they are short, for the first lessons. */
function lengthOf(rng: Rng): EventsOptions {
  return rng.chance(1 / 3) ? { scenes: 2, seconds: [2, 3] } : { scenes: rng.integer(2, 4), seconds: [3, 5] };
}

type Picture = ReturnType<typeof renderFrame>;

function pixelsOf(picture: Picture): Float32Array {
  const { size, image_mean, image_std, rescale_factor } = microPreprocessor;
  const { data } = resizeImage(picture, size.width, size.height, { filter: "bicubic" });
  const plane = size.width * size.height;
  return Float32Array.from({ length: 3 * plane }, (_, i) => {
    const c = Math.floor(i / plane);
    const value = data[4 * (i % plane) + c] as number;
    return (value * rescale_factor - (image_mean[c] as number)) / (image_std[c] as number);
  });
}

const batch = 64;

/** Vision features of any number of pictures. */
async function frameEncoder(config: LlavaConfig, weights: Weights) {
  const graph = new Graph();
  const pixels = graph.input("pixel_values", imageShape(config, batch, "pixels"));
  graph.output("features", llavaVisionFeatures(config, bindWeights(graph, llavaShapes(config)), pixels));
  const executable = await compile(graph);
  const parameters = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
  const [many, one] = [pixels.shape, imageShape(config, 1, "features")].map((shape) =>
    shape.reduce((a, b) => a * b, 1),
  );
  const size = (many as number) / batch;
  const width = one as number;
  const encode = async (pictures: readonly Float32Array[]): Promise<Float32Array[]> => {
    const out: Float32Array[] = [];
    for (let start = 0; start < pictures.length; start += batch) {
      const input = new Float32Array(many as number);
      const chunk = pictures.slice(start, start + batch);
      for (const [i, picture] of chunk.entries()) input.set(picture, i * size);
      const { features } = await executable.run({ ...parameters, pixel_values: input });
      for (let i = 0; i < chunk.length; i++) out.push((features as Float32Array).slice(i * width, (i + 1) * width));
    }
    return out;
  };
  return Object.assign(encode, { dispose: () => executable.dispose() });
}
