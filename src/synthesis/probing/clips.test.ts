/** Oracles: pictures of one colour each, so that the colour of a frame says which clip it is from and how it was lit. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { encodePng, rgbaImage } from "../../media/image/index.ts";
import { writeMp4 } from "../../media/video/index.ts";
import { probingAspects } from "./aspects.ts";
import { clipSource } from "./clip-scenes.ts";
import { type PlannedVideo, planProbing } from "./plan.ts";
import type { ProbingScene } from "./source.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zoetrope-clips-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function filled(level: number, width = 40, height = 24) {
  const data = new Uint8ClampedArray(4 * width * height).fill(level).map((v, i) => (i % 4 === 3 ? 255 : v));
  return rgbaImage(width, height, data);
}

async function still(path: string, level: number) {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), await encodePng(filled(level)));
}

/** Cats at 40, people at 120, a flower that goes from 160 to 232 in a video (train) and in a folder of pictures (val). */
async function threeItems() {
  for (const [item, level] of [
    ["cat", 40],
    ["person", 120],
  ] as const) {
    await still(`${item}/one.png`, level);
    await still(`${item}/two.png`, level);
  }
  mkdirSync(join(folder, "flower/train"), { recursive: true });
  await writeMp4(
    join(folder, "flower/train/open.mp4"),
    Array.from({ length: 24 }, (_, i) => filled(160 + 3 * i)),
    { fps: 12 },
  );
  for (let i = 0; i < 10; i++) await still(`flower/val/open/${i}.png`, 160 + 8 * i);
}

const levels = async (scene: ProbingScene) => {
  const found: number[] = [];
  for await (const image of scene.frames()) {
    expect([image.width, image.height]).toEqual([16, 16]);
    found.push(image.data[4 * (8 * 16 + 8)] as number);
  }
  return found;
};

async function scenes(wanted: (video: PlannedVideo) => boolean) {
  const source = await clipSource(folder, { size: 16 });
  const plan = planProbing(probingAspects(source.vocabulary), source.vocabulary, { two: 1, three: 1, six: 1 });
  const video = plan.find(wanted) as PlannedVideo;
  return { source, video, scene: await source.scene(video, new Rng("clips")) };
}

test("folders named cat, person and flower are T3's items, whatever their order", async () => {
  await threeItems();
  const { vocabulary } = await clipSource(folder);
  expect(vocabulary.items.map(({ folder: name }) => name)).toEqual(["cats", "people", "bloom"]);
  expect(vocabulary).toMatchObject({ change: "bloom", ramp: { train: { name: "person" }, val: { name: "cat" } } });
});

test("clips are joined in segments of unequal length, captioned by what they show", async () => {
  await threeItems();
  const { scene } = await scenes(
    ({ shown, split }) => shown.kind === "sequence" && shown.order.join() === "1,0" && split === "val",
  );
  const found = await levels(scene);
  const people = found.filter((level) => Math.abs(level - 120) < 3).length;
  const cats = found.filter((level) => Math.abs(level - 40) < 3).length;
  expect(people + cats).toBe(found.length);
  expect(people).not.toBe(cats);
  expect(found.slice(0, people).every((level) => level > 80)).toBe(true);
  expect(new Set(scene.captions)).toEqual(new Set(["This frame shows a person.", "This frame shows a cat."]));
});

test.each(["train", "val"])("the third item is played forward and in reverse (%s)", async (split) => {
  await threeItems();
  for (const reversed of [false, true]) {
    const { scene } = await scenes(
      (video) => video.split === split && video.shown.kind === "change" && video.shown.reversed === reversed,
    );
    const found = await levels(scene);
    const [first, last] = [found[0] as number, found.at(-1) as number];
    expect(reversed ? first - last : last - first).toBeGreaterThan(50);
    // Nobody can know from the name of a flower whether it opens.
    expect(scene.captions).toBeNull();
  }
});

test("captions beside a clip are read in order of time, and backwards where the clip is", async () => {
  await threeItems();
  writeFileSync(join(folder, "flower/val/open.txt"), "A bud.\nA bloom.\n");
  const { scene } = await scenes(({ split, shown }) => split === "val" && shown.kind === "change" && shown.reversed);
  expect([scene.captions?.[0], scene.captions?.at(-1)]).toEqual(["A bloom.", "A bud."]);
});

test("brightness is a monotone ramp of gain over another thing than in training", async () => {
  await threeItems();
  const { scene } = await scenes(({ split, shown }) => split === "val" && shown.kind === "ramp" && !shown.rises);
  const found = await levels(scene);
  for (const [i, level] of found.slice(1).entries()) expect(level).toBeLessThanOrEqual(found[i] as number);
  expect(found[0]).toBeGreaterThan(33);
  expect(found.at(-1)).toBeLessThan(15);
  expect(scene.captions?.[0]).toBe("This frame shows a cat in bright light.");
  expect(scene.captions?.at(-1)).toBe("This frame shows a cat in dim light.");
});

test("folders that cannot make a set are refused in one sentence", async () => {
  await expect(clipSource(join(folder, "none"))).rejects.toThrow(/Expected a folder of clips, got/);
  await expect(clipSource(folder)).rejects.toThrow(/Expected sub-folders for three items .* got none/);
  await threeItems();
  await expect(clipSource(folder, { items: ["cat", "dog", "flower"] })).rejects.toThrow('Expected a sub-folder "dog"');
  rmSync(join(folder, "person/two.png"));
  await expect(clipSource(folder)).rejects.toThrow(
    /for training and another one for validation in .*person, got 1 and 0/,
  );
  writeFileSync(join(folder, "person/two.mp4"), "not a video");
  await expect(clipSource(folder)).rejects.toThrow(/two\.mp4/);
});
