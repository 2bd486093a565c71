/** Pictures with captions to draw numbers on: scenes of the world, or the user's own at 336x336. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Rng } from "../../src/core/math/index.ts";
import { readCaptions } from "../../src/data/index.ts";
import { decodeImage, type RgbaImage, resizeImage } from "../../src/media/image/index.ts";
import { captionAt, renderFrame, staticScript, wholeVocabulary } from "../../src/world/index.ts";

export type CaptionedPicture = Readonly<{ image: RgbaImage; caption: string }>;

/** The paper's size of pictures. */
export const pictureSize = { width: 336, height: 336 } as const;

/** Scenes with captions that differ from each other. */
export function worldPairs(seed: number, count: number): CaptionedPicture[] {
  const rng = new Rng(`overlay-study/${seed}`);
  const seen = new Set<string>();
  const pairs: CaptionedPicture[] = [];
  for (let tries = 0; pairs.length < count && tries < 50 * count; tries++) {
    const script = staticScript(rng, wholeVocabulary, { frames: 8 });
    const caption = captionAt(script, 0);
    if (seen.has(caption)) continue;
    seen.add(caption);
    pairs.push({ image: renderFrame(script, 0, pictureSize), caption });
  }
  if (pairs.length < count)
    throw new RangeError(`Expected ${count} different captions, the world has ${pairs.length}.`);
  return pairs;
}

/**
 * Random pictures out of a file of captions whose source is a picture file in `folder`; one caption a picture. Throws a
 * RangeError where there are too few.
 */
export async function filePairs(
  path: string,
  { folder, seed, count }: { folder: string; seed: number; count: number },
): Promise<CaptionedPicture[]> {
  const captions = await readCaptions(path);
  const bySource = new Map(captions.map(({ source, text }) => [source, text]));
  const fileOf = (source: string) =>
    [source, `${source}.jpg`, `${source.padStart(12, "0")}.jpg`].map((name) => join(folder, name)).find(existsSync);
  const found = [...bySource].flatMap(([source, caption]) => {
    const file = fileOf(source);
    return file === undefined ? [] : [{ file, caption }];
  });
  if (found.length < count) {
    throw new RangeError(
      `Expected ${count} pictures of ${path} in ${folder}, got ${found.length} of ${bySource.size}. Pass --pictures ${found.length} or another folder.`,
    );
  }
  const pairs: CaptionedPicture[] = [];
  for (const { file, caption } of new Rng(`overlay-study/${seed}`).sample(found, count)) {
    const { width, height } = pictureSize;
    pairs.push({ image: resizeImage(await decodeImage(file), width, height, { filter: "bicubic" }), caption });
  }
  return pairs;
}
