/** A benchmark of TempCompass's layout, made of films of the world. */
export { type CompassAspect, type CompassVideo, type Conflict, compassAspects } from "./conflict.ts";
export { type CompassFormat, type CompassQuestion, compassFormats } from "./formats.ts";
export {
  type CompassMeta,
  usualCompassVideos,
  videosOfARound,
  type WorldCompass,
  type WorldCompassOptions,
  worldCompass,
} from "./world-compass.ts";
export { type WriteCompassOptions, writeWorldCompass } from "./write-world-compass.ts";
