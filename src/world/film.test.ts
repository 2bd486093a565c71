/** Oracles: an observer that measures painted pixels and knows nothing of acts; frames compared byte by byte. */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import type { RgbaImage } from "../media/image/index.ts";
import { openVideo } from "../media/video/index.ts";
import { clockOfFilm, type Film, renderFilm, renderFilmFrame, writeFilm } from "./film.ts";
import { brightnessScript, growthScript, orderScript, staticScript } from "./generate.ts";
import { backgroundRgb } from "./palette.ts";
import { renderScript } from "./render.ts";
import { type Act, type Actor, type Camera, headings, type Shot, stepOf, travelTrack } from "./shot.ts";
import { wholeVocabulary } from "./splits.ts";

const size = { width: 64, height: 64 };

function shot(acts: readonly Act[], more: Partial<Actor> = {}, camera: Camera = { move: "still" }): Shot {
  const actor: Actor = {
    ...({ colour: "white", shape: "heart", texture: "plain", size: "small", brightness: "bright" } as const),
    ...{ home: [0.5, 0.5], tilt: 0, acts },
    ...more,
  };
  return { seed: 3, fps: 8, frames: 32, background: "black", camera, actors: [actor] };
}

const filmOf = (...args: Parameters<typeof shot>): Film => ({ cut: "shot", shot: shot(...args) });

/** Area, centre (fractions of the frame) and mean light of what is not background. */
function measure(image: RgbaImage) {
  let [area, x, y, light] = [0, 0, 0, 0];
  for (let i = 0; i < image.data.length; i += 4) {
    const value = image.data[i] as number;
    if (value < 60) continue;
    area++;
    x += ((i / 4) % image.width) + 0.5;
    y += Math.floor(i / 4 / image.width) + 0.5;
    light += value;
  }
  return { area, x: x / area / image.width, y: y / area / image.height, light: light / area };
}

const watch = (film: Film) => [...renderFilm(film, size)].map(measure);
const bytes = (film: Film) =>
  [...renderFilm(film, size)].map(({ data }) => Buffer.from(data.buffer).toString("base64"));

test.each(headings)(
  "a traveller to the %s moves there, as fast as it should, and turns at the end of its track",
  (heading) => {
    const [stepX, stepY] = stepOf(heading);
    const speed = (travelTrack * 8) / 16;
    const seen = watch(filmOf([{ act: "travel", heading, start: 0, speed, pace: "steady" }]));
    const along = seen.map(({ x, y }) => stepX * x + stepY * y);
    const steps = along.slice(1).map((at, i) => at - (along[i] as number));
    // At 8 frames a second the track ends after 16 of them. Half a pixel is 1 / 128.
    steps.slice(0, 15).forEach((step) => {
      expect(Math.abs(step - speed / 8)).toBeLessThan(1 / 128);
    });
    steps.slice(17).forEach((step) => {
      expect(Math.abs(step + speed / 8)).toBeLessThan(1 / 128);
    });
  },
);

test("speeding up covers the same way, first slowly, then fast", () => {
  const travel = { act: "travel", heading: "right", start: 0, speed: travelTrack / 4 } as const;
  const [steady, faster] = (["steady", "speeding up"] as const).map((pace) => watch(filmOf([{ ...travel, pace }])));
  const way = (seen: ReturnType<typeof watch>, from: number, to: number) =>
    (seen[to]?.x as number) - (seen[from]?.x as number);
  if (!steady || !faster) throw new Error("Expected two films.");
  expect(way(faster, 0, 15) / way(faster, 16, 31)).toBeLessThan(0.5);
  expect(way(steady, 0, 15) / way(steady, 16, 31)).toBeCloseTo(1, 1);
});

test("bouncing moves up and down only, shaking sideways only, standing still not at all", () => {
  const spread = (acts: readonly Act[], axis: "x" | "y") => {
    const values = watch(filmOf(acts)).map((seen) => seen[axis]);
    return Math.max(...values) - Math.min(...values);
  };
  const bounce: Act[] = [{ act: "bounce", times: 2, phase: 0.3 }];
  const shake: Act[] = [{ act: "shake", times: 2, phase: 0.3 }];
  const still: Act[] = [
    { act: "bounce", times: 0, phase: 0.3 },
    { act: "shake", times: 0, phase: 0.8 },
  ];
  expect([spread(bounce, "x") < 0.01, spread(bounce, "y") > 0.12]).toEqual([true, true]);
  expect([spread(shake, "y") < 0.01, spread(shake, "x") > 0.18]).toEqual([true, true]);
  expect(Math.max(spread(still, "x"), spread(still, "y"))).toBeLessThan(0.01);
});

test("a bar spinning clockwise from upright leans to the right first, counterclockwise to the left", () => {
  const leaning = (turns: number) => {
    const film = filmOf([{ act: "spin", turns }], { shape: "bar", tilt: 90, size: "medium" });
    const { data, width, height } = renderFilmFrame(film, 5, size);
    // Covariance of column and row: positive (y down) where the upper end is to the left.
    let covariance = 0;
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        if ((data[4 * (row * width + column)] as number) >= 60) covariance += (column - 31.5) * (row - 31.5);
    return covariance;
  };
  expect(leaning(0.5)).toBeLessThan(0);
  expect(leaning(-0.5)).toBeGreaterThan(0);
});

test("growing covers more, brightening shines more, appearing and becoming happen at their frame", () => {
  const grow = watch(filmOf([{ act: "grow" }]));
  const brighten = watch(filmOf([{ act: "brighten" }]));
  expect((grow.at(-1)?.area as number) / (grow[0]?.area as number)).toBeGreaterThan(3);
  expect((brighten.at(-1)?.light as number) / (brighten[0]?.light as number)).toBeGreaterThan(2);
  expect(watch(filmOf([{ act: "appear", at: 0.5 }])).map(({ area }) => area > 0)).toEqual(
    Array.from({ length: 32 }, (_, frame) => frame >= 16),
  );
  const became = watch(filmOf([{ act: "become", at: 0.25, item: { shape: "bar" } }])).map(({ area }) => area);
  const changes = became.slice(1).map((area, i) => Math.abs(area - (became[i] as number)));
  expect(changes.indexOf(Math.max(...changes))).toBe(7);
  expect(changes.filter((change) => change > 5)).toHaveLength(1);
});

test.each(headings)("what a camera that pans %s sees moves the other way; a zoom in magnifies", (heading) => {
  const [stepX, stepY] = stepOf(heading);
  const seen = watch(filmOf([], {}, { move: "pan", heading, reach: 0.2 }));
  const moved = ["x", "y"].map((axis) => (seen[31]?.[axis as "x"] as number) - (seen[0]?.[axis as "x"] as number));
  expect(moved[0]).toBeCloseTo(-0.4 * stepX * (31 / 32), 1);
  expect(moved[1]).toBeCloseTo(-0.4 * stepY * (31 / 32), 1);
  const areas = watch(filmOf([], {}, { move: "zoom", way: "in", factor: 1.5 })).map(({ area }) => area);
  expect(areas).toEqual([...areas].sort((a, b) => a - b));
  expect((areas[31] as number) / (areas[0] as number)).toBeCloseTo(1.5 ** 4, 0);
});

const growing = filmOf([{ act: "grow" }]);
const falling = filmOf([{ act: "travel", heading: "down", start: 0, speed: travelTrack / 4, pace: "steady" }], {
  colour: "red",
});

test("editing moves frames and changes none", () => {
  const frames = bytes(growing);
  expect(bytes({ cut: "reversed", film: growing })).toEqual([...frames].reverse());
  expect(bytes({ cut: "reversed", film: { cut: "reversed", film: growing } })).toEqual(frames);
  expect(bytes({ cut: "sped", film: growing, factor: 3 })).toEqual(frames.filter((_, i) => i % 3 === 0));
  expect(bytes({ cut: "trimmed", film: growing, frames: 5 })).toEqual(frames.slice(0, 5));
  expect(bytes({ cut: "joined", films: [growing, falling] })).toEqual([...frames, ...bytes(falling)]);
});

test("stacked films fill their halves, above and below, as long as the shorter one", () => {
  const film: Film = { cut: "stacked", above: growing, below: { cut: "sped", film: falling, factor: 2 } };
  expect(clockOfFilm(film)).toEqual({ frames: 16, fps: 8 });
  const half = { width: 64, height: 32 };
  const whole = renderFilmFrame(film, 4, size).data;
  expect(whole.slice(0, whole.length / 2)).toEqual(renderFilmFrame(growing, 4, half).data);
  expect(whole.slice(whole.length / 2)).toEqual(renderFilmFrame(falling, 8, half).data);
});

test("parts of different frame rates and films without frames are refused", () => {
  const slow: Film = { cut: "shot", shot: { ...shot([]), fps: 4 } };
  expect(() => clockOfFilm({ cut: "joined", films: [growing, slow] })).toThrow(/one frame rate, got 8, 4/);
  expect(() => clockOfFilm({ cut: "trimmed", film: growing, frames: 0 })).toThrow(/at least one whole frame/);
});

test("a film is an mp4 whose decoded frames are the rendered ones", async () => {
  const folder = await mkdtemp(join(tmpdir(), "film-"));
  try {
    const film: Film = { cut: "reversed", film: falling };
    await writeFilm(join(folder, "a.mp4"), film, size);
    await using video = await openVideo(join(folder, "a.mp4"));
    let count = 0;
    for await (const { image } of video.frames()) {
      const [decoded, drawn] = [measure(image), measure(renderFilmFrame(film, count++, size))];
      expect(Math.hypot(decoded.x - drawn.x, decoded.y - drawn.y)).toBeLessThan(1 / 64);
    }
    expect(count).toBe(32);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the pixels of scripts are those that zoetrope-micro was trained on", () => {
  // Recorded before shots shared the scripts' paint.
  const trained = "bcc1b8955aff53410040352e5a88cfd0187e084e12ab2927a36a6354f9c7b907";
  const hash = createHash("sha256");
  for (let seed = 0; seed < 12; seed++) {
    const rng = new Rng(`pixels/${seed}`);
    for (const script of [
      orderScript(rng, wholeVocabulary),
      growthScript(rng, wholeVocabulary, { direction: rng.pick(["grow", "shrink"]) }),
      brightnessScript(rng, wholeVocabulary, { direction: rng.pick(["brighten", "darken"]) }),
      staticScript(rng, wholeVocabulary, { scenes: 2, pairProbability: 0.5 }),
    ])
      for (const { data } of renderScript(script, { width: 32, height: 32 })) hash.update(data);
  }
  expect(hash.digest("hex")).toBe(trained);
  expect(backgroundRgb.black).toEqual([12, 12, 12]);
});
