/** T3's probing suite: ten aspects of time, their questions, and the videos that ask about them. */
export {
  aspectsNamed,
  type PaperTask,
  type ProbingAspect,
  type ProbingClass,
  type ProbingSplit,
  type ProbingTask,
  paperTaskOf,
  paperTasks,
  probingAspects,
  probingTasks,
} from "./aspects.ts";
export { clipSource } from "./clip-scenes.ts";
export { type ProbingManifest, readProbingManifest } from "./manifest.ts";
export { type ClassCounts, type PlannedVideo, planProbing, type Shown, usualCounts } from "./plan.ts";
export {
  captionsOfPrompt,
  frameCaptionPrompt,
  type ProbingQuestion,
  probingQuestion,
  withQuestion,
} from "./question.ts";
export type { ProbingScene, ProbingSource } from "./source.ts";
export {
  folderOf,
  type ProbingItem,
  type ProbingVocabulary,
  t3Vocabulary,
  worldItems,
  worldVocabulary,
} from "./vocabulary.ts";
export { worldSource } from "./world-scenes.ts";
export { type WriteProbingOptions, type WrittenProbing, writeProbing } from "./write-probing.ts";
