import { describe, expect, test } from "vitest";
import { gainOf } from "./levels.ts";
import { coloursOn, contrasts, distance, litRgb } from "./palette.ts";
import { backgrounds, colours } from "./vocabulary.ts";

describe("palette", () => {
  test("two colours stay apart whatever the brightness of either", () => {
    // 27 = what noise (3), casts (6 a channel) and lighting (4 % and 5 % of a dim channel) can move together.
    const levels = [0.5, 1.5, 2.5];
    for (const [i, first] of colours.entries()) {
      for (const second of colours.slice(i + 1)) {
        for (const a of levels) {
          for (const b of levels) {
            expect(distance(litRgb(first, gainOf(a)), litRgb(second, gainOf(b))), `${first} ${second}`).toBeGreaterThan(
              27,
            );
          }
        }
      }
    }
  });

  test("no colour lies on its own shade of background", () => {
    expect(contrasts("white", "white")).toBe(false);
    expect(contrasts("blue", "navy")).toBe(false);
    expect(contrasts("yellow", "olive")).toBe(false);
    expect(contrasts("orange", "brown")).toBe(false);
  });

  test.each(backgrounds)("%s leaves a choice of at least five object colours", (background) => {
    expect(coloursOn(background).length).toBeGreaterThanOrEqual(5);
  });
});
