/**
 * Probing videos of a user's own clips: concatenations of segments of unequal length, clips played in reverse, ramps of gain.
 */
import type { Rng } from "../../core/math/index.ts";
import { evenTimeline } from "../../core/time/index.ts";
import type { RgbaImage } from "../../media/image/index.ts";
import { rgbaImage } from "../../media/image/index.ts";
import { samplers } from "../../media/sampling/index.ts";
import { sampledFrames, unequalLengths, withArticle } from "../../world/index.ts";
import type { ProbingSplit } from "./aspects.ts";
import { type Clip, captionOfClip, framesOfClip } from "./clip.ts";
import { type ClipFolders, readClipFolders } from "./clip-folders.ts";
import type { PlannedVideo } from "./plan.ts";
import type { ProbingScene, ProbingSource } from "./source.ts";
import type { ProbingItem } from "./vocabulary.ts";

const fps = 8;

/** A part of a video: one clip, its points of progress, one a frame, and a gain for each. */
type Segment = Readonly<{ clip: Clip; item: string; progress: readonly number[]; gains?: readonly number[] }>;

/** Scenes of the clips below a folder (clip-folders.ts). `size` is the side of the square videos in pixels. */
export async function clipSource(
  folder: string,
  options: Readonly<{ size?: number | undefined; items?: readonly string[] | undefined }> = {},
): Promise<ProbingSource> {
  const { size = 224 } = options;
  const folders = await readClipFolders(folder, options.items);
  return {
    vocabulary: folders.vocabulary,
    describe: { source: "clips", folder, size },
    scene: async (video, rng) => sceneOf(segmentsOf(folders, video, rng), video, size),
  };
}

function segmentsOf({ vocabulary, clips }: ClipFolders, { split, shown }: PlannedVideo, rng: Rng): Segment[] {
  const frames = rng.integer(3 * fps, 6 * fps);
  const pick = (item: ProbingItem, which: ProbingSplit) => ({
    item: item.name,
    clip: rng.pick(clips.get(item.name)?.[which] ?? []),
  });
  switch (shown.kind) {
    case "sequence": {
      const lengths = unequalLengths(rng, frames, shown.order.length);
      return shown.order.map((index, i): Segment => {
        const drawn = pick(vocabulary.items[index] as ProbingItem, split);
        return { ...drawn, progress: stretch(drawn.clip, lengths[i] as number, rng) };
      });
    }
    case "change": {
      const drawn = pick(vocabulary.items[2] as ProbingItem, split);
      if (drawn.clip.pictures?.length === 1) {
        throw new Error(
          `Expected clips that move for "${drawn.item}", got the picture ${drawn.clip.path}. Pass videos.`,
        );
      }
      const forward = Array.from({ length: frames }, (_, i) => i / Math.max(1, frames - 1));
      return [{ ...drawn, progress: shown.reversed ? forward.reverse() : forward }];
    }
    case "ramp": {
      const drawn = pick(vocabulary.ramp[split], split);
      const [dark, light] = [rng.uniform(0.15, 0.3), rng.uniform(0.9, 1.05)];
      const rising = Array.from({ length: frames }, (_, i) => dark + ((light - dark) * i) / (frames - 1));
      const progress = stretch(drawn.clip, frames, rng);
      return [{ ...drawn, progress, gains: shown.rises ? rising : rising.reverse() }];
    }
    default:
      return shown satisfies never;
  }
}

/** `count` frames at the clip's own speed from a random point on; the whole clip, slower, where it is too short. */
function stretch({ seconds, pictures }: Clip, count: number, rng: Rng): number[] {
  const share = seconds === null ? count / (pictures?.length ?? 1) : count / fps / seconds;
  const start = share < 1 ? rng.uniform(0, 1 - share) : 0;
  return Array.from({ length: count }, (_, i) => Math.min(1, start + (Math.min(1, share) * i) / count));
}

function sceneOf(segments: readonly Segment[], { shown }: PlannedVideo, size: number): ProbingScene {
  const shot = segments.flatMap(({ progress, gains, ...rest }) =>
    progress.map((point, i) => ({ ...rest, point, gain: gains?.[i] ?? 1 })),
  );
  const captions = samplers.linspace(evenTimeline(shot.length, fps), sampledFrames).map((index) => {
    const { clip, item, point, gain } = shot[index] as (typeof shot)[number];
    const light = shown.kind === "ramp" ? ` in ${gain < 0.45 ? "dim" : gain < 0.75 ? "normal" : "bright"} light` : "";
    const own = captionOfClip(clip, point);
    if (own !== null) return light === "" ? own : `${own.replace(/\.$/, "")}${light}.`;
    // Whether a flower opens is not to be known from its name.
    return shown.kind === "change" ? null : `This frame shows ${withArticle(item)}${light}.`;
  });
  const frames = async function* (): AsyncGenerator<RgbaImage> {
    for (const { clip, progress, gains } of segments) {
      let frame = 0;
      for await (const image of framesOfClip(clip, progress, size)) {
        const gain = gains?.[frame++];
        yield gain === undefined ? image : lit(image, gain);
      }
    }
  };
  const known = captions.filter((caption) => caption !== null);
  return { fps, frames, captions: known.length === captions.length ? known : null };
}

function lit({ width, height, data }: RgbaImage, gain: number): RgbaImage {
  const out = rgbaImage(width, height, data.slice());
  for (let i = 0; i < out.data.length; i++) if (i % 4 !== 3) out.data[i] = (data[i] as number) * gain;
  return out;
}
