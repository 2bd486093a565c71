/** Oracles: the decoder and a second writing into the same folder. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openVideo } from "../../media/video/index.ts";
import { clockOfFilm } from "../../world/index.ts";
import { worldCompass } from "./world-compass.ts";
import { compassSize, writeWorldCompass } from "./write-world-compass.ts";

const root = mkdtempSync(join(tmpdir(), "compass-"));
afterAll(() => rmSync(root, { recursive: true }));
const made = worldCompass({ seed: 1, videos: 8 });
const read = (...path: string[]) => JSON.parse(readFileSync(join(root, ...path), "utf8"));

test("a folder holds the questions, the meta entries and a video of every film", async () => {
  const seen: [number, boolean][] = [];
  await writeWorldCompass(join(root, "a"), made, { onVideo: (...told) => seen.push(told) });
  expect(seen).toEqual(made.videos.map((_, i) => [i + 1, false]));
  expect(read("a", "meta_info.json")).toEqual(made.meta);
  expect(read("a", "films.json")).toEqual(Object.fromEntries(made.videos.map(({ id, film }) => [id, film])));
  for (const [format, file] of Object.entries(made.questions))
    expect(read("a", "questions", `${format}.json`)).toEqual(file);
  expect(readdirSync(join(root, "a", "videos")).sort()).toEqual(made.videos.map(({ id }) => `${id}.mp4`).sort());
  for (const { id, film } of made.videos.slice(0, 3)) {
    await using video = await openVideo(join(root, "a", "videos", `${id}.mp4`));
    expect(video.timeline().timestamps.length).toBe(clockOfFilm(film).frames);
    for await (const { image } of video.frames()) {
      expect([image.width, image.height]).toEqual([compassSize.width, compassSize.height]);
    }
  }
});

test("a broken-off writing leaves no questions; the next one goes on and keeps the videos that are there", async () => {
  const folder = join(root, "b");
  const controller = new AbortController();
  const stopAt3 = (done: number) => {
    if (done === 3) controller.abort(new Error("stopped"));
  };
  await expect(writeWorldCompass(folder, made, { signal: controller.signal, onVideo: stopAt3 })).rejects.toThrow(
    "stopped",
  );
  expect(readdirSync(folder).sort()).toEqual(["films.json", "videos"]);
  const before = statSync(join(folder, "videos", `${made.videos[0]?.id}.mp4`)).mtimeMs;
  const there: boolean[] = [];
  await writeWorldCompass(folder, made, { onVideo: (_, wasThere) => there.push(wasThere) });
  expect(there.filter(Boolean)).toHaveLength(3);
  expect(statSync(join(folder, "videos", `${made.videos[0]?.id}.mp4`)).mtimeMs).toBe(before);
});

test("a folder of another benchmark is left alone", async () => {
  await expect(writeWorldCompass(join(root, "a"), worldCompass({ seed: 2, videos: 8 }))).rejects.toThrow(
    /another folder/,
  );
  expect(read("a", "meta_info.json")).toEqual(made.meta);
});
