import { describe, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import type { RgbaImage } from "../media/image/index.ts";
import { brightnessScript, growthScript, orderScript, staticScript } from "./generate.ts";
import { backgroundRgb, colourRgb, distance, litRgb, type Rgb } from "./palette.ts";
import { renderFrame, renderScript } from "./render.ts";
import { durationOf, frameCountOf, type Placement, type Scene, type Script } from "./script.ts";
import { signedDistance } from "./shapes.ts";
import { wholeVocabulary } from "./splits.ts";
import { appearancesAt, factsAt } from "./state.ts";
import { colours, shapes, sizes } from "./vocabulary.ts";

const size = { width: 64, height: 64 };

function still(placement: Partial<Placement>, scene: Partial<Scene> = {}): Script {
  const item: Placement = {
    colour: "red",
    shape: "circle",
    texture: "plain",
    size: "medium",
    position: "in the middle",
    motion: "still",
    growth: "none",
    ...placement,
  };
  const whole: Scene = { items: [item], background: "black", brightness: "normal", ramp: "none", seconds: 1, ...scene };
  return { kind: "static", seed: 7, fps: 8, scenes: [whole] };
}

function pixel({ data, width }: RgbaImage, column: number, row: number): Rgb {
  const at = 4 * (row * width + column);
  return [data[at] as number, data[at + 1] as number, data[at + 2] as number];
}

function indexOfBrightest([red, green, blue]: Rgb): 0 | 1 | 2 {
  if (red >= green && red >= blue) return 0;
  return green >= blue ? 1 : 2;
}

/** Pixels nearer to the paint than to the background: an observer that knows nothing of shapes. */
function paintedPixels(image: RgbaImage, paint: Rgb, background: Rgb): [column: number, row: number][] {
  const cells = Array.from({ length: image.width * image.height }, (_, i) => i);
  return cells
    .map((i): [number, number] => [i % image.width, Math.floor(i / image.width)])
    .filter(([column, row]) => {
      const seen = pixel(image, column, row);
      return distance(seen, paint) < distance(seen, background);
    });
}

describe("rendered pixels", () => {
  test("an object's middle has the palette's colour and the corner has the background's", () => {
    for (const colour of colours) {
      const background = colour === "white" ? "navy" : "gray";
      const image = renderFrame(still({ colour }, { background }), 0, size);
      // 48 = lighting (14 % of 128), a cast of 6 and noise of 3 on each of three channels, at most.
      expect(distance(pixel(image, 32, 32), litRgb(colour, 0.73))).toBeLessThan(48);
      expect(distance(pixel(image, 0, 0), backgroundRgb[background])).toBeLessThan(48);
    }
  });

  test.each(shapes)("%s: painted area equals 8 x 8 supersampling of its outline at every size", (shape) => {
    const span = litRgb("white", 0.73)[0] - backgroundRgb.black[0];
    for (const word of sizes) {
      const script = still({ shape, colour: "white", size: word });
      const image = renderFrame(script, 0, size);
      // The same frame with nobody on it: light and noise cancel, and what is left is coverage times the paint's span.
      const empty = renderFrame({ ...script, scenes: script.scenes.map((s) => ({ ...s, items: [] })) }, 0, size);
      let painted = 0;
      for (let i = 0; i < image.data.length; i += 4) {
        painted += ((image.data[i] as number) - (empty.data[i] as number)) / span;
      }
      const [seen] = appearancesAt(script, 0);
      if (!seen) throw new Error("Expected one item.");
      let sampled = 0;
      for (let row = 0.5 / 8; row < 64; row += 1 / 8) {
        for (let column = 0.5 / 8; column < 64; column += 1 / 8) {
          const [x, y] = [column / 64 - seen.x, row / 64 - seen.y];
          if (signedDistance[shape](x / seen.radius, y / seen.radius) < 0) sampled += 1 / 64;
        }
      }
      // 10 % for lighting and casts.
      expect(Math.abs(painted - sampled)).toBeLessThan(0.1 * sampled);
    }
  });

  test("brightness rises at every sampled frame of a brighten ramp, and a grown object covers more", () => {
    const mean = (image: RgbaImage) => image.data.reduce((total, value) => total + value, 0) / image.data.length;
    for (let seed = 0; seed < 20; seed++) {
      for (const script of [
        brightnessScript(new Rng(seed), { ...wholeVocabulary, backgrounds: ["black"] }, { direction: "brighten" }),
        growthScript(new Rng(seed), { ...wholeVocabulary, backgrounds: ["black"] }, { direction: "grow" }),
      ]) {
        const third = durationOf(script) / 3;
        const means = [0.5, 1.5, 2.5].map((k) => mean(renderFrame(script, k * third, size)));
        expect(means).toEqual([...means].sort((a, b) => a - b));
        expect(new Set(means).size).toBe(3);
      }
    }
  });

  test("an observer of pixels finds size, place and brightness as the facts state them", () => {
    const vocabulary = {
      ...wholeVocabulary,
      shapes: ["circle", "square", "cross", "ring"] as const,
      textures: ["plain"] as const,
    };
    for (let seed = 0; seed < 100; seed++) {
      const script = staticScript(new Rng(seed), vocabulary, { pairProbability: 0 });
      const seconds = new Rng(seed).uniform(0, durationOf(script) - 0.01);
      const { items, background, brightness } = factsAt(script, seconds);
      const [item] = items;
      if (!item) throw new Error("Expected one item.");
      const gain = { dim: 0.43, normal: 0.73, bright: 1.03 }[brightness];
      const image = renderFrame(script, seconds, size);
      const cells = paintedPixels(image, litRgb(item.colour, gain), backgroundRgb[background]);
      const columns = cells.map(([column]) => column);
      const rows = cells.map(([, row]) => row);
      const [left, right] = [Math.min(...columns), Math.max(...columns) + 1];
      const [top, bottom] = [Math.min(...rows), Math.max(...rows) + 1];
      const half = (right - left) / 2 / 64;
      expect(half < 0.18 ? "small" : half < 0.26 ? "medium" : "large").toBe(item.size);
      const channel = indexOfBrightest(colourRgb[item.colour]);
      const levels = cells.map(([column, row]) => pixel(image, column, row)[channel]).sort((a, b) => a - b);
      const level = (levels[Math.floor(levels.length / 2)] as number) / colourRgb[item.colour][channel];
      expect(level < 0.58 ? "dim" : level < 0.88 ? "normal" : "bright").toBe(brightness);
      const [dx, dy] = [(left + right) / 128 - 0.5, (top + bottom) / 128 - 0.5];
      // Within a pixel and a half of a boundary the word is anybody's.
      const clear = Math.abs(Math.max(Math.abs(dx), Math.abs(dy)) - 0.1) > 0.024;
      const side =
        Math.abs(dx) >= Math.abs(dy)
          ? dx < 0
            ? "on the left"
            : "on the right"
          : dy < 0
            ? "at the top"
            : "at the bottom";
      if (clear) expect(Math.max(Math.abs(dx), Math.abs(dy)) < 0.1 ? "in the middle" : side).toBe(item.position);
    }
  });

  test("same seed, same bytes; frames and scenes differ by noise and light even when nothing happens", () => {
    const script = orderScript(new Rng(5), wholeVocabulary);
    expect(renderFrame(script, 1, size)).toEqual(renderFrame(structuredClone(script), 1, size));
    const quiet = still({});
    expect(renderFrame(quiet, 0, size).data).not.toEqual(renderFrame(quiet, 0.5, size).data);
    expect(renderFrame(quiet, 0, size).data).not.toEqual(renderFrame({ ...quiet, seed: 8 }, 0, size).data);
  });

  test("a script renders to frame k at second k / fps, opaque and of the size asked for", () => {
    const script = growthScript(new Rng(2), wholeVocabulary, { direction: "shrink" });
    const wide = { width: 24, height: 16 };
    const frames = [...renderScript(script, wide)];
    expect(frames).toHaveLength(frameCountOf(script));
    expect(frames[5]).toEqual(renderFrame(script, 5 / script.fps, wide));
    expect(
      frames.every(({ data }) => data.length === 4 * 24 * 16 && data.every((v, i) => i % 4 !== 3 || v === 255)),
    ).toBe(true);
  });

  test("a size that is not whole positive pixels is refused", () => {
    expect(() => renderFrame(still({}), 0, { width: 0, height: 8 })).toThrow(/whole positive pixels, got 0 x 8/);
  });
});
