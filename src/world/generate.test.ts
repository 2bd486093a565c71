import { describe, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { brightnessScript, growthScript, orderScript, staticScript } from "./generate.ts";
import { contrasts } from "./palette.ts";
import { durationOf, frameCountOf, type Script, sceneAt } from "./script.ts";
import { testVocabulary, trainVocabulary, wholeVocabulary } from "./splits.ts";
import { factsAt } from "./state.ts";
import { itemsOf, nameOf } from "./vocabulary.ts";

/** T3's sampler, spec'd as numpy's linspace(0, N - 1, 8, dtype=int). */
const sampled = (frames: number) => Array.from({ length: 8 }, (_, i) => Math.trunc((i * (frames - 1)) / 7));

const kinds: Readonly<Record<string, (rng: Rng) => Script>> = {
  "order of two": (rng) => orderScript(rng, trainVocabulary, { count: 2 }),
  "order of three": (rng) => orderScript(rng, testVocabulary, { count: 3 }),
  grow: (rng) => growthScript(rng, testVocabulary, { direction: "grow" }),
  darken: (rng) => brightnessScript(rng, trainVocabulary, { direction: "darken" }),
  "static scenes": (rng) => staticScript(rng, wholeVocabulary, { scenes: 3 }),
};

describe("script generators", () => {
  test("eight linspace frames hit every segment of 1,000 order scripts, whose segments all differ in length", () => {
    for (let seed = 0; seed < 1000; seed++) {
      const rng = new Rng(seed);
      const script = orderScript(rng, wholeVocabulary, { count: rng.pick([2, 3]) });
      const seen = sampled(frameCountOf(script)).map((frame) => sceneAt(script, frame / script.fps).index);
      expect(new Set(seen).size).toBe(script.scenes.length);
      expect(new Set(script.scenes.map((scene) => scene.seconds)).size).toBe(script.scenes.length);
    }
  });

  test.each(Object.keys(kinds))("%s: same seed, same script; another seed, another script", (kind) => {
    const make = kinds[kind] as (rng: Rng) => Script;
    expect(make(new Rng(3))).toEqual(make(new Rng(3)));
    expect(make(new Rng(3))).not.toEqual(make(new Rng(4)));
  });

  test.each(Object.keys(kinds))("%s: scripts survive JSON and last a whole number of frames", (kind) => {
    for (let seed = 0; seed < 50; seed++) {
      const script = kinds[kind]?.(new Rng(seed)) as Script;
      expect(JSON.parse(JSON.stringify(script))).toEqual(script);
      expect(durationOf(script) * script.fps).toBe(frameCountOf(script));
    }
  });

  test("every item contrasts with its background, and a script's ordered items differ in shape and colour", () => {
    for (let seed = 0; seed < 300; seed++) {
      for (const make of Object.values(kinds)) {
        const script = make(new Rng(seed));
        for (const scene of script.scenes) {
          for (const item of scene.items) expect(contrasts(item.colour, scene.background)).toBe(true);
        }
        if (script.kind !== "order") continue;
        const items = script.scenes.flatMap((scene) => scene.items);
        expect(new Set(items.map((item) => item.shape)).size).toBe(items.length);
        expect(new Set(items.map((item) => item.colour)).size).toBe(items.length);
      }
    }
  });

  test("given items appear in the given order on one fitting background", () => {
    const items = [
      { colour: "white", shape: "ring", texture: "plain" },
      { colour: "blue", shape: "bar", texture: "dotted" },
    ] as const;
    for (let seed = 0; seed < 50; seed++) {
      const script = orderScript(new Rng(seed), wholeVocabulary, { items });
      expect(script.scenes.map((scene) => scene.items.map(nameOf))).toEqual([["white ring"], ["dotted blue bar"]]);
      expect(new Set(script.scenes.map((scene) => scene.background)).size).toBe(1);
    }
  });

  test("a growing item passes all sizes, a darkening one all states of brightness, each in order", () => {
    const grow = growthScript(new Rng(1), testVocabulary, { direction: "grow" });
    const dark = brightnessScript(new Rng(1), testVocabulary, { direction: "darken" });
    const along = (script: Script) => sampled(frameCountOf(script)).map((frame) => factsAt(script, frame / script.fps));
    const distinct = (words: readonly (string | undefined)[]) => words.filter((word, i) => word !== words[i - 1]);
    expect(distinct(along(grow).map((facts) => facts.items[0]?.size))).toEqual(["small", "medium", "large"]);
    expect(distinct(along(dark).map((facts) => facts.brightness))).toEqual(["bright", "normal", "dim"]);
  });

  test("too few frames for distinct segments is an error that says so", () => {
    expect(() => orderScript(new Rng(1), wholeVocabulary, { count: 3, frames: 4 })).toThrow(/Ask for more frames/);
  });
});

describe("splits", () => {
  test("train and test share neither background nor item, and together they are the whole", () => {
    const names = (vocabulary: typeof wholeVocabulary) => itemsOf(vocabulary).map(nameOf);
    const [train, held] = [new Set(names(trainVocabulary)), names(testVocabulary)];
    expect(held.filter((name) => train.has(name))).toEqual([]);
    expect(testVocabulary.backgrounds.filter((b) => trainVocabulary.backgrounds.includes(b))).toEqual([]);
    expect([...train, ...held].sort()).toEqual(names(wholeVocabulary).sort());
    expect(trainVocabulary.backgrounds.length + testVocabulary.backgrounds.length).toBe(
      wholeVocabulary.backgrounds.length,
    );
  });
});
