/**
 * An observer who sees nothing but pixels: masks, centres, areas, colours, outlines. It knows what colour words and shapes look
 * like, and neither shots nor conflicts.
 */
import type { RgbaImage } from "../../media/image/index.ts";
import { type Colour, colourRgb } from "../../world/index.ts";

/** What is not background in one frame. Centres and areas in fractions of the picture; outline: reach per angle. */
export type Sight = Readonly<{
  area: number;
  x: number;
  y: number;
  light: number;
  /** Share of the visible pixels that are much darker than the brightest ones: stripes and dots. */
  dark: number;
  colours: ReadonlyMap<Colour, Readonly<{ area: number; x: number; y: number }>>;
  outline: Float64Array;
  mask: Uint8Array;
  width: number;
}>;

const bins = 72;
const hues = Object.entries(colourRgb).map(([name, rgb]) => ({ name: name as Colour, unit: normalised(rgb) }));

/** What can be seen of a picture whose upper and lower half each have an evenly coloured, unevenly lit ground. */
export function look(image: RgbaImage): Sight {
  const { width, height, data } = image;
  const grounds = [0, 1].map((half) => groundOf(image, half * (height >> 1), (height >> 1) * (half + 1)));
  const ground = (column: number, row: number) => (grounds[row < height >> 1 ? 0 : 1] as Ground)(column, row);
  const mask = new Uint8Array(width * height);
  const pixels: { column: number; row: number; rgb: readonly [number, number, number] }[] = [];
  for (let i = 0; i < mask.length; i++) {
    const [column, row] = [i % width, Math.floor(i / width)];
    const rgb = [data[4 * i] as number, data[4 * i + 1] as number, data[4 * i + 2] as number] as const;
    if (Math.hypot(...ground(column, row).map((value, c) => value - (rgb[c] as number))) < 30) continue;
    mask[i] = 1;
    pixels.push({ column, row, rgb });
  }
  const centre = (of: typeof pixels) => ({
    area: of.length / mask.length,
    x: of.reduce((sum, { column }) => sum + column + 0.5, 0) / of.length / width,
    y: of.reduce((sum, { row }) => sum + row + 0.5, 0) / of.length / height,
  });
  const whole = centre(pixels);
  // The rim is a mixture with the ground, and says nothing about colour and light.
  const inner = pixels.filter(({ column, row }) => {
    return [-1, 1].every((step) => mask[row * width + column + step] && mask[(row + step) * width + column]);
  });
  const lights = inner.map(({ rgb }) => Math.max(...rgb)).sort((a, b) => a - b);
  const brightest = lights[Math.floor(0.9 * lights.length)] ?? 0;
  const byHue = new Map<Colour, typeof pixels>();
  for (const pixel of inner) {
    const hue = hueOf(pixel.rgb);
    const of = byHue.get(hue) ?? [];
    of.push(pixel);
    byHue.set(hue, of);
  }
  const outline = new Float64Array(bins);
  for (const { column, row } of pixels) {
    const [dx, dy] = [column + 0.5 - whole.x * width, row + 0.5 - whole.y * height];
    const bin = Math.floor((bins * (Math.atan2(dy, dx) + Math.PI)) / (2 * Math.PI)) % bins;
    outline[bin] = Math.max(outline[bin] as number, Math.hypot(dx, dy));
  }
  return {
    ...whole,
    light: brightest,
    dark: lights.filter((light) => light < 0.6 * brightest).length / Math.max(1, lights.length),
    colours: new Map([...byHue].map(([name, of]) => [name, centre(of)])),
    outline,
    mask,
    width,
  };
}

/** Degrees clockwise from one outline to another, the most likely turn within 35 degrees. */
export function turnBetween(a: Sight, b: Sight): number {
  const reach = Math.floor((35 / 360) * bins);
  let best = { cost: Number.POSITIVE_INFINITY, shift: 0 };
  for (let shift = -reach; shift <= reach; shift++) {
    let cost = 0;
    for (let i = 0; i < bins; i++) {
      cost += ((a.outline[i] as number) - (b.outline[(i + shift + bins) % bins] as number)) ** 2;
    }
    if (cost < best.cost) best = { cost, shift };
  }
  return (360 * best.shift) / bins;
}

/** How far the whole picture moved, in fractions of it: the shift under which two masks overlap best. */
export function shiftBetween(a: Sight, b: Sight): readonly [x: number, y: number] {
  const { width } = a;
  const height = a.mask.length / width;
  let best = { overlap: -1, x: 0, y: 0 };
  for (let dy = -5; dy <= 5; dy++) {
    for (let dx = -5; dx <= 5; dx++) {
      let overlap = 0;
      for (let row = 5; row < height - 5; row++)
        for (let column = 5; column < width - 5; column++)
          if (a.mask[row * width + column] === b.mask[(row + dy) * width + column + dx]) overlap++;
      if (overlap > best.overlap) best = { overlap, x: dx, y: dy };
    }
  }
  return [best.x / width, best.y / height];
}

function normalised(rgb: readonly number[]): number[] {
  const length = Math.hypot(...rgb) || 1;
  return rgb.map((value) => value / length);
}

/** The colour word whose hue is nearest; shade and light do not change it. */
function hueOf(rgb: readonly number[]): Colour {
  const unit = normalised(rgb);
  const nearness = hues.map((hue) => hue.unit.reduce((sum, value, c) => sum + value * (unit[c] as number), 0));
  return (hues[nearness.indexOf(Math.max(...nearness))] as (typeof hues)[number]).name;
}

type Ground = (column: number, row: number) => number[];

/** The ground's colour at a pixel of some rows: a plane per channel through the pixels near the sides' median colour. */
function groundOf({ width, data }: RgbaImage, top: number, bottom: number): Ground {
  const cells = Array.from({ length: width * (bottom - top) }, (_, i) => top * width + i);
  // Large items may cover the middle, and hardly ever both sides.
  const sides = cells.filter((i) => i % width < 4 || i % width >= width - 4);
  const values = (channel: number) => sides.map((i) => data[4 * i + channel] as number);
  const medians = [0, 1, 2].map((channel) => values(channel).sort((a, b) => a - b)[sides.length >> 1] as number);
  const near = cells.filter((i) => {
    return Math.hypot(...medians.map((median, c) => median - (data[4 * i + c] as number))) < 45;
  });
  const planes = [0, 1, 2].map((channel) => {
    const mean = (value: (i: number) => number) => near.reduce((sum, i) => sum + value(i), 0) / near.length;
    const [column, row, level] = [
      (i: number) => i % width,
      (i: number) => Math.floor(i / width),
      (i: number) => data[4 * i + channel] as number,
    ];
    const [mx, my, mz] = [mean(column), mean(row), mean(level)];
    const xx = mean((i) => (column(i) - mx) ** 2);
    const yy = mean((i) => (row(i) - my) ** 2);
    const xy = mean((i) => (column(i) - mx) * (row(i) - my));
    const xz = mean((i) => (column(i) - mx) * (level(i) - mz));
    const yz = mean((i) => (row(i) - my) * (level(i) - mz));
    const determinant = xx * yy - xy * xy;
    return { mx, my, mz, a: (xz * yy - yz * xy) / determinant, b: (yz * xx - xz * xy) / determinant };
  });
  return (column, row) => planes.map(({ mx, my, mz, a, b }) => mz + a * (column - mx) + b * (row - my));
}
