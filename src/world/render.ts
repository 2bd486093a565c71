/**
 * Pixels of a script.
 *
 * A frame is a pure function of script, second and size. Lighting and tint vary from scene to scene and noise from frame to
 * frame, all from the script's seed, so that a model cannot key on constant pixels.
 */
import type { RgbaImage } from "../media/image/index.ts";
import { type ImageSize, paint } from "./paint.ts";
import { frameCountOf, type Script, sceneAt } from "./script.ts";
import { appearancesAt } from "./state.ts";

const usualSize: ImageSize = { width: 128, height: 128 };

/** The frame at a second in [0, duration), opaque RGBA, 128 x 128 unless told otherwise. */
export function renderFrame(script: Script, seconds: number, size: ImageSize = usualSize): RgbaImage {
  const { scene, index } = sceneAt(script, seconds);
  const picture = {
    background: scene.background,
    items: appearancesAt(script, seconds),
    light: `${script.seed}/light/${index}`,
    grain: `${script.seed}/grain/${Math.round(seconds * 1e4)}`,
  };
  return paint(picture, size);
}

/** Every frame of a script in order, at the script's fps. */
export function* renderScript(script: Script, size: ImageSize = usualSize): Generator<RgbaImage> {
  for (let frame = 0; frame < frameCountOf(script); frame++) yield renderFrame(script, frame / script.fps, size);
}
