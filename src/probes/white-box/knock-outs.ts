/**
 * Attention knock-out (Geva et al. 2023, arXiv:2304.14767) between frames, question, options and the last position, as Map the
 * Flow does it for videos: one kind of edge is cut in a window of layers, and the window slides.
 */
import type { Cut, Intervention } from "../../nn/models/index.ts";
import type { PositionGroup, PreparedQuestion } from "./prepare-question.ts";

/** Which edges are cut: what may no longer be seen, and by whom. */
export const knockOutIds = [
  "frames-to-frames",
  "frames-to-question",
  "frames-to-options",
  "frames-to-last",
  "question-to-options",
  "question-to-last",
  "options-to-question",
  "options-to-last",
  "right-option-to-last",
  "wrong-options-to-last",
  "last-to-last",
  "frames-to-text",
] as const;
export type KnockOutId = (typeof knockOutIds)[number];

const titles: Readonly<Record<KnockOutId, string>> = {
  "frames-to-frames": "each frame no longer sees earlier frames",
  "frames-to-question": "the question no longer sees the frames",
  "frames-to-options": "the options no longer see the frames",
  "frames-to-last": "the end no longer sees the frames",
  "question-to-options": "the options no longer see the question",
  "question-to-last": "the end no longer sees the question",
  "options-to-question": "the words behind the options no longer see them",
  "options-to-last": "the end no longer sees the options",
  "right-option-to-last": "the end no longer sees the right option",
  "wrong-options-to-last": "the end no longer sees the wrong options",
  "last-to-last": "the end no longer sees itself",
  "frames-to-text": "no text sees the frames",
};

export function knockOutTitle(id: KnockOutId): string {
  return titles[id];
}

/** Those that a question allows: some need options. */
export function knockOutsFor({ question: { options } }: PreparedQuestion, wanted: readonly KnockOutId[]): KnockOutId[] {
  return wanted.filter((id) => options.length > 0 || !id.includes("option"));
}

/** Is the edge from one group to another cut? */
function isCut(id: KnockOutId, right: number, from: PositionGroup, to: PositionGroup): boolean {
  const isEnd = to.kind === "ending" || to.kind === "last";
  switch (id) {
    case "frames-to-frames":
      return from.kind === "frame" && to.kind === "frame" && from !== to;
    case "frames-to-question":
      return from.kind === "frame" && to.kind === "question";
    case "frames-to-options":
      return from.kind === "frame" && to.kind === "option";
    case "frames-to-last":
      return from.kind === "frame" && isEnd;
    case "question-to-options":
      return from.kind === "question" && to.kind === "option";
    case "question-to-last":
      return from.kind === "question" && isEnd;
    case "options-to-question":
      return from.kind === "option" && to.kind === "question";
    case "options-to-last":
      return from.kind === "option" && isEnd;
    case "right-option-to-last":
      return from.option === right && isEnd;
    case "wrong-options-to-last":
      return from.kind === "option" && from.option !== right && isEnd;
    case "last-to-last":
      return isEnd && (from.kind === "ending" || from.kind === "last");
    case "frames-to-text":
      return from.kind === "frame" && to.kind !== "frame" && to.kind !== "template";
    default:
      return id satisfies never;
  }
}

/** The knock-out in the layers [first, end), as cuts between the groups of one context. */
export function interventionOf(
  id: KnockOutId,
  { groups, right }: Readonly<{ groups: readonly PositionGroup[]; right: number }>,
  layers: readonly [number, number],
): Intervention {
  const cuts = groups.flatMap((source, from) =>
    groups.flatMap((target, to): Cut[] => (isCut(id, right, source, target) ? [{ from, to, layers }] : [])),
  );
  return { cuts };
}

/** Layers [first, end) around each centre, cut off at both ends of the model. */
export function layerWindows(layers: number, { width, every }: Readonly<{ width: number; every: number }>) {
  const centres = Array.from({ length: Math.ceil(layers / every) }, (_, i) => i * every);
  return centres.map((centre) => {
    const first = centre - Math.floor(width / 2);
    return { centre, layers: [Math.max(0, first), Math.min(layers, first + width)] as const };
  });
}

/** The paper's 9 of 32 layers, as the nearest odd width of a model with so many. */
export function usualWidth(layers: number): number {
  return 2 * Math.round(((9 / 32) * layers - 1) / 2) + 1;
}
