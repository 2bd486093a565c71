import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { openVideo } from "../media/video/index.ts";
import { orderScript } from "./generate.ts";
import { renderFrame } from "./render.ts";
import { wholeVocabulary } from "./splits.ts";
import { writeWorldVideo } from "./world-video.ts";

describe("world videos", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "world-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("the decoder sees every rendered frame at its second, and the truth lies beside the file", async () => {
    const script = orderScript(new Rng(1), wholeVocabulary);
    const size = { width: 64, height: 64 };
    const { path, truthPath, truth } = await writeWorldVideo(join(folder, "a.mp4"), script, size);
    expect(JSON.parse(await readFile(truthPath, "utf8"))).toEqual(truth);

    const video = await openVideo(path);
    let count = 0;
    for await (const { image, time } of video.frames()) {
      expect(time).toBeCloseTo(count / script.fps, 3);
      const rendered = renderFrame(script, count / script.fps, size);
      let error = 0;
      for (let i = 0; i < image.data.length; i++)
        error += Math.abs((image.data[i] as number) - (rendered.data[i] as number));
      // Mean absolute error of lossy coding; a frame of another segment differs by far more.
      expect(error / image.data.length).toBeLessThan(8);
      count++;
    }
    expect(count).toBe(truth.captions.length);
    await video.close();
  });

  test("a path that is not .mp4 is refused before anything is written", async () => {
    await expect(
      writeWorldVideo(join(folder, "b.mov"), orderScript(new Rng(1), wholeVocabulary), { width: 64, height: 64 }),
    ).rejects.toThrow(/ends with \.mp4/);
  });
});
