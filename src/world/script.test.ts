import { describe, expect, test } from "vitest";
import { momentsOf, type Scene, type Script, sceneAt } from "./script.ts";

function scene(seconds: number, change: Partial<Scene> = {}): Scene {
  const items: Scene["items"] = [
    {
      colour: "red",
      shape: "circle",
      texture: "plain",
      size: "small",
      position: "in the middle",
      motion: "still",
      growth: "none",
    },
  ];
  return { items, background: "black", brightness: "normal", ramp: "none", seconds, ...change };
}

const script = (...scenes: Scene[]): Script => ({ kind: "static", seed: 1, fps: 8, scenes });

describe("scenes in time", () => {
  test("a boundary second belongs to the later scene, also when a container has rounded it down", () => {
    const two = script(scene(1.5), scene(1));
    expect(sceneAt(two, 1.499).index).toBe(0);
    expect(sceneAt(two, 1.5)).toMatchObject({ index: 1, progress: 0 });
    expect(sceneAt(two, 1.4999999)).toMatchObject({ index: 1, progress: 0 });
  });

  test("seconds outside the script are refused with its range", () => {
    expect(() => sceneAt(script(scene(2)), 2)).toThrow("Expected a second in [0, 2) of the script, got 2.");
    expect(() => sceneAt(script(scene(2)), -1)).toThrow(RangeError);
  });
});

describe("moments", () => {
  test("an item that stays over adjacent scenes is one moment; a change is a moment of its own scene", () => {
    const moments = momentsOf(script(scene(1), scene(2, { ramp: "brighten" }), scene(0.5)));
    expect(moments).toEqual([
      { start: 0, end: 3.5, label: "red circle" },
      { start: 1, end: 3, label: "red circle brightens" },
    ]);
  });

  test("an item that comes back has two moments", () => {
    const [first] = scene(1).items;
    const other = scene(1, { items: [{ ...(first as Scene["items"][number]), shape: "bar" }] });
    expect(momentsOf(script(scene(1), other, scene(1)))).toEqual([
      { start: 0, end: 1, label: "red circle" },
      { start: 1, end: 2, label: "red bar" },
      { start: 2, end: 3, label: "red circle" },
    ]);
  });
});
