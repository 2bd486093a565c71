/**
 * Paint: a lit background, textured shapes with anti-aliased edges, a little sensor noise. What is painted is decided by
 * scripts (render.ts) and shots (film.ts).
 */
import { Rng } from "../core/math/index.ts";
import type { RgbaImage } from "../media/image/index.ts";
import { backgroundRgb, litRgb, type Rgb } from "./palette.ts";
import { signedDistance } from "./shapes.ts";
import type { Appearance } from "./state.ts";
import { coverageOfTexture, textureShade } from "./texture.ts";
import type { Background } from "./vocabulary.ts";

export type ImageSize = Readonly<{ width: number; height: number }>;

/** An item as drawn, perhaps turned about its centre, in degrees clockwise. */
export type Painted = Appearance & Readonly<{ angle?: number }>;

export type Picture = Readonly<{
  background: Background;
  /** Later ones lie on top. */
  items: readonly Painted[];
  /** Names the lighting: gain, its slope across the frame, colour casts. */
  light: string;
  /** Names the noise. */
  grain: string;
}>;

const noiseAmplitude = 3;

/** The picture, opaque RGBA. Throws a RangeError on a size that is not whole positive pixels. */
export function paint({ background, items, light: lightName, grain }: Picture, size: ImageSize): RgbaImage {
  requireSize(size);
  const light = lightOf(new Rng(lightName));
  const canvas = { ...size, rgb: new Float32Array(3 * size.width * size.height) };
  fill(canvas, tinted(backgroundRgb[background], light.backgroundTint));
  for (const item of items) draw(canvas, item, light.objectTint);
  return { ...size, data: expose(canvas, light, new Rng(grain).uint32()) };
}

type Canvas = ImageSize & Readonly<{ rgb: Float32Array }>;

/** Gain at the centre, its slope across the frame in both directions, and small colour casts. */
type Light = Readonly<{ gain: number; slopeX: number; slopeY: number; backgroundTint: Rgb; objectTint: Rgb }>;

function lightOf(rng: Rng): Light {
  const cast = (): Rgb => [rng.uniform(-6, 6), rng.uniform(-6, 6), rng.uniform(-6, 6)];
  return {
    gain: rng.uniform(0.96, 1.04),
    slopeX: rng.uniform(-0.1, 0.1),
    slopeY: rng.uniform(-0.1, 0.1),
    backgroundTint: cast(),
    objectTint: cast(),
  };
}

function tinted(colour: Rgb, tint: Rgb): Rgb {
  return [colour[0] + tint[0], colour[1] + tint[1], colour[2] + tint[2]];
}

function fill({ rgb }: Canvas, [red, green, blue]: Rgb): void {
  for (let i = 0; i < rgb.length; i += 3) {
    rgb[i] = red;
    rgb[i + 1] = green;
    rgb[i + 2] = blue;
  }
}

/** Blend an item over the canvas; pixels outside its bounding box are not visited. */
function draw({ width, height, rgb }: Canvas, appearance: Painted, tint: Rgb): void {
  const { shape, texture, colour, gain } = appearance;
  const radius = appearance.radius * Math.min(width, height);
  const [centreX, centreY] = [appearance.x * width, appearance.y * height];
  const paint = tinted(litRgb(colour, gain), tint);
  const distance = signedDistance[shape];
  const turn = ((appearance.angle ?? 0) * Math.PI) / 180;
  const [sine, cosine] = [Math.sin(turn), Math.cos(turn)];
  // A square's corner, and a bar's end, lie further out than any outline does along the axes.
  const reach = (appearance.angle === undefined ? 1.1 : 1.35) * radius + 1;
  const [left, right] = [Math.max(0, Math.floor(centreX - reach)), Math.min(width, Math.ceil(centreX + reach))];
  const [top, bottom] = [Math.max(0, Math.floor(centreY - reach)), Math.min(height, Math.ceil(centreY + reach))];
  for (let row = top; row < bottom; row++) {
    const down = (row + 0.5 - centreY) / radius;
    for (let column = left; column < right; column++) {
      const across = (column + 0.5 - centreX) / radius;
      const x = cosine * across + sine * down;
      const y = cosine * down - sine * across;
      const outline = distance(x, y);
      const opacity = Math.min(1, Math.max(0, 0.5 - outline * radius));
      if (opacity === 0) continue;
      const mark = texture === "plain" ? 0 : coverageOfTexture(texture, { x, y, outline }, radius);
      const shade = 1 - mark * (1 - textureShade);
      const i = 3 * (row * width + column);
      for (let channel = 0; channel < 3; channel++) {
        const under = rgb[i + channel] as number;
        rgb[i + channel] = under + opacity * ((paint[channel] as number) * shade - under);
      }
    }
  }
}

/** Light the canvas, add noise, clip to bytes. */
function expose({ width, height, rgb }: Canvas, light: Light, grain: number): Uint8ClampedArray {
  const data = new Uint8ClampedArray(4 * width * height);
  let state = grain | 1;
  for (let row = 0, i = 0, o = 0; row < height; row++) {
    const rowGain = light.gain * (1 + light.slopeY * ((row + 0.5) / height - 0.5));
    for (let column = 0; column < width; column++, i += 3, o += 4) {
      const gain = rowGain * (1 + light.slopeX * ((column + 0.5) / width - 0.5));
      // xorshift32, a byte of it a channel
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      data[o] = (rgb[i] as number) * gain + noiseOf(state);
      data[o + 1] = (rgb[i + 1] as number) * gain + noiseOf(state >>> 8);
      data[o + 2] = (rgb[i + 2] as number) * gain + noiseOf(state >>> 16);
      data[o + 3] = 255;
    }
  }
  return data;
}

function noiseOf(bits: number): number {
  return noiseAmplitude * ((bits & 255) / 127.5 - 1);
}

function requireSize({ width, height }: ImageSize): void {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new RangeError(`Expected a frame size in whole positive pixels, got ${width} x ${height}.`);
  }
}
