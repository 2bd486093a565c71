/**
 * A conflict: videos that are asked the very same questions and have different right answers, so that nothing but what
 * happens in time can tell which (TempCompass, arXiv 2403.00476, section 3).
 *
 * Claim k is true of video k and of no other, and options stand in one order for all videos. Whoever answers without looking
 * is therefore right on exactly one video in as many as there are options.
 */
import type { Film } from "../../world/index.ts";

export const compassAspects = ["action", "direction", "speed", "order", "attribute_change"] as const;
export type CompassAspect = (typeof compassAspects)[number];

export type CompassFineAspect =
  | "fine-grained action"
  | "coarse-grained action"
  | "object motion"
  | "camera motion"
  | "absolute speed"
  | "relative speed"
  | "order"
  | "color & light change"
  | "size & shape change"
  | "combined change"
  | "other change";

export type CompassVideo = Readonly<{ id: string; film: Film }>;

/** A multiple-choice question; option k is right of video k. */
export type Stem = Readonly<{ ask: string; options: readonly string[] }>;

export type Conflict = Readonly<{
  aspect: CompassAspect;
  fine: CompassFineAspect;
  /** Who or what the claims are about, for meta_info.json. */
  subject: string;
  videos: readonly CompassVideo[];
  /** What can be seen in each video, to stand behind "we see": "the red star move to the left". */
  claims: readonly string[];
  /** Three; the first one's options are also the pieces of information that captions are made from. */
  stems: readonly Stem[];
  /** The events of an order conflict, per video. */
  events?: readonly (readonly string[])[];
}>;

/** Three questions about what a subject does; `dos` are verbs in the base form, the specific stem asks for the property itself. */
export function stemsAbout(subject: string, dos: readonly string[], specific: Stem): Stem[] {
  return [
    { ask: `What do we see ${subject} do?`, options: dos },
    specific,
    { ask: `Which of the following does ${subject} do in the video?`, options: dos },
  ];
}

/** The conflict of a subject that does something else in each video. */
export function conflictAbout(
  subject: string,
  kind: Readonly<{ aspect: CompassAspect; fine: CompassFineAspect }>,
  entries: readonly (readonly [video: CompassVideo, does: string])[],
  specific: Stem,
): Conflict {
  const dos = entries.map(([, does]) => does);
  return {
    ...kind,
    subject,
    videos: entries.map(([video]) => video),
    claims: dos.map((does) => `${subject} ${does}`),
    stems: stemsAbout(subject, dos, specific),
  };
}

/** A raw video and its reverse, named as TempCompass names them. */
export function withReverse(video: CompassVideo): readonly [CompassVideo, CompassVideo] {
  return [video, { id: `${video.id}_reverse`, film: { cut: "reversed", film: video.film } }];
}
