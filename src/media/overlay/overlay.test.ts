/**
 * Oracles: the paper's code run with Pillow 12.3 on frames of 336x336 (table B1 of the specification), a supersampling twin
 * of the rasteriser, and arithmetic on timestamps.
 */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readDigits } from "../../../recipes/overlay-study/make-digits.ts";
import { Rng } from "../../core/math/index.ts";
import { type RgbaImage, rgbaImage } from "../image/index.ts";
import { Coverage } from "./coverage.ts";
import { ascender, descender, glyphs, unitsPerEm } from "./digits.table.ts";
import { drawText } from "./draw-text.ts";
import { glyphOf } from "./glyph.ts";
import { layOutText } from "./layout.ts";
import { overlayPositions } from "./style.ts";
import { clockLabels, everyNth, numbersByIndex, numbersByPlace, numbersByTime, visualPrompt } from "./visual-prompt.ts";

const font = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf";

function grey(width = 336, height = width): RgbaImage {
  return rgbaImage(width, height, new Uint8ClampedArray(4 * width * height).fill(255));
}

/** The box of the pixels that differ, right and bottom excluded. */
function inkBox(image: RgbaImage): { left: number; top: number; right: number; bottom: number } {
  const box = { left: image.width, top: image.height, right: 0, bottom: 0 };
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const at = 4 * (y * image.width + x);
      // Pillow's box is of pixels that are visibly inked; a trace of coverage is none.
      if (255 - (image.data[at + 1] as number) < 26) continue;
      box.left = Math.min(box.left, x);
      box.top = Math.min(box.top, y);
      box.right = Math.max(box.right, x + 1);
      box.bottom = Math.max(box.bottom, y + 1);
    }
  }
  return box;
}

test.skipIf(!existsSync(font))("the table is what the font file holds (skipped where DejaVu is not installed)", () => {
  expect(readDigits(readFileSync(font))).toEqual({ unitsPerEm, ascender, descender, glyphs });
});

test.each([
  [20, "99", [309, 320, 335, 335]],
  [40, "0", [310, 304, 334, 334]],
  [40, "8", [310, 304, 334, 334]],
  [40, "1", [312, 306, 334, 335]],
  [40, "99", [282, 304, 334, 334]],
  [40, "239", [256, 304, 335, 334]],
  [60, "99", [255, 286, 332, 332]],
  [80, "99", [229, 272, 332, 332]],
] as const)("at %i px, %s stands within a pixel of where the paper has it", (fontSize, text, [l, t, r, b]) => {
  const { left, top, right, bottom } = inkBox(drawText(grey(), text, { fontSize }));
  const off = [left - l, top - t, right - r, bottom - b].map(Math.abs);
  expect(Math.max(...off), JSON.stringify([left, top, right, bottom])).toBeLessThanOrEqual(1);
});

test.each([
  [20, "99", 308],
  [40, "0", 308],
  [40, "99", 280],
  [40, "239", 253],
  [60, "99", 252],
  [80, "99", 225],
])("at %i px, the line of %s begins at the paper's x", (fontSize, text, x) => {
  expect(layOutText(grey(), text, { fontSize }).x).toBe(x);
});

test("every position keeps the ink inside its corner, on frames of any shape", () => {
  for (const [width, height] of [
    [336, 336],
    [1280, 720],
    [64, 48],
  ] as const) {
    const thirds = overlayPositions.map((position) => {
      const { left, top, right, bottom } = inkBox(drawText(grey(width, height), "57", { position }));
      expect(left >= 0 && top >= 0 && right <= width && bottom <= height).toBe(true);
      return [Math.floor((1.5 * (left + right)) / width), Math.floor((1.5 * (top + bottom)) / height)];
    });
    expect(thirds).toEqual([
      [0, 0],
      [2, 0],
      [0, 2],
      [2, 2],
      [1, 1],
    ]);
  }
});

test("drawing changes the box alone, in the colour asked for, and leaves the given picture as it is", () => {
  const before = grey(200, 120);
  const after = drawText(before, "1234567890:-.", { fontSize: 20, color: [10, 20, 30] });
  expect(before.data.every((value) => value === 255)).toBe(true);
  const { box } = layOutText(before, "1234567890:-.", { fontSize: 20 });
  let darkest = 255;
  for (let i = 0; i < after.data.length; i += 4) {
    const [x, y] = [(i / 4) % 200, Math.floor(i / 800)];
    darkest = Math.min(darkest, after.data[i] as number);
    const isOutside = x < box.left - 1 || x > box.right || y < box.top - 1 || y > box.bottom;
    if (isOutside) expect(after.data[i]).toBe(255);
    expect(after.data[i + 3]).toBe(255);
  }
  expect(darkest).toBe(10);
});

test("a number that does not fit is refused, as are characters that are no number", () => {
  expect(() => drawText(grey(30), "100", { fontSize: 20 })).toThrow("to fit in 30x30 pixels");
  expect(() => drawText(grey(), "12a")).toThrow('got "a"');
  expect(() => drawText(grey(), "")).toThrow("empty");
  expect(() => drawText(grey(), "1", { fontSize: 0 })).toThrow("above 0");
});

test("coverage agrees with 16x16 samples a pixel of the even-odd rule", () => {
  const [size, samples] = [24, 16];
  for (const character of "0123456789:-.") {
    const edges = Array.from(glyphOf(character).edges, (em, i) => (i % 2 === 0 ? 3.3 + size * em : 22.7 - size * em));
    const coverage = new Coverage(30, 30);
    for (let i = 0; i < edges.length; i += 4)
      coverage.addEdge(...(edges.slice(i, i + 4) as [number, number, number, number]));
    const values = coverage.values();
    const isInside = (x: number, y: number) => {
      let crossings = 0;
      for (let i = 0; i < edges.length; i += 4) {
        const [x0, y0, x1, y1] = edges.slice(i, i + 4) as [number, number, number, number];
        if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) crossings++;
      }
      return crossings % 2 === 1;
    };
    for (const pixel of new Rng(character).sample([...values.keys()], 120)) {
      let inside = 0;
      for (let s = 0; s < samples * samples; s++) {
        const [x, y] = [(s % samples) + 0.5, Math.floor(s / samples) + 0.5].map((part) => part / samples);
        if (isInside((pixel % 30) + (x as number), Math.floor(pixel / 30) + (y as number))) inside++;
      }
      expect(Math.abs((values[pixel] as number) - inside / samples ** 2)).toBeLessThan(0.06);
    }
  }
});

const frameAt = (time: number, index = 0) => ({ image: grey(64), time, index });

test("numbers by time mean the same seconds at 25, 29.97 and 23.976 fps, where counting frames drifts", () => {
  for (const fps of [25, 30000 / 1001, 24000 / 1001, 59.94]) {
    for (const rate of [0.5, 1, 2]) {
      const label = numbersByTime({ rate });
      for (let index = 0; index < 8000; index++) {
        // Rounded to a millisecond as Matroska does.
        const time = Math.round((1000 * index) / fps) / 1000;
        const number = Number(label({ time, index }));
        expect(number / rate).toBeLessThanOrEqual(time + 1e-6);
        expect((number + 1) / rate).toBeGreaterThan(time);
      }
    }
  }
  // What used to happen (B7): steps of int(fps * 2) frames put number 60 of a 29.97 fps video at 118.1 s.
  expect(numbersByTime({ rate: 0.5 })({ time: 118.12, index: 3540 })).toBe("59");
});

test("numbers by place are those of the frames that a model sees, other frames stay bare", () => {
  const frames = [frameAt(0.4, 7), frameAt(2, 9), frameAt(2, 9), frameAt(9, 20)];
  const label = numbersByPlace(frames, { startIndex: 1 });
  expect(frames.map(label)).toEqual(["1", "2", "2", "4"]);
  expect(label({ time: 3, index: 8 })).toBeNull();
  expect(numbersByIndex({ startIndex: 5 })({ time: 0, index: 7 })).toBe("12");
});

test("the clock shows seconds that have begun, and every n-th number leaves the others bare", () => {
  const clock = clockLabels();
  expect([0, 59.9, 60, 3599.99, 3600, -0.04].map((time) => clock({ time, index: 0 }))).toEqual([
    "00:00",
    "00:59",
    "01:00",
    "59:59",
    "1:00:00",
    "00:00",
  ]);
  const fifth = everyNth(numbersByTime(), 5);
  expect([0, 4.9, 5, 10.2].map((time) => fifth({ time, index: 0 }))).toEqual(["0", null, "5", "10"]);
});

test("a visual prompt keeps time and index, and a bare frame is the very same", () => {
  const frame = frameAt(3, 75);
  const numbered = visualPrompt(numbersByTime())(frame);
  expect([numbered.time, numbered.index]).toEqual([3, 75]);
  expect(numbered.image).not.toBe(frame.image);
  expect(visualPrompt(() => null)(frame)).toBe(frame);
});
