/**
 * One question about one video: what is asked, what the options are, which is right.
 *
 * The question text is complete but for the pictures: whoever asks puts one image a line before it.
 */

/** Temporal tasks are T3's probing aspects (spec of arXiv 2410.06166, Fig. 3); static ones need no order of time. */
export const temporalTasks = [
  "order of two",
  "order of three",
  "referring begin",
  "referring middle",
  "referring end",
  "grounding",
  "brightness",
  "growth",
] as const;
export const staticTasks = ["colour", "shape", "background", "existence", "frame", "item"] as const;

export type TemporalTask = (typeof temporalTasks)[number];
export type StaticTask = (typeof staticTasks)[number];
export type TaskName = TemporalTask | StaticTask;

export type Sample = Readonly<{
  id: string;
  task: TaskName;
  kind: "temporal" | "static";
  /** Id of the video; intervals are clustered by it. */
  video: string;
  /** The text of the user's turn after the frames. */
  question: string;
  options: readonly string[];
  answerIndex: number;
}>;
