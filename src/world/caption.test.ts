import { describe, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { captionAt, captionOf } from "./caption.ts";
import { brightnessScript, growthScript, orderScript, staticScript } from "./generate.ts";
import { durationOf } from "./script.ts";
import { wholeVocabulary } from "./splits.ts";
import { type Facts, factsAt } from "./state.ts";
import { backgrounds, colours, positions, shapes } from "./vocabulary.ts";

const phrase = `an? (small|medium|large) (?:(dim|bright) )?(?:(striped|dotted) )?(${colours.join("|")}) (${shapes.join("|")})`;
const place = `(${positions.join("|")})`;

/** Read a caption with positions back into facts: the captioner's inverse, written from the template alone. */
function read(caption: string): unknown {
  const items = [...caption.matchAll(new RegExp(`${phrase}(?: ${place})?`, "gi"))];
  const background = new RegExp(`on an? (${backgrounds.join("|")}) background(?:, ${place})?\\.$`).exec(caption);
  return {
    items: items.map(([, size, , texture = "plain", colour, shape, position = background?.[2]]) => {
      return { colour, shape, texture, size, position };
    }),
    background: background?.[1],
    brightness: items[0]?.[2] ?? "normal",
  };
}

const withoutMotion = (facts: Facts) => ({ ...facts, items: facts.items.map(({ motion: _, ...rest }) => rest) });

describe("captions", () => {
  test("a caption reads back to exactly the facts of its second", () => {
    for (let seed = 0; seed < 300; seed++) {
      const rng = new Rng(seed);
      for (const script of [
        staticScript(rng, wholeVocabulary, { scenes: 2, pairProbability: 0.5 }),
        orderScript(rng, wholeVocabulary),
        growthScript(rng, wholeVocabulary, { direction: rng.pick(["grow", "shrink"]) }),
        brightnessScript(rng, wholeVocabulary, { direction: rng.pick(["brighten", "darken"]) }),
      ]) {
        const seconds = rng.uniform(0, durationOf(script) - 0.01);
        expect(read(captionAt(script, seconds, { position: true }))).toEqual(withoutMotion(factsAt(script, seconds)));
      }
    }
  });

  test("the template, by hand", () => {
    const star = {
      colour: "blue",
      shape: "star",
      texture: "striped",
      size: "large",
      position: "on the left",
      motion: "still",
    } as const;
    const facts: Facts = { items: [star], background: "gray", brightness: "dim" };
    expect(captionOf(facts)).toBe("A large dim striped blue star on a gray background.");
    expect(captionOf(facts, { position: true })).toBe(
      "A large dim striped blue star on a gray background, on the left.",
    );
    const bare = { size: false, brightness: false, texture: false };
    expect(captionOf(facts, { ...bare, background: false })).toBe("A blue star.");
    const orange: Facts = {
      ...facts,
      items: [{ ...star, colour: "orange" }],
      background: "olive",
      brightness: "normal",
    };
    expect(captionOf(orange, bare)).toBe("An orange star on an olive background.");
    const pair: Facts = { ...facts, items: [star, { ...star, shape: "bar", position: "on the right" }] };
    expect(captionOf(pair, { ...bare, position: true })).toBe(
      "A blue star on the left and a blue bar on the right on a gray background.",
    );
  });
});
