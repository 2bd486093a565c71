/**
 * Films that models are tested on: mp4 files of things and backgrounds that no film to learn from shows, decoded like every other video.
 */
import { Rng } from "../../src/core/math/index.ts";
import { sampleFrames } from "../../src/media/sampling/index.ts";
import { type Frame, openVideo } from "../../src/media/video/index.ts";
import { eventsScript, testVocabulary } from "../../src/world/index.ts";
import type { RecipeContext } from "../recipe.ts";
import { writeFilms } from "../transfer/videos.ts";
import { filmVocabulary } from "./films.ts";
import { type FrameChoice, type Strip, stripOf } from "./strip.ts";

export type TestFilm = Readonly<{ id: string; strip: Strip; duration: number; frames: readonly Frame[] }>;

export type TestFilmOptions = Readonly<{ seed: number; count: number; folder: string; shown: FrameChoice }>;

export async function testFilms(options: TestFilmOptions, context: RecipeContext): Promise<TestFilm[]> {
  const { seed, count, folder, shown } = options;
  const videos = Array.from({ length: count }, (_, i) => {
    return {
      id: `film-${i}`,
      script: eventsScript(new Rng(`test-films/${seed}/${i}`), filmVocabulary(testVocabulary)),
    };
  });
  const paths = await writeFilms(videos, folder, context);
  const films: TestFilm[] = [];
  for (const { id, script } of videos) {
    context.signal.throwIfAborted();
    const video = await openVideo(paths.get(id) as string);
    try {
      const frames = await sampleFrames(video, shown.sampler, shown.budget);
      films.push({ id, strip: stripOf(script, shown), duration: video.duration, frames });
    } finally {
      video.close();
    }
  }
  return films;
}
