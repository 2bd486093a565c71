/** Oracles: spans by hand; a world script whose own words are read back must give its own moments. */
import { expect, test } from "vitest";
import { Rng } from "zoetrope/core/math";
import { captionAt, momentsOf, orderScript, trainVocabulary } from "zoetrope/world";
import { fitOf, momentsOfFrames, readFrameQuery } from "./frame-words.ts";

const frames = (said: readonly string[]) => said.map((keywords, i) => ({ time: i, keywords }));

test("a query asks for the words that keywords can hold, and for a change", () => {
  expect(readFrameQuery("where is the red circle growing?")).toMatchObject({
    words: ["red", "circle"],
    change: { direction: 1 },
  });
  expect(readFrameQuery("the small star becomes dim").words).toEqual(["small", "star"]);
  expect(readFrameQuery("a striped blue bar").words).toEqual(["blue", "bar"]);
  expect(readFrameQuery("the dog jumps")).toEqual({ words: [], change: null });
});

test("a run of fitting frames lies half way to its neighbours, at the ends of the video where there are none", () => {
  const query = readFrameQuery("red circle");
  const said = frames(["blue bar", "small red circle", "red circle", "blue bar", "large red circle"]);
  expect(momentsOfFrames(query, said, 5)).toEqual([
    { start: 0.5, end: 2.5 },
    { start: 3.5, end: 5 },
  ]);
  expect(said.map(({ keywords }) => fitOf(query, keywords))).toEqual([0, 1, 1, 0, 1]);
});

test("a change leaves out runs that do not go its way", () => {
  const said = frames(["small red circle", "large red circle", "blue bar", "large red circle", "small red circle"]);
  expect(momentsOfFrames(readFrameQuery("the red circle grows"), said, 5)).toEqual([{ start: 0, end: 1.5 }]);
  expect(momentsOfFrames(readFrameQuery("the red circle shrinks"), said, 5)).toEqual([{ start: 2.5, end: 5 }]);
  expect(momentsOfFrames(readFrameQuery("the red circle brightens"), said, 5)).toEqual([]);
});

test("a query of nothing that can be told finds nothing, rather than everything", () => {
  expect(momentsOfFrames(readFrameQuery("the dog jumps"), frames(["red circle"]), 1)).toEqual([]);
});

test("perfect words about a world film give its true moments to within half a frame's distance", () => {
  const rng = new Rng("frame words");
  for (let round = 0; round < 30; round++) {
    const script = orderScript(rng, { ...trainVocabulary, textures: ["plain"] }, { count: 3, frames: 64 });
    const duration = 64 / script.fps;
    const read = Array.from({ length: 4 * duration }, (_, i) => ({ time: i / 4, keywords: captionAt(script, i / 4) }));
    for (const { label, start, end } of momentsOf(script).filter((moment) => moment.label.split(" ").length === 2)) {
      const found = momentsOfFrames(readFrameQuery(label), read, duration);
      expect(found, label).toHaveLength(1);
      expect(Math.abs((found[0]?.start ?? -9) - start)).toBeLessThanOrEqual(0.125 + 1e-9);
      expect(Math.abs((found[0]?.end ?? -9) - end)).toBeLessThanOrEqual(0.125 + 1e-9);
    }
  }
});
