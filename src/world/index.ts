/** The synthetic world: seeded scripts of shapes -> frames, mp4 files, captions and exact moments. */
export { type CaptionStyle, captionAt, captionOf } from "./caption.ts";
export { clockOfFilm, type Film, renderFilm, renderFilmFrame, writeFilm } from "./film.ts";
export {
  brightnessScript,
  growthScript,
  orderScript,
  type ScriptOptions,
  sampledFrames,
  staticScript,
  unequalLengths,
} from "./generate.ts";
export { type EventsOptions, eventsScript } from "./generate-events.ts";
export type { ImageSize } from "./paint.ts";
export { backgroundRgb, colourRgb, coloursOn, contrasts } from "./palette.ts";
export { randomItems, randomScene } from "./random-scene.ts";
export { renderFrame, renderScript } from "./render.ts";
export {
  durationOf,
  eventsOf,
  frameCountOf,
  momentsOf,
  type Placement,
  type Scene,
  type Script,
  sceneAt,
} from "./script.ts";
export { type Act, type Actor, type Camera, type Heading, headings, type Shot, travelTrack } from "./shot.ts";
export { type Split, testVocabulary, trainVocabulary, vocabularies, wholeVocabulary } from "./splits.ts";
export { type Facts, factsAt, positionOf } from "./state.ts";
export * from "./vocabulary.ts";
export { truthOf, type WorldTruth, writeWorldVideo } from "./world-video.ts";
