/**
 * Script generators for T3's probing tasks (arXiv 2410.06166, probing suite) and for static questions.
 *
 * What may appear is the vocabulary's business (splits.ts). Lengths are whole frames; with the usual 8 fps every boundary
 * is an exact binary fraction of a second.
 */
import type { Rng } from "../core/math/index.ts";
import { coloursOn } from "./palette.ts";
import { place, randomItems, randomScene } from "./random-scene.ts";
import type { Placement, Scene, Script } from "./script.ts";
import type { Background, Item, Vocabulary } from "./vocabulary.ts";

/** Frames that every probing arm samples, by trunc(linspace(0, N - 1, 8)). */
export const sampledFrames = 8;

export type ScriptOptions = Readonly<{ fps?: number; frames?: number; background?: Background }>;

/**
 * One segment an item, in the given order (or `count` random items, distinct in shape and colour), on one background.
 * Segments have unequal lengths, each long enough to hold one of the 8 sampled frames; "middle" means the second of three.
 */
export function orderScript(
  rng: Rng,
  vocabulary: Vocabulary,
  options: ScriptOptions & Readonly<{ items?: readonly Item[]; count?: 2 | 3 }> = {},
): Script {
  const { fps, frames } = clockOf(rng, options);
  const background = options.background ?? backgroundFor(rng, vocabulary, options.items ?? []);
  const items = options.items ?? randomItems(rng, vocabulary, options.count ?? 3, background);
  const lengths = unequalLengths(rng, frames, items.length);
  const scenes = items.map((item, i): Scene => {
    const seconds = (lengths[i] as number) / fps;
    return { items: [place(rng, item)], background, brightness: "normal", ramp: "none", seconds };
  });
  return { kind: "order", seed: rng.uint32(), fps, scenes };
}

type SingleOptions = ScriptOptions & Readonly<{ item?: Item }>;

/** One item that grows from small to large, or shrinks, in the middle of the frame. */
export function growthScript(
  rng: Rng,
  vocabulary: Vocabulary,
  options: SingleOptions & Readonly<{ direction: "grow" | "shrink" }>,
): Script {
  return single(rng, vocabulary, { ...options, kind: "growth", growth: options.direction, ramp: "none" });
}

/** One item that brightens from dim to bright, or darkens, while its background keeps its light. */
export function brightnessScript(
  rng: Rng,
  vocabulary: Vocabulary,
  options: SingleOptions & Readonly<{ direction: "brighten" | "darken" }>,
): Script {
  return single(rng, vocabulary, { ...options, kind: "brightness", growth: "none", ramp: options.direction });
}

/** One or several scenes of random items in which nothing but place changes: for static questions and captions. */
export function staticScript(
  rng: Rng,
  vocabulary: Vocabulary,
  options: ScriptOptions & Readonly<{ scenes?: number; pairProbability?: number; still?: boolean }> = {},
): Script {
  const { fps, frames } = clockOf(rng, options);
  const count = options.scenes ?? 1;
  const lengths = count === 1 ? [frames] : unequalLengths(rng, frames, count);
  const scenes = lengths.map((length) => randomScene(rng, vocabulary, { ...options, seconds: length / fps }));
  return { kind: "static", seed: rng.uint32(), fps, scenes };
}

type Single = SingleOptions &
  Readonly<{ kind: "growth" | "brightness"; growth: Placement["growth"]; ramp: Scene["ramp"] }>;

function single(rng: Rng, vocabulary: Vocabulary, options: Single): Script {
  const { fps, frames } = clockOf(rng, options);
  const background = options.background ?? backgroundFor(rng, vocabulary, options.item ? [options.item] : []);
  const item = options.item ?? (randomItems(rng, vocabulary, 1, background)[0] as Item);
  const placed = place(rng, item, {
    position: "in the middle",
    motion: rng.pick(["still", "drifting"]),
    growth: options.growth,
    ...(options.kind === "brightness" ? { size: rng.pick(["medium", "large"]) } : {}),
  });
  const scene: Scene = {
    items: [placed],
    background,
    brightness: "normal",
    ramp: options.ramp,
    seconds: frames / fps,
  };
  return { kind: options.kind, seed: rng.uint32(), fps, scenes: [scene] };
}

/** Length in frames and fps: 3 to 6 seconds at 8 fps unless told otherwise. */
function clockOf(rng: Rng, { fps = 8, frames }: ScriptOptions): { fps: number; frames: number } {
  const drawn = rng.integer(3 * fps, 6 * fps);
  return { fps, frames: frames ?? drawn };
}

function backgroundFor(rng: Rng, vocabulary: Vocabulary, items: readonly Item[]): Background {
  const fitting = vocabulary.backgrounds.filter((background) => {
    const colours = coloursOn(background);
    return items.every((item) => colours.includes(item.colour));
  });
  if (fitting.length === 0) {
    const wanted = items.map((item) => item.colour).join(", ");
    throw new RangeError(
      `Expected a background of the vocabulary that contrasts with ${wanted}, got none in ` +
        `${vocabulary.backgrounds.join(", ")}. Draw items of other colours.`,
    );
  }
  return rng.pick(fitting);
}

/**
 * Split N frames into k segments, no two of equal length, each at least ceil((N - 1) / 7) frames: sampled frames lie at
 * most that far apart, so that every segment holds one.
 */
export function unequalLengths(rng: Rng, frames: number, k: number): number[] {
  const least = Math.max(1, Math.ceil((frames - 1) / (sampledFrames - 1)));
  const spare = frames - k * least;
  if (spare < (k * (k - 1)) / 2) {
    throw new RangeError(
      `Expected room for ${k} segments of distinct lengths, each at least ${least} of ${frames} frames. ` +
        `Ask for more frames or fewer segments.`,
    );
  }
  for (;;) {
    const cuts = [0, ...Array.from({ length: k - 1 }, () => rng.integer(0, spare)).sort((a, b) => a - b), spare];
    const lengths = cuts.slice(1).map((cut, i) => least + cut - (cuts[i] as number));
    if (new Set(lengths).size === k) return lengths;
  }
}
