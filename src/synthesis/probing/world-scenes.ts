/**
 * Probing videos of the synthetic world: black backgrounds for training, white ones for validation; brightness changes the
 * object too. Size, texture, place and motion of the items differ from video to video.
 */
import type { Rng } from "../../core/math/index.ts";
import { evenTimeline, timeAt } from "../../core/time/index.ts";
import type { RgbaImage } from "../../media/image/index.ts";
import { samplers } from "../../media/sampling/index.ts";
import {
  brightnessScript,
  captionAt,
  frameCountOf,
  growthScript,
  type Item,
  orderScript,
  renderScript,
  type Script,
  sampledFrames,
  textures,
  wholeVocabulary,
} from "../../world/index.ts";
import type { PlannedVideo } from "./plan.ts";
import type { ProbingScene, ProbingSource } from "./source.ts";
import { type ProbingItem, type ProbingVocabulary, worldThing } from "./vocabulary.ts";

/** Scenes of a world vocabulary, `size` pixels square. */
export function worldSource(vocabulary: ProbingVocabulary, size = 128): ProbingSource {
  return {
    vocabulary,
    describe: { source: "world", size },
    scene: async (video, rng) => worldScene(vocabulary, video, { rng, size }),
  };
}

function worldScene(
  { items, ramp }: ProbingVocabulary,
  { split, shown }: PlannedVideo,
  { rng, size }: Readonly<{ rng: Rng; size: number }>,
): ProbingScene {
  const background = split === "train" ? "black" : "white";
  const draw = (item: ProbingItem): Item => {
    const { shape, colours } = worldThing(item.name);
    return { shape, colour: rng.pick(colours), texture: rng.pick(textures) };
  };
  switch (shown.kind) {
    case "sequence": {
      const order = shown.order.map((index) => draw(items[index] as ProbingItem));
      return sceneOf(orderScript(rng, wholeVocabulary, { items: order, background }), { size });
    }
    case "change": {
      const item = draw(items[2] as ProbingItem);
      const script = growthScript(rng, wholeVocabulary, { direction: "grow", item, background });
      return sceneOf(script, { size, reversed: shown.reversed });
    }
    case "ramp": {
      const direction = shown.rises ? "brighten" : "darken";
      return sceneOf(brightnessScript(rng, wholeVocabulary, { direction, item: draw(ramp[split]), background }), {
        size,
      });
    }
    default:
      return shown satisfies never;
  }
}

function sceneOf(
  script: Script,
  { size, reversed = false }: Readonly<{ size: number; reversed?: boolean }>,
): ProbingScene {
  const count = frameCountOf(script);
  const line = evenTimeline(count, script.fps);
  const captions = samplers.linspace(line, sampledFrames).map((index) => {
    const caption = captionAt(script, timeAt(line, reversed ? count - 1 - index : index));
    return `This frame shows ${caption.charAt(0).toLowerCase()}${caption.slice(1)}`;
  });
  const frames = function* (): Generator<RgbaImage> {
    const shown = renderScript(script, { width: size, height: size });
    yield* reversed ? [...shown].reverse() : shown;
  };
  return { fps: script.fps, frames, captions };
}
