/**
 * world-compass: a benchmark in TempCompass's layout whose videos are films of the world, so that every answer is known.
 *
 * Conflicts (conflict.ts) of every kind take turns until there are as many videos as asked for. Items and backgrounds are those
 * that temporal training text leaves out (world/splits.ts), unless another vocabulary is given.
 */
import { Rng } from "../../core/math/index.ts";
import { testVocabulary, type Vocabulary } from "../../world/index.ts";
import { coarseAction, fineAction } from "./actions.ts";
import {
  colourConflict,
  combinedConflict,
  lightConflict,
  shapeConflict,
  sizeConflict,
  textureConflict,
} from "./attributes.ts";
import type { Casting } from "./casting.ts";
import { type CompassAspect, type CompassVideo, type Conflict, compassAspects } from "./conflict.ts";
import { pan, rotation, translation, zoom } from "./directions.ts";
import { type CompassFormat, type CompassQuestion, compassFormats, questionsOf } from "./formats.ts";
import { orderOfThree, orderOfTwo } from "./orders.ts";
import { changeOfSpeed, playingSpeed, race } from "./speeds.ts";

/** What meta_info.json says of a video and aspect: the subject, what it does under the aspect's name, the fine aspect. */
export type CompassMeta = Readonly<{
  eval_dim: Readonly<Record<CompassAspect, Readonly<Record<string, string>> | null>>;
  content: readonly string[];
}>;

/** questions/{format}.json: video, aspect, questions. */
export type CompassFile = Readonly<Record<string, Readonly<Record<string, readonly CompassQuestion[]>>>>;

export type WorldCompass = Readonly<{
  videos: readonly CompassVideo[];
  conflicts: readonly Conflict[];
  meta: Readonly<Record<string, CompassMeta>>;
  questions: Readonly<Record<CompassFormat, CompassFile>>;
}>;

export type WorldCompassOptions = Readonly<{ seed: number | string; videos?: number; vocabulary?: Vocabulary }>;

/** Videos of one turn of every kind of conflict; fewer leave fine aspects out. */
export const videosOfARound = 60;
export const usualCompassVideos = 3 * videosOfARound;
/** The first raw video's number: as many digits as TempCompass's shortest. */
const firstId = 100_001;

/**
 * The benchmark of a seed, at most `videos` videos in whole conflicts (default 180). The first videos are the same for every
 * number of them. Throws a RangeError where not even one conflict fits.
 */
export function worldCompass(options: WorldCompassOptions): WorldCompass {
  const { seed, videos: limit = usualCompassVideos, vocabulary = testVocabulary } = options;
  let raw = firstId;
  const nextId = () => String(raw++);
  const conflicts: Conflict[] = [];
  const questions = Object.fromEntries(compassFormats.map((format) => [format, {}])) as Record<
    CompassFormat,
    Record<string, Record<string, readonly CompassQuestion[]>>
  >;
  const videos: CompassVideo[] = [];
  const meta: Record<string, CompassMeta> = {};
  for (let round = 0; videos.length < limit; round++) {
    const rng = new Rng(`world-compass/${seed}/${round}`);
    for (const [kind, block] of blocksOfARound({ rng: rng.fork("films"), vocabulary, nextId }).entries()) {
      if (videos.length + block.reduce((sum, conflict) => sum + conflict.videos.length, 0) > limit) {
        if (videos.length > 0) return { videos, conflicts, meta, questions };
        throw new RangeError(
          `Expected room for a conflict of 4 videos at least, got ${limit}. Ask for ${videosOfARound}.`,
        );
      }
      for (const conflict of block) {
        conflicts.push(conflict);
        const asked = questionsOf(conflict, rng.fork(`questions/${kind}/${conflict.fine}`), round);
        for (const [i, video] of conflict.videos.entries()) {
          videos.push(video);
          meta[video.id] = metaOf(conflict, i);
          for (const format of compassFormats) {
            questions[format][video.id] = { [conflict.aspect]: asked[i]?.[format] ?? [] };
          }
        }
      }
    }
  }
  return { videos, conflicts, meta, questions };
}

/** Conflicts that belong together, all aspects among the first. Casting happens here, in this order, for every number of videos. */
function blocksOfARound(casting: Casting): Conflict[][] {
  const coarse = coarseAction(casting);
  const fine = fineAction(casting, coarse.conflict);
  const event = coarse.events[0];
  if (!event) throw new Error("Expected an event among the coarse actions.");
  return [
    [coarse.conflict],
    [translation(casting)],
    [changeOfSpeed(casting)],
    [orderOfThree(casting)],
    [lightConflict(casting)],
    [fine.conflict, orderOfTwo(casting.rng.pick(fine.events), event)],
    [pan(casting)],
    playingSpeed(casting),
    [sizeConflict(casting)],
    [rotation(casting)],
    [race(casting)],
    [colourConflict(casting)],
    [zoom(casting)],
    [shapeConflict(casting)],
    [combinedConflict(casting)],
    [textureConflict(casting)],
  ];
}

function metaOf({ aspect, fine, subject, claims, stems, events }: Conflict, video: number): CompassMeta {
  const none = Object.fromEntries(compassAspects.map((name) => [name, null])) as Record<CompassAspect, null>;
  const what = stems[0]?.options[video] ?? (claims[video] as string);
  const entry = events
    ? { subject, ...Object.fromEntries((events[video] ?? []).map((event, i) => [`event${i + 1}`, event])) }
    : { subject, [aspect]: what, type: fine };
  return { eval_dim: { ...none, [aspect]: entry }, content: ["abstract"] };
}
