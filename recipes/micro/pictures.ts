/**
 * Pictures of the world with the words for them: what the vision tower learns from.
 *
 * They are drawn at the size of the videos and scaled down as the image processor does it, so that a frame out of an mp4 file
 * looks the same. Growing and brightening things are among them, caught at any second, because words cover ranges.
 */
import { Rng } from "../../src/core/math/index.ts";
import { resizeImage } from "../../src/media/image/index.ts";
import { drawText, type OverlayStyle } from "../../src/media/overlay/index.ts";
import { type Glimpse, glimpseAt } from "../../src/tasks/index.ts";
import {
  brightnessScript,
  durationOf,
  growthScript,
  renderFrame,
  type Script,
  staticScript,
  wholeVocabulary,
} from "../../src/world/index.ts";
import { microPreprocessor } from "./config.ts";

export const videoSize = { width: 128, height: 128 } as const;

/** Numbers from 0 to below `below`, drawn on a share of the pictures. */
export type DrawnNumbers = Readonly<{ below: number; share: number; style: OverlayStyle }>;

export class Pictures {
  readonly glimpses: readonly Glimpse[];
  /** What number a picture carries, or null. */
  readonly numbers: readonly (number | null)[];
  /** One byte a channel, pixels in rows, three planes a picture: (N, 3, size, size). */
  readonly #bytes: Uint8Array;
  readonly #byKey = new Map<string, number[]>();
  readonly size = microPreprocessor.size.width;

  constructor(seed: number | string, count: number, drawn?: DrawnNumbers) {
    const rng = new Rng(`pictures/${seed}`);
    const ofNumbers = rng.fork("numbers");
    this.numbers = Array.from({ length: count }, () =>
      drawn && ofNumbers.chance(drawn.share) ? ofNumbers.below(drawn.below) : null,
    );
    const plane = this.size * this.size;
    this.#bytes = new Uint8Array(count * 3 * plane);
    this.glimpses = Array.from({ length: count }, (_, i) => {
      const script = randomScript(rng);
      const seconds = rng.uniform(0, durationOf(script) * 0.9999);
      const frame = renderFrame(script, seconds, videoSize);
      const number = this.numbers[i] as number | null;
      const shown = number === null ? frame : drawText(frame, String(number), drawn?.style);
      const { data } = resizeImage(shown, this.size, this.size, { filter: "bicubic" });
      for (let p = 0; p < plane; p++) {
        for (let c = 0; c < 3; c++) this.#bytes[(3 * i + c) * plane + p] = data[4 * p + c] as number;
      }
      const glimpse = glimpseAt(script, seconds);
      const known = this.#byKey.get(keyOf(glimpse));
      if (known) known.push(i);
      else this.#byKey.set(keyOf(glimpse), [i]);
      return glimpse;
    });
  }

  /** A picture that shows just this, if there is one. */
  showing(glimpse: Glimpse, rng: Rng): number | undefined {
    const known = this.#byKey.get(keyOf(glimpse));
    return known && rng.pick(known);
  }

  /** Write the normalised pixels of a picture, (3, size, size), to `into` at an offset. */
  writePixels(index: number, into: Float32Array, offset: number): void {
    const plane = this.size * this.size;
    const { image_mean, image_std, rescale_factor } = microPreprocessor;
    for (let c = 0; c < 3; c++) {
      const [mean, deviation] = [image_mean[c] as number, image_std[c] as number];
      const start = (3 * index + c) * plane;
      for (let p = 0; p < plane; p++) {
        into[offset + c * plane + p] = ((this.#bytes[start + p] as number) * rescale_factor - mean) / deviation;
      }
    }
  }
}

function keyOf({ colour, shape, size, brightness, background }: Glimpse): string {
  return `${size} ${brightness} ${colour} ${shape} ${background}`;
}

function randomScript(rng: Rng): Script {
  const draw = rng.uniform();
  if (draw < 0.6) return staticScript(rng, wholeVocabulary, { pairProbability: 0 });
  if (draw < 0.8) return growthScript(rng, wholeVocabulary, { direction: rng.pick(["grow", "shrink"]) });
  return brightnessScript(rng, wholeVocabulary, { direction: rng.pick(["brighten", "darken"]) });
}
